import SpanStore
import Testing
import TraceModel

/// Compares every column of a unit, read in pieces and gathered, with the records of the same rows.
struct ColumnCheck {
    let unit: any ScanUnit

    func run() throws {
        let all = (0..<Int32(unit.rowCount)).map { $0 }
        let records = try unit.records(at: all)
        let some = all.filter { $0 % 3 == 1 }
        let columns: [(ScanColumn, (SpanRecord) -> AttributeValue?)] = [
            (.startTime, { .int(Int64($0.startTimeUnixNano)) }), (.duration, { .int($0.durationNano) }), (.name, { .string($0.name) }),
            (.spanKind, { .int(Int64($0.kind)) }), (.flags, { .int(Int64($0.flags)) }),
            (.statusCode, { .int(Int64($0.status?.code ?? 0)) }),
            (.traceState, { $0.traceState.isEmpty ? nil : .string($0.traceState) }), (.kind, { .string($0.llm.kind.name) }),
            (.requestModel, { $0.llm.requestModel.map { .string($0) } }), (.inputTokens, { $0.llm.inputTokens.map { .int($0) } }),
            (.cost, { $0.llm.cost.map { .double($0) } }), (.sessionID, { $0.llm.sessionID.map { .string($0) } }),
            (.input, { record in record.llm.inputKey.flatMap { key in record.first(key) } }),
        ]
        for (column, expected) in columns {
            try check(column, all, records.map(expected))
            try check(column, some, some.map { expected(records[Int($0)]) })
        }
        for key in ["http.route", "server.port", "gen_ai.input.messages", "custom.key", "gen_ai.request.temperature", "no.such.key", "x"] {
            try check(.attribute(key), all, records.map { $0.first(key) })
            try check(.attribute(key), some, some.map { records[Int($0)].first(key) })
            var texts: [Int32: String] = [:]
            try unit.forEachText(in: .attribute(key), rows: some) { texts[$0] = String(decoding: $1, as: UTF8.self) }
            for row in some {
                if case .string(let text)? = records[Int(row)].first(key) { #expect(texts[row] == text, "\(key) of row \(row)") }
            }
        }
        for record in records {
            #expect(try unit.mayContain(record.name, in: .name))
            #expect(try unit.mayContain(trace: record.traceID))
        }
        if let zone = unit.zone(of: .startTime) {
            #expect(zone.minimum == records.map { .int64(Int64($0.startTimeUnixNano)) }.min { low($0) < low($1) })
        }
    }

    private func low(_ value: ZoneValue) -> Int64 { if case .int64(let number) = value { number } else { .min } }

    private func check(_ column: ScanColumn, _ rows: [Int32], _ expected: [AttributeValue?]) throws {
        compare(try unit.gather(column, rows: rows).values, expected, "gathered \(column)")
        if rows.count == unit.rowCount, rows.count > 2 {
            let middle = rows.count / 2
            let pieces = try unit.read(column, rows: 0..<middle).values + unit.read(column, rows: middle..<rows.count).values
            compare(pieces, expected, "read \(column)")
            // The third time a sealed column comes from memory.
            for time in 1...3 { compare(try unit.read(column, rows: 0..<rows.count).values, expected, "read \(column), time \(time)") }
            if let known = unit.known(column) { compare(known.values, expected, "known \(column)") }
        }
    }

    /// By text, because a double that is no number differs from itself.
    private func compare(_ found: [AttributeValue?], _ expected: [AttributeValue?], _ what: String) {
        #expect(found.count == expected.count, "\(what)")
        guard let row = zip(found, expected).enumerated().first(where: { text($0.element.0) != text($0.element.1) }) else { return }
        Issue.record("\(what), row \(row.offset): \(text(row.element.0).prefix(200)) is not \(text(row.element.1).prefix(200))")
    }

    private func text(_ value: AttributeValue?) -> String { value.map { "\($0)" } ?? "nothing" }
}

extension SpanRecord {
    /// The value that counts where a key comes twice: the first. Stored values list duplicates last.
    func first(_ key: String) -> AttributeValue? { attributes.first { $0.key == key }?.value }
}

extension ColumnVector {
    var values: [AttributeValue?] {
        switch self {
        case .int64(let values, let validity): values.indices.map { validity.isValid($0) ? .int(values[$0]) : nil }
        case .double(let values, let validity): values.indices.map { validity.isValid($0) ? .double(values[$0]) : nil }
        case .boolean(let values, let validity): values.indices.map { validity.isValid($0) ? .bool(values[$0]) : nil }
        case .dictionary(let codes, let dictionary): codes.map { $0 == TextDictionary.null ? nil : .string(dictionary[$0]) }
        case .attributes(let values): values
        case .traceIDs(let ids): ids.map { .string($0.hex) }
        case .spanIDs(let ids): ids.map { .string($0.hex) }
        }
    }
}
