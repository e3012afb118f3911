import Foundation
import RegularExpressions
import SeededRandom
import SpanStore
import TraceModel

@testable import TraceQuery

extension QueryLimits {
    /// For tests that are not about time: the machine may be busy with others.
    static let patient = QueryLimits(timeMilliseconds: maximumTimeMilliseconds)
}

enum RandomSpans {
    static let words = ["alpha", "beta", "gamma", "Delta", "épsilon", "", "zeta tool", "alphabet"]
    static let models = ["gpt-5", "claude-opus", "gemini-3", "gpt-5-mini"]

    static func span(_ g: inout SeededGenerator) -> TestSpan {
        var span = TestSpan(
            trace: UInt64.random(in: 1...20, using: &g), span: UInt64.random(in: 1...1 << 60, using: &g),
            parent: g.chance(30) ? 0 : UInt64.random(in: 1...50, using: &g), name: g.pick(words),
            start: 1_770_000_000_000_000_000 + Int64.random(in: 0...20, using: &g) * 1_800_000_000_000,
            duration: Int64.random(in: -5...40, using: &g) * 25_000_000)
        span.record.kind = Int32.random(in: 0...6, using: &g)
        span.record.flags = g.chance(50) ? 1 : 0
        span.record.traceState = g.chance(20) ? "a=b" : ""
        if g.chance(70) { span.record.status = .init(code: Int32.random(in: 0...2, using: &g), message: g.chance(30) ? g.pick(words) : "") }
        span.scopeName = g.chance(60) ? g.pick(words) : nil
        if g.chance(80) { span.resource.append(KeyValue("service.name", .string(g.pick(["api", "worker", "copilot"])))) }
        span.record.llm.kind = g.pick(LLMKind.allCases)
        if g.chance(50) { span.record.llm.requestModel = g.pick(models) }
        if g.chance(30) { span.record.llm.responseModel = g.pick(models) }
        if g.chance(50) { span.record.llm.inputTokens = Int64.random(in: 0...500, using: &g) }
        if g.chance(40) { span.record.llm.outputTokens = Int64.random(in: 0...100, using: &g) }
        if g.chance(40) { span.record.llm.cost = Double(Int.random(in: 0...64, using: &g)) / 64 }
        if g.chance(30) { span.record.llm.sessionID = "session-\(Int.random(in: 1...5, using: &g))" }
        if g.chance(30) { span.record.llm.userID = "user-\(Int.random(in: 1...4, using: &g))" }
        if g.chance(30) { span.record.llm.tags = (0..<Int.random(in: 1...3, using: &g)).map { _ in g.pick(words) } }
        if g.chance(30) {
            span.record.attributes.append(KeyValue("gen_ai.response.id", .string("r-\(Int.random(in: 1...9, using: &g))")))
        } else if g.chance(20) {
            // Billed calls that repeat others are in a test of their own.
            span.record.llm.reportedCost = Double(Int.random(in: 0...64, using: &g)) / 64
        }
        if g.chance(50) { span.record.attributes.append(KeyValue("mixed", anyValue(&g))) }
        if g.chance(60) { span.record.attributes.append(KeyValue("http.route", .string(g.pick(["/a", "/b", "/c"])))) }
        if g.chance(60) { span.record.attributes.append(KeyValue("retries", .int(Int64.random(in: 0...3, using: &g)))) }
        if g.chance(40) { span.record.attributes.append(KeyValue("score", .double(Double(Int.random(in: -4...4, using: &g)) / 2))) }
        if g.chance(40) { span.record.attributes.append(KeyValue("cached", .bool(g.chance(50)))) }
        if g.chance(50) {
            span.record.attributes.append(KeyValue("prompt", .string((0..<8).map { _ in g.pick(words) }.joined(separator: " "))))
            span.record.llm.inputKey = "prompt"
        }
        return span
    }

    static func anyValue(_ g: inout SeededGenerator) -> AttributeValue {
        switch Int.random(in: 0...7, using: &g) {
        case 0: .string(g.pick(words))
        case 1: .int(Int64.random(in: -3...3, using: &g))
        case 2: .double(Double(Int.random(in: -6...6, using: &g)) / 2)
        case 3: .bool(g.chance(50))
        case 4: .bytes([1, 2, 3])
        case 5: .array([.string(g.pick(words)), .int(1)])
        case 6: .keyValueList([KeyValue("k", .string(g.pick(words)))])
        default: .empty
        }
    }

    static func snapshot(_ g: inout SeededGenerator, spanCount: Int) -> MemorySnapshot {
        var units: [MemoryUnit] = []
        var remaining = spanCount
        while remaining > 0 {
            let count = min(remaining, Int.random(in: 1...max(1, spanCount / 2), using: &g))
            var unit = MemoryUnit((0..<count).map { _ in span(&g) })
            unit.maskedRows = (0..<Int32(count)).filter { _ in g.chance(5) }
            unit.isSealed = g.chance(70)
            unit.segmentSequence = unit.isSealed ? UInt64(units.count / 2) : nil
            unit.hasZones = g.chance(80)
            unit.knowsColumns = g.chance(30)
            unit.number = g.next()
            units.append(unit)
            remaining -= count
        }
        return MemorySnapshot(units)
    }

