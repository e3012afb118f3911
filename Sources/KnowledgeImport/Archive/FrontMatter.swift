/// A Markdown file's head: YAML between lines of three dashes, then the text.
///
///     ---
///     title: Refunds
///     tags: [billing]
///     key: refunds/policy
///     ---
///     # Refunds

import ByteCoding
import YAML

package struct FrontMatter {
    /// The members of the head; nil without one.
    package private(set) var members: JSONValue?
    /// What stands behind it, lines ending in `\n`.
    package private(set) var text: String
    /// Where the members stand in the file.
    private var document: YAMLDocument?

    /// Throws `ImportProblem` with the line in the file.
    package init(_ bytes: [UInt8], maximumByteCount: Int) throws(ImportProblem) {
        let checked: ArraySlice<UInt8>
        do { checked = try ImportedText.checked(bytes, maximumByteCount: maximumByteCount) } catch {
            throw ImportProblem(at: error.place, error.message)
        }
        guard !checked.contains(0) else { throw ImportProblem(at: ImportPlace(), "the text holds U+0000, which cannot be stored") }
        let lines = Self.unixLines(checked)
        guard lines.starts(with: "---\n".utf8), let end = Self.end(of: lines) else {
            text = String(decoding: lines, as: UTF8.self)
            return
        }
        let head = Array(lines[4..<end.head])
        text = String(decoding: lines[end.text...], as: UTF8.self)
        do {
            let document = try YAMLDocument(head, maximumByteCount: maximumByteCount)
            self.document = document
            if case .object = document.value {
                members = document.value
            } else if document.value != .null {
                throw ImportProblem(at: ImportPlace(line: 2), "the front matter is a mapping: title, tags, key")
            } else {
                members = .object([])
            }
        } catch let error as YAMLError {
            let place = ImportPlace(line: error.position.line + 1, column: error.position.column)
            throw ImportProblem(at: place, "the front matter is no YAML: \(error.message)")
        } catch let error as ImportProblem {
            throw error
        } catch {
            throw ImportProblem(at: ImportPlace(line: 2), "the front matter cannot be read")
        }
    }

    /// The line of a member in the file.
    package func line(of key: String) -> Int { (document?.position(of: [.key(key)]).line ?? 0) + 1 }

    /// The file of a head and a text.
    package static func file(_ members: [JSONMember], _ text: String) -> [UInt8] {
        // A text that begins with dashes needs a head, be it empty, in order not to be taken for one.
        if members.isEmpty, !text.hasPrefix("---\n") { return Array(text.utf8) }
        return Array(("---\n" + (members.isEmpty ? "" : YAMLText.write(.object(members))) + "---\n" + text).utf8)
    }

    private static func unixLines(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let carriageReturn = UInt8(ascii: "\r"), newline = UInt8(ascii: "\n")
        guard bytes.contains(carriageReturn) else { return Array(bytes) }
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count)
        for (index, byte) in zip(bytes.indices, bytes) {
            if byte != carriageReturn {
                lines.append(byte)
            } else if index + 1 == bytes.endIndex || bytes[index + 1] != newline {
                lines.append(newline)
            }
        }
        return lines
    }

    /// Where the head ends and the text begins: at the next line of three dashes.
    private static func end(of lines: [UInt8]) -> (head: Int, text: Int)? {
        var start = 4
        while start < lines.count {
            let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
            let line = lines[start..<end]
            if line.elementsEqual("---".utf8) || line.elementsEqual("...".utf8) { return (start, min(end + 1, lines.count)) }
            start = end + 1
        }
        return nil
    }
}
