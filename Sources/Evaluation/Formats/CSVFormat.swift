import ByteCoding
import ContentReading
import EvaluationModel

/// Test cases as CSV. The first record names the columns; an empty field is an absent value.
///
/// | column | holds |
/// |---|---|
/// | `key` | the case's key |
/// | `input` | a text: the variable `input` |
/// | `vars.NAME`, `vars_json.NAME` | a variable: a text, or any JSON |
/// | `messages` | the messages of the input, as JSON |
/// | `expected`, `expected_json` | a text, or any JSON |
/// | `tags` | texts between semicolons, or a JSON list |
/// | `split` | a text |
/// | `scorers` | a JSON list |
/// | `metadata.NAME`, `metadata_json.NAME` | a metadata entry |
/// | `source.trace_id`, `source.span_id` | the span it was made from |
/// | `source.entry_json` | or the entry of the knowledge base, as JSON |
package struct CSVImport {
    package private(set) var report = ImportReport()
    private var reader = CSVReader()
    private var keys = ImportedKeys()
    private var columns: [CSVColumn?]?
    /// The header cannot be used: nothing behind it can.
    private var isRefused = false

    package init() {}

    /// Reads a piece of the file; gives every good case to `take`.
    package mutating func append(_ chunk: [UInt8], _ take: (TestCaseContent) throws -> Void) rethrows {
        var reader = self.reader
        defer { self.reader = reader }
        try reader.append(chunk) { if let content = read($0) { try take(content) } }
    }

    package mutating func finish(_ take: (TestCaseContent) throws -> Void) rethrows {
        var reader = self.reader
        defer { self.reader = reader }
        try reader.finish { if let content = read($0) { try take(content) } }
    }

    private mutating func read(_ record: CSVReader.Record) -> TestCaseContent? {
        guard let columns else {
            readHeader(record)
            return nil
        }
        if isRefused {
            report.leaveOut()
            return nil
        }
        if let problem = record.problem {
            report.leaveOut()
            report.note(ImportProblem(line: record.line, column: problem.column, message: problem.message))
            return nil
        }
        do throws(InvalidContent) {
            guard record.fields.count == columns.count else {
                throw InvalidContent("the record has \(counted(record.fields.count, "field")), the header \(columns.count)")
            }
            let content = try TestCaseContent.withKeyOfItsOwn(json: CSVColumn.json(columns, record.fields))
            if let problem = keys.claim(content.key, line: record.line) { throw InvalidContent(path: "key", problem) }
            report.take()
            return content
        } catch {
            report.leaveOut(error) { _ in (record.line, 1) }
            return nil
        }
    }

    private mutating func readHeader(_ record: CSVReader.Record) {
        columns = []
        if let problem = record.problem {
            report.note(ImportProblem(line: record.line, column: problem.column, message: problem.message))
            isRefused = true
            return
        }
        var seen: Set<[UInt8]> = []
        columns = record.fields.map { name in
            guard let column = CSVColumn(name: name) else {
                report.note(
                    ImportProblem(line: record.line, path: name.cut(toByteCount: 64), message: "no column has this name; it is passed over")
                )
                return nil
            }
            if !seen.insert(column.nameBytes).inserted {
                report.note(ImportProblem(line: record.line, path: name.cut(toByteCount: 64), message: "this column stands here twice"))
                isRefused = true
            }
            return column
        }
        if columns?.contains(where: { $0?.isInput ?? false }) != true {
            report.note(ImportProblem(line: record.line, message: "the header names no input: input, messages, or vars.NAME"))
            isRefused = true
        }
    }
}

/// Test cases to CSV: first every case is noted, which gives the columns; then come header and records.
package struct CSVExport {
    private var columns: [CSVColumn] = [.key]
    private var seen: Set<[UInt8]> = [CSVColumn.key.nameBytes]

    package init() {}

    package mutating func note(_ content: TestCaseContent) {
        for (column, _) in CSVColumn.fields(of: content) where seen.insert(column.nameBytes).inserted { columns.append(column) }
    }

    /// With a byte-order mark, by which spreadsheets know UTF-8.
    package var header: [UInt8] { [0xef, 0xbb, 0xbf] + CSVWriter.line(columns.map(\.name)) }

    /// The record of a case that was noted before.
    package func record(_ content: TestCaseContent) -> [UInt8] {
        var values: [[UInt8]: String] = [:]
        for (column, text) in CSVColumn.fields(of: content) { values[column.nameBytes] = text }
        return CSVWriter.line(columns.map { values[$0.nameBytes] ?? "" })
    }
}