    // MARK: Filters

    static func filter(_ g: inout SeededGenerator, depth: Int = 0) -> Filter {
        switch Int.random(in: 0...(depth < 3 ? 6 : 3), using: &g) {
        case 4: .and((0..<Int.random(in: 0...3, using: &g)).map { _ in filter(&g, depth: depth + 1) })
        case 5: .or((0..<Int.random(in: 0...3, using: &g)).map { _ in filter(&g, depth: depth + 1) })
        case 6: .not(filter(&g, depth: depth + 1))
        default: condition(&g)
        }
    }

    static func condition(_ g: inout SeededGenerator) -> Filter {
        let field = g.pick(
            SpanField.fixedNames.map(\.field) + [
                .attribute("mixed"), .attribute("mixed"), .attribute("http.route"), .attribute("retries"), .attribute("score"),
                .attribute("cached"), .attribute("prompt"), .attribute("none"), .resource("service.name"),
            ])
        let operations = ComparisonOperator.allCases.filter { $0.fits(field.type) && $0 != .not }
        func value() -> FilterLiteral { literal(field, &g) }
        switch g.pick(operations) {
        case .equal: return .condition(field, .equal(value()))
        case .notEqual: return .condition(field, .notEqual(value()))
        case .greater: return .condition(field, .greater(ordered(field, &g)))
        case .greaterOrEqual: return .condition(field, .greaterOrEqual(ordered(field, &g)))
        case .less: return .condition(field, .less(ordered(field, &g)))
        case .lessOrEqual: return .condition(field, .lessOrEqual(ordered(field, &g)))
        case .between: return .condition(field, .between(ordered(field, &g), ordered(field, &g)))
        case .among: return .condition(field, .among((0..<Int.random(in: 0...7, using: &g)).map { _ in value() }))
        case .notAmong, .notAmongAlias: return .condition(field, .notAmong((0..<Int.random(in: 0...7, using: &g)).map { _ in value() }))
        case .isNull, .isNullAlias, .isNotNullAlias: return .condition(field, .isNull(g.chance(50)))
        case .contains: return .condition(field, .contains(g.pick(["a", "lph", "a b", "zeta tool", "", "É"]), ignoringCase: false))
        case .containsIgnoringCase: return .condition(field, .contains(g.pick(["DELTA", "A", ""]), ignoringCase: true))
        case .startsWith: return .condition(field, .startsWith(g.pick(["al", "D", ""]), ignoringCase: false))
        case .startsWithIgnoringCase: return .condition(field, .startsWith(g.pick(["AL", "dE"]), ignoringCase: true))
        case .endsWith: return .condition(field, .endsWith(g.pick(["a", "ta", "bet"]), ignoringCase: false))
        case .endsWithIgnoringCase: return .condition(field, .endsWith(g.pick(["A", "TA"]), ignoringCase: true))
        case .matches, .not:
            guard let expression = try? RegularExpression(g.pick(["^al", "ta$", "[gz]", "a.*a"])) else { return .everything }
            return .condition(field, .matches(expression))
        }
    }

    private static func ordered(_ field: SpanField, _ g: inout SeededGenerator) -> FilterLiteral {
        while true {
            let value = literal(field, &g)
            if case .boolean = value { continue }
            return value
        }
    }

    static func literal(_ field: SpanField, _ g: inout SeededGenerator) -> FilterLiteral {
        switch field.type {
        case .traceID: return .traceID(TraceID(high: 7, low: UInt64.random(in: 1...25, using: &g)))
        case .spanID: return .spanID(SpanID(rawValue: UInt64.random(in: 0...60, using: &g)))
        case .time: return .integer(1_770_000_000_000_000_000 + Int64.random(in: -1...21, using: &g) * 1_800_000_000_000)
        case .integer:
            return .integer(field == .duration ? Int64.random(in: -6...41, using: &g) * 25_000_000 : Int64.random(in: -1...500, using: &g))
        case .decimal: return .double(Double(Int.random(in: -100...1000, using: &g)) / 64)
        case .spanKind, .status: return .integer(Int64.random(in: 0...6, using: &g))
        case .text, .payload, .texts:
            return .text(g.pick(words + models + ["session-1", "user-2", "api", "llm", "agent", "a=b"]))
        case .any:
            switch Int.random(in: 0...4, using: &g) {
            case 0: return .integer(Int64.random(in: -3...3, using: &g))
            case 1: return .double(Double(Int.random(in: -6...6, using: &g)) / 2)
            case 2: return .boolean(g.chance(50))
            default: return .text(g.pick(words + ["/a", "/b", "api"]))
            }
        }
    }
}
