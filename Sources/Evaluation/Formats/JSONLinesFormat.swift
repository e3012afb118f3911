import ByteCoding
import ContentReading
import EvaluationModel

/// Test cases as JSONL: one case a line, as the API has them. Read in chunks of any size, in the memory of one line.
package struct JSONLinesImport {
    package private(set) var report = ImportReport()
    private var keys = ImportedKeys()
    /// The line not yet at its end.
    private var pending: [UInt8] = []
    private var isTooLong = false
    private var line = 1

    package init() {}

    /// Reads a piece of the file; gives every good case to `take`.
    package mutating func append(_ chunk: [UInt8], _ take: (TestCaseContent) throws -> Void) rethrows {
        var start = 0
        while let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
            hold(chunk[start..<end])
            try finishLine(take)
            line += 1
            start = end + 1
        }
        hold(chunk[start...])
    }

    /// To be called at the end of the file: its last line may have no line feed.
    package mutating func finish(_ take: (TestCaseContent) throws -> Void) rethrows { try finishLine(take) }

    private mutating func hold(_ bytes: ArraySlice<UInt8>) {
        if isTooLong || pending.count + bytes.count > EvaluationLimits.maximumRecordByteCount {
            isTooLong = true
            pending = []
        } else {
            pending.append(contentsOf: bytes)
        }
    }

    private mutating func finishLine(_ take: (TestCaseContent) throws -> Void) rethrows {
        defer {
            pending.removeAll(keepingCapacity: pending.capacity < 1 << 20)
            isTooLong = false
        }
        if isTooLong {
            report.leaveOut()
            report.note(ImportProblem(line: line, message: "the line has more than \(EvaluationLimits.maximumRecordByteCount) bytes"))
            return
        }
        let bytes = line == 1 && pending.starts(with: [0xef, 0xbb, 0xbf]) ? Array(pending.dropFirst(3)) : pending
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return }
        if let content = read(bytes) { try take(content) }
    }

    private mutating func read(_ bytes: [UInt8]) -> TestCaseContent? {
        do throws(JSONError) {
            let value = try JSONValue.parse(bytes)
            do throws(InvalidContent) {
                let content = try TestCaseContent.withKeyOfItsOwn(json: value)
                if let problem = keys.claim(content.key, line: line) { throw InvalidContent(path: "key", problem) }
                report.take()
                return content
            } catch {
                report.leaveOut(error) { _ in (line, 1) }
            }
        } catch {
            report.leaveOut()
            report.note(ImportProblem(line: line, column: error.byteOffset + 1, message: "this is not JSON: \(error.message)"))
        }
        return nil
    }
}

package enum JSONLinesExport {
    /// One line with its line feed.
    package static func line(_ content: TestCaseContent) -> [UInt8] { content.json.bytes + [UInt8(ascii: "\n")] }
}
