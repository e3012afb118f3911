/// Files of test cases on their way in and out: read without the cases' values being held at once, written a page at a time.

import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel
import HTTPServer
import Hummingbird
import Metastore
import NIOCore

enum CaseFileFormat: String, Sendable, CaseIterable {
    case jsonl, csv, promptfoo

    var mediaType: String {
        switch self {
        case .jsonl: "application/jsonl"
        case .csv: "text/csv; charset=utf-8"
        case .promptfoo: "application/yaml"
        }
    }

    var fileNameExtension: String { self == .promptfoo ? "yaml" : rawValue }
}

/// What a file has of cases, each ready for its row, and what is wrong with the rest.
struct ImportedFile: Sendable {
    private(set) var cases: [FrozenTestCase] = []
    private(set) var report = ImportReport()

    /// Bytes read before others have their turn: reading is work of some milliseconds.
    private static let pieceByteCount = 256 << 10

    /// Throws a 413 for YAML that is longer than what may be held as values.
    init(_ request: APIRequest, _ format: CaseFileFormat) async throws {
        let bytes = request.file
        switch format {
        case .jsonl:
            var reader = JSONLinesImport()
            for start in stride(from: 0, to: bytes.count, by: Self.pieceByteCount) {
                reader.append(Array(bytes[start..<min(start + Self.pieceByteCount, bytes.count)])) { cases.append(FrozenTestCase($0)) }
                await Task.yield()
            }
            reader.finish { cases.append(FrozenTestCase($0)) }
            report = reader.report
        case .csv:
            var reader = CSVImport()
            for start in stride(from: 0, to: bytes.count, by: Self.pieceByteCount) {
                reader.append(Array(bytes[start..<min(start + Self.pieceByteCount, bytes.count)])) { cases.append(FrozenTestCase($0)) }
                await Task.yield()
            }
            reader.finish { cases.append(FrozenTestCase($0)) }
            report = reader.report
        case .promptfoo:
            guard bytes.count <= APILimits.maximumYAMLByteCount else {
                throw RequestBodyError.tooLarge(maximumByteCount: APILimits.maximumYAMLByteCount)
            }
            try request.reserve(bytes.count * APILimits.valueBytesPerBodyByte)
            let read = PromptfooFormat.read(bytes)
            cases = (read.cases ?? []).map(FrozenTestCase.init)
            report = read.report
        }
    }
}

/// The cases of one version of a suite, which never changes: they can be gone through as often as a format needs.
struct SuiteExport: Sendable {
    let suites: SuiteRepository
    let suite: SuiteID
    let version: Int

    /// A case a line, as they come from the database.
    var jsonLines: ResponseBody {
        ResponseBody { writer in
            for try await page in pages {
                var bytes = ByteBuffer()
                for stored in page {
                    bytes.writeBytes(stored.content)
                    bytes.writeInteger(UInt8(ascii: "\n"))
                }
                try await writer.write(bytes)
            }
            try await writer.finish(nil)
        }
    }

    /// Gone through twice: the columns are those that some case has.
    var csv: ResponseBody {
        ResponseBody { writer in
            var export = CSVExport()
            for try await page in pages { for stored in page { export.note(try Self.content(stored)) } }
            try await writer.write(ByteBuffer(bytes: export.header))
            for try await page in pages {
                var bytes = ByteBuffer()
                for stored in page { bytes.writeBytes(export.record(try Self.content(stored))) }
                try await writer.write(bytes)
            }
            try await writer.finish(nil)
        }
    }

    /// One document, made whole; at its head stands what promptfoo has no counterpart of.
    ///
    /// Throws a 422 for more cases than are made into one.
    func promptfoo() async throws -> String {
        var cases: [TestCaseContent] = [], byteCount = 0
        for try await page in pages {
            for stored in page {
                cases.append(try Self.content(stored))
                byteCount += stored.content.count
            }
            guard byteCount <= APILimits.maximumYAMLByteCount else {
                throw Problem.unprocessable(
                    "format", "must be jsonl or csv for a suite with cases of more than \(APILimits.maximumYAMLByteCount) bytes")
            }
        }
        let (yaml, omissions) = PromptfooFormat.write(cases)
        return omissions.map { Self.comment("\($0.path): \($0.message)") }.joined() + yaml
    }

    /// A line of YAML that says nothing to who reads the document: whatever ends a line in YAML 1.1 or 1.2 is a space in it.
    static func comment(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> UnicodeScalar in
            scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}" ? " " : scalar
        }
        return "# " + String(String.UnicodeScalarView(scalars)) + "\n"
    }

    /// Pages of about `APILimits.exportPageByteCount`, by the mean length of the cases so far.
    private var pages: AsyncThrowingStream<[StoredTestCase], any Error> {
        let state = PageState()
        return AsyncThrowingStream { try await state.next(suites, suite, version) }
    }

    private actor PageState {
        private var last: String?
        private var isDone = false
        private var count = 0, byteCount = 0

        func next(_ suites: SuiteRepository, _ suite: SuiteID, _ version: Int) async throws -> [StoredTestCase]? {
            guard !isDone else { return nil }
            let mean = count == 0 ? TestCaseLimits.maximumContentByteCount : max(1, byteCount / count)
            let limit = min(max(APILimits.exportPageByteCount / mean, 1), MetastoreLimits.maximumPageItemCount)
            let page = try await suites.cases(of: suite, version: version, after: last, limit: limit)
            count += page.count
            byteCount += page.reduce(0) { $0 + $1.content.count }
            last = page.last?.key
            isDone = page.count < limit
            return page.isEmpty ? nil : page
        }
    }

    private static func content(_ stored: StoredTestCase) throws -> TestCaseContent {
        try TestCaseContent(json: try JSONValue.parse(stored.content))
    }
}
