import RegularExpressions
import SpanStore
import TraceModel

@testable import TraceQuery

/// The meaning of filters and fields, written as plainly as can be: three-valued logic over one span at a time.
enum Oracle {
    static func matches(_ filter: Filter, _ span: TestSpan) -> Bool { truth(filter, span) == true }

    /// Nil: does not apply.
    private static func truth(_ filter: Filter, _ span: TestSpan) -> Bool? {
        switch filter {
        case .not(let inner): return truth(inner, span).map { !$0 }
        case .and(let parts):
            let values = parts.map { truth($0, span) }
            return values.contains(false) ? false : values.contains(nil) ? nil : true
        case .or(let parts):
            let values = parts.map { truth($0, span) }
            return values.contains(true) ? true : values.contains(nil) ? nil : false
        case .condition(let field, let comparison): return truth(field, comparison, span)
        }
    }

    private static func truth(_ field: SpanField, _ comparison: Comparison, _ span: TestSpan) -> Bool? {
        let value = rawValue(of: field, span)
        func equals(_ literal: FilterLiteral) -> Bool? {
            if value == nil { return nil }
            if field.type == .payload { return text(field, span).map { .text($0) == literal } }
            if field == .tags { return span.record.llm.tags.contains { .text($0) == literal } }
            return equal(value, literal)
        }
        /// Whether the value lies behind (1), at (0) or before (-1) the literal.
        func order(_ literal: FilterLiteral) -> Int? {
            switch (value, literal) {
            case (.int(let a)?, .integer(let b)): a < b ? -1 : a > b ? 1 : 0
            case (.int(let a)?, .double(let b)): Double(a) < b ? -1 : Double(a) > b ? 1 : 0
            case (.double(let a)?, .integer(let b)): a < Double(b) ? -1 : a > Double(b) ? 1 : 0
            case (.double(let a)?, .double(let b)): a < b ? -1 : a > b ? 1 : 0
            case (.string(let a)?, .text(let b)):
                Array(a.utf8) == Array(b.utf8) ? 0 : Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8)) ? -1 : 1
            default: nil
            }
        }
        func texts(_ test: (String) -> Bool) -> Bool? {
            if field == .tags { return span.record.llm.tags.isEmpty ? nil : span.record.llm.tags.contains(where: test) }
            return text(field, span).map(test)
        }
        func lowered(_ text: String, _ ignoringCase: Bool) -> [UInt8] {
            text.utf8.map { ignoringCase && $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
        }
        switch comparison {
        case .equal(let literal): return equals(literal)
        case .notEqual(let literal): return equals(literal).map { !$0 }
        case .among(let literals):
            if literals.isEmpty { return false }
            return literals.map(equals).contains(true) ? true : equals(literals[0]).map { _ in false }
        case .notAmong(let literals):
            if literals.isEmpty { return true }
            return literals.map(equals).contains(true) ? false : equals(literals[0]).map { _ in true }
        case .less(let literal): return order(literal).map { $0 < 0 }
        case .lessOrEqual(let literal): return order(literal).map { $0 <= 0 }
        case .greater(let literal): return order(literal).map { $0 > 0 }
        case .greaterOrEqual(let literal): return order(literal).map { $0 >= 0 }
        case .between(let low, let high):
            guard let a = order(low), let b = order(high) else { return nil }
            return a >= 0 && b <= 0
        case .isNull(let isNull):
            let isAbsent = field.type == .payload ? text(field, span) == nil : value == nil
            return isAbsent == isNull
        case .contains(let needle, let folds):
            return texts { text in
                let a = lowered(text, folds), b = lowered(needle, folds)
                return b.isEmpty || (a.count >= b.count && (0...(a.count - b.count)).contains { Array(a[$0..<$0 + b.count]) == b })
            }
        case .startsWith(let needle, let folds): return texts { lowered($0, folds).starts(with: lowered(needle, folds)) }
        case .endsWith(let needle, let folds):
            return texts { lowered($0, folds).reversed().starts(with: lowered(needle, folds).reversed()) }
        case .matches(let expression):
            return texts { text in
                switch expression.pattern {
                case "^al": text.utf8.starts(with: "al".utf8)
                case "ta$": text.hasSuffix("ta")
                case "[gz]": text.contains("g") || text.contains("z")
                default:
                    if let first = text.firstIndex(of: "a"), let last = text.lastIndex(of: "a") { first < last } else { false }
                }
            }
        }
    }

    private static func equal(_ value: AttributeValue?, _ literal: FilterLiteral) -> Bool {
        switch (value, literal) {
        case (.string(let a)?, .text(let b)): Array(a.utf8) == Array(b.utf8)
        case (.string(let a)?, .traceID(let b)): a == b.hex
        case (.string(let a)?, .spanID(let b)): a == b.hex
        case (.int(let a)?, .integer(let b)): a == b
        case (.int(let a)?, .double(let b)): Double(a) == b
        case (.double(let a)?, .integer(let b)): a == Double(b)
        case (.double(let a)?, .double(let b)): a == b
        case (.bool(let a)?, .boolean(let b)): a == b
        default: false
        }
    }

    private static func text(_ field: SpanField, _ span: TestSpan) -> String? {
        if let column = field.column, field.type == .any || field.type == .payload { return span.text(of: column) }
        if case .string(let text)? = rawValue(of: field, span) { return text }
        return nil
    }

    /// Numbers as stored (statuses and kinds too), ids as hex text; nil for null.
    static func rawValue(of field: SpanField, _ span: TestSpan) -> AttributeValue? {
        switch field {
        case .traceID: return .string(span.record.traceID.hex)
        case .spanID: return .string(span.record.spanID.hex)
        case .parentSpanID: return span.record.parentSpanID.isZero ? nil : .string(span.record.parentSpanID.hex)
        case .endTime: return .int(Int64(bitPattern: span.record.endTimeUnixNano))
        case .durationMilliseconds: return .double(Double(span.record.durationNano) / 1e6)
        case .model: return span.record.llm.model.map(AttributeValue.string)
        case .totalTokens:
            let llm = span.record.llm
            return llm.inputTokens == nil && llm.outputTokens == nil ? nil : .int((llm.inputTokens ?? 0) + (llm.outputTokens ?? 0))
        case .inputUncachedTokens:
            let llm = span.record.llm
            return llm.inputTokens.map { .int(max(0, $0 - (llm.cacheReadTokens ?? 0) - (llm.cacheWriteTokens ?? 0))) }
        case .outputVisibleTokens:
            let llm = span.record.llm
            return llm.outputTokens.map { .int(max(0, $0 - (llm.reasoningTokens ?? 0))) }
        default:
            let value = field.column.flatMap { span.value(of: $0) }
            return value == .empty || value == .array([]) ? nil : value
        }
    }

    /// As an answer shows it.
    static func value(of field: SpanField, _ span: TestSpan) -> QueryValue {
        guard let value = rawValue(of: field, span) else { return .null }
        switch (field.type, value) {
        case (.time, .int(let time)): return .time(time)
        case (.status, .int(let code)): return .string(["unset", "ok", "error"][Int(code)])
        case (.spanKind, .int(let kind)):
            return .string(kind < 6 ? ["unspecified", "internal", "server", "client", "producer", "consumer"][Int(kind)] : String(kind))
        default: return QueryValue(value)
        }
    }
}
