/// Pattern -> syntax tree, by recursive descent bounded in depth.
struct RegularExpressionParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var isCaseInsensitive = false

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parse() throws(RegularExpressionError) -> RegularExpressionNode {
        if scalars.starts(with: "(?i)".unicodeScalars) {
            isCaseInsensitive = true
            position = 4
        }
        let node = try alternatives(depth: 0)
        if position < scalars.count { throw error("unmatched )") }
        return node
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func error(_ message: String) -> RegularExpressionError { RegularExpressionError(message, offset: position) }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func alternatives(depth: Int) throws(RegularExpressionError) -> RegularExpressionNode {
        guard depth <= RegularExpressionLimits.maximumDepth else { throw error("groups nest too deep") }
        var branches = [try sequence(depth: depth)]
        while take("|") { branches.append(try sequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence(depth: Int) throws(RegularExpressionError) -> RegularExpressionNode {
        var parts: [RegularExpressionNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try repeats(of: try atom(depth: depth)))
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func repeats(of atom: RegularExpressionNode) throws(RegularExpressionError) -> RegularExpressionNode {
        var minimum: Int, maximum: Int?
        switch next {
        case "*": (minimum, maximum) = (0, nil)
        case "+": (minimum, maximum) = (1, nil)
        case "?": (minimum, maximum) = (0, 1)
        case "{":
            let start = position
            guard let counts = try counts() else {
                position = start
                return atom
            }
            (minimum, maximum) = counts
            position -= 1
        default: return atom
        }
        position += 1
        // A lazy quantifier prefers shorter matches; whether there is one stays the same.
        if !take("?"), next == "+" { throw error("possessive quantifiers are not supported") }
        if next == "*" || next == "+" || next == "?" { throw error("nothing to repeat") }
        return .repeated(atom, minimum: minimum, maximum: maximum)
    }

    /// `{m}`, `{m,}` or `{m,n}`; nil where the brace is a literal.
    private mutating func counts() throws(RegularExpressionError) -> (Int, Int?)? {
        position += 1
        guard let minimum = number() else { return nil }
        var maximum: Int? = minimum
        if take(",") { maximum = next == "}" ? nil : number() }
        guard take("}") else { return nil }
        let limit = RegularExpressionLimits.maximumRepeat
        guard minimum <= limit, maximum ?? 0 <= limit else { throw error("repeats at most \(limit) times") }
        if let maximum, maximum < minimum { throw error("the counts of {m,n} are in the wrong order") }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next?.value, digit >= 48, digit <= 57 {
            value = min((value ?? 0) * 10 + Int(digit - 48), 1_000_000)
            position += 1
        }
        return value
    }

    private mutating func atom(depth: Int) throws(RegularExpressionError) -> RegularExpressionNode {
        guard let scalar = next else { return .empty }
        position += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .scalars([0...9, 11...0x10FFFF])
        case "(":
            if take("?") {
                guard take(":") else { throw error("only (?:...) groups, and (?i) at the front, are supported") }
            }
            let inner = try alternatives(depth: depth + 1)
            guard take(")") else { throw error("a group is not closed") }
            return inner
        case "[": return .scalars(try characterClass())
        case "*", "+", "?":
            position -= 1
            throw error("nothing to repeat")
        case "\\": return .scalars(folded(try escape()))
        default: return .scalars(folded([scalar.value...scalar.value]))
        }
    }

    private mutating func characterClass() throws(RegularExpressionError) -> [ClosedRange<UInt32>] {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while true {
            guard let scalar = next else { throw error("a class is not closed") }
            position += 1
            if scalar == "]", !isFirst { break }
            isFirst = false
            let low = scalar == "\\" ? try escape() : [scalar.value...scalar.value]
            if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                position += 1
                guard let highScalar = next else { throw error("a class is not closed") }
                position += 1
                let high = highScalar == "\\" ? try escape() : [highScalar.value...highScalar.value]
                guard let first = low.first, let last = high.first, low.count == 1, high.count == 1, first.count == 1, last.count == 1
                else { throw error("a range of a class needs single characters") }
                guard first.lowerBound <= last.upperBound else { throw error("a range of a class is in the wrong order") }
                ranges.append(first.lowerBound...last.upperBound)
            } else {
                ranges.append(contentsOf: low)
            }
        }
        let merged = folded(ranges)
        return isNegated ? Self.complement(merged) : merged
    }

    private mutating func escape() throws(RegularExpressionError) -> [ClosedRange<UInt32>] {
        guard let scalar = next else { throw error("a pattern cannot end in \\") }
        position += 1
        let digits: [ClosedRange<UInt32>] = [48...57]
        let words: [ClosedRange<UInt32>] = [48...57, 65...90, 95...95, 97...122]
        let spaces: [ClosedRange<UInt32>] = [9...13, 32...32]
        switch scalar {
        case "d": return digits
        case "D": return Self.complement(digits)
        case "w": return words
        case "W": return Self.complement(words)
        case "s": return spaces
        case "S": return Self.complement(spaces)
        case "n": return [10...10]
        case "t": return [9...9]
        case "r": return [13...13]
        case "x": return try hexadecimal(digitCount: 2)
        case "u":
            guard take("{") else { return try hexadecimal(digitCount: 4) }
            let value = try hexadecimal(digitCount: nil)
            guard take("}") else { throw error("\\u{...} is not closed") }
            return value
        default:
            guard scalar.isASCII, !scalar.properties.isAlphabetic, scalar.properties.numericType == nil else {
                position -= 1
                throw error("\\\(scalar) is not supported")
            }
            return [scalar.value...scalar.value]
        }
    }

    private mutating func hexadecimal(digitCount: Int?) throws(RegularExpressionError) -> [ClosedRange<UInt32>] {
        var value: UInt32 = 0
        var count = 0
        while count < digitCount ?? 6, let scalar = next, let digit = Character(scalar).hexDigitValue {
            value = value * 16 + UInt32(digit)
            count += 1
            position += 1
        }
        guard count > 0, digitCount == nil || count == digitCount, Unicode.Scalar(value) != nil else {
            throw error("no hexadecimal number of a character")
        }
        return [value...value]
    }

    /// Both cases of ASCII letters where asked for; sorted and merged.
    private func folded(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var all = ranges
        if isCaseInsensitive {
            for range in ranges {
                if let upper = Self.overlap(range, 65...90) { all.append(upper.lowerBound + 32...upper.upperBound + 32) }
                if let lower = Self.overlap(range, 97...122) { all.append(lower.lowerBound - 32...lower.upperBound - 32) }
            }
        }
        return Self.merged(all)
    }

    private static func overlap(_ a: ClosedRange<UInt32>, _ b: ClosedRange<UInt32>) -> ClosedRange<UInt32>? {
        a.overlaps(b) ? a.clamped(to: b) : nil
    }

    static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound + 1 {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var low: UInt32 = 0
        for range in merged(ranges) {
            if range.lowerBound > low { result.append(low...range.lowerBound - 1) }
            low = range.upperBound + 1
        }
        if low <= 0x10FFFF { result.append(low...0x10FFFF) }
        return result
    }
}
