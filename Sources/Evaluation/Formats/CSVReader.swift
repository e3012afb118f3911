/// Records of a CSV file (RFC 4180): comma, quotes doubled inside quotes, line ends LF or CRLF, line ends inside quotes kept, a UTF-8
/// byte-order mark left out. Reads chunks of any size; holds one record.
struct CSVReader {
    struct Record {
        /// Where it begins.
        var line: Int
        var fields: [String]
        /// What is wrong with it; its fields are then of no use.
        var problem: (column: Int, message: String)?
    }

    private enum State { case fieldStart, plain, quoted, quoteInQuoted }

    private var state = State.fieldStart
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var problem: (column: Int, message: String)?
    private var byteCount = 0
    private var line = 1
    private var column = 1
    private var recordLine = 1
    private var isAtRecordStart = true
    /// How many bytes of the byte-order mark were met; 3 as soon as it cannot be one.
    private var markCount = 0

    mutating func append(_ chunk: [UInt8], _ body: (Record) throws -> Void) rethrows {
        for byte in chunk {
            if markCount < 3 {
                let mark: [UInt8] = [0xef, 0xbb, 0xbf]
                if byte == mark[markCount] {
                    markCount += 1
                    continue
                }
                markCount = 3
            }
            if take(byte) { try body(record()) }
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
    }

    mutating func finish(_ body: (Record) throws -> Void) rethrows {
        if state == .quoted { fault("the quotes opened in this record are not closed") }
        guard state != .fieldStart || !fields.isEmpty || problem != nil else { return }
        endField()
        try body(record())
    }

    /// True when the record ends with this byte.
    private mutating func take(_ byte: UInt8) -> Bool {
        if isAtRecordStart {
            recordLine = line
            isAtRecordStart = false
        }
        byteCount += 1
        if byteCount > EvaluationLimits.maximumRecordByteCount {
            fault("the record has more than \(EvaluationLimits.maximumRecordByteCount) bytes")
            field = []
        }
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoted, _): keep(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            keep(byte)
            state = .quoted
        case (_, UInt8(ascii: ",")): endField()
        case (_, UInt8(ascii: "\n")):
            if state == .plain, field.last == 0x0d { field.removeLast() }
            // A line with nothing in it is no record.
            if fields.isEmpty, field.isEmpty, state != .quoteInQuoted, problem == nil {
                _ = record()
                return false
            }
            endField()
            return true
        case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
        case (.quoteInQuoted, 0x0d): break
        case (.quoteInQuoted, _): fault("text stands behind closing quotes")
        case (.plain, UInt8(ascii: "\"")): fault("quotes stand inside a field that does not begin with them")
        default:
            keep(byte)
            state = .plain
        }
        return false
    }

    private mutating func keep(_ byte: UInt8) { if problem == nil { field.append(byte) } }

    private mutating func fault(_ message: String) { if problem == nil { problem = (column, message) } }

    private mutating func endField() {
        if fields.count >= EvaluationLimits.maximumColumnCount {
            fault("the record has more than \(EvaluationLimits.maximumColumnCount) fields")
        } else if problem == nil {
            if let text = String(validating: field, as: UTF8.self) { fields.append(text) } else { fault("the field is not UTF-8") }
        }
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
    }

    /// What was read of the record, and a fresh start.
    private mutating func record() -> Record {
        defer {
            fields = []
            problem = nil
            byteCount = 0
            state = .fieldStart
            isAtRecordStart = true
        }
        return Record(line: recordLine, fields: fields, problem: problem)
    }
}

/// Writing CSV as `CSVReader` reads it.
enum CSVWriter {
    static func line(_ fields: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            let special = [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
            let isPlain = !field.utf8.contains { special.contains($0) }
            if isPlain, !(fields.count == 1 && field.isEmpty) {
                line.append(contentsOf: field.utf8)
            } else {
                line.append(UInt8(ascii: "\""))
                for byte in field.utf8 {
                    if byte == UInt8(ascii: "\"") { line.append(byte) }
                    line.append(byte)
                }
                line.append(UInt8(ascii: "\""))
            }
        }
        return line + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }
}
