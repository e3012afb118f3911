/// The compiled form: a nondeterministic automaton over bytes, built the way of Thompson. Scalars become sequences of byte
/// ranges, so matching never decodes UTF-8.
struct RegularExpressionProgram: Sendable {
    enum Instruction: Sendable {
        /// Consumes a byte of the range and goes on at the target.
        case bytes(UInt8, UInt8, next: Int32)
        case split(Int32, Int32)
        /// Goes on only at the start of the text.
        case start(next: Int32)
        /// Goes on only at its end.
        case end(next: Int32)
        case match
    }

    var instructions: [Instruction]
    var entry: Int32
}

/// Syntax tree -> program, from the back: each piece is compiled knowing where to go on.
struct RegularExpressionCompiler {
    private var instructions: [RegularExpressionProgram.Instruction] = []

    mutating func compile(_ node: RegularExpressionNode) throws(RegularExpressionError) -> RegularExpressionProgram {
        let match = try emit(.match)
        let entry = try compile(node, then: match)
        return RegularExpressionProgram(instructions: instructions, entry: entry)
    }

    private mutating func emit(_ instruction: RegularExpressionProgram.Instruction) throws(RegularExpressionError) -> Int32 {
        guard instructions.count < RegularExpressionLimits.maximumSize else {
            throw RegularExpressionError("the regular expression is too large when its repeats are written out", offset: 0)
        }
        instructions.append(instruction)
        return Int32(instructions.count - 1)
    }

    private mutating func compile(_ node: RegularExpressionNode, then next: Int32) throws(RegularExpressionError) -> Int32 {
        switch node {
        case .empty: return next
        case .start: return try emit(.start(next: next))
        case .end: return try emit(.end(next: next))
        case .scalars(let ranges): return try compile(ranges, then: next)
        case .sequence(let parts):
            var entry = next
            for part in parts.reversed() { entry = try compile(part, then: entry) }
            return entry
        case .alternatives(let branches):
            var entry: Int32?
            for branch in branches.reversed() {
                let start = try compile(branch, then: next)
                entry = if let other = entry { try emit(.split(start, other)) } else { start }
            }
            return entry ?? next
        case .repeated(let part, let minimum, let maximum):
            var entry = next
            if let maximum {
                for _ in minimum..<maximum { entry = try emit(.split(try compile(part, then: entry), next)) }
            } else {
                let loop = try emit(.split(next, next))
                let body = try compile(part, then: loop)
                instructions[Int(loop)] = .split(body, next)
                entry = loop
            }
            for _ in 0..<minimum {
                let start = try compile(part, then: entry)
                // Nothing repeated is nothing; without this, nested empty groups would cost time without making a program.
                if start == entry { break }
                entry = start
            }
            return entry
        }
    }

    private mutating func compile(_ ranges: [ClosedRange<UInt32>], then next: Int32) throws(RegularExpressionError) -> Int32 {
        var entry: Int32?
        for range in ranges {
            for sequence in UTF8Sequences.covering(range) {
                var start = next
                for bytes in sequence.reversed() { start = try emit(.bytes(bytes.lowerBound, bytes.upperBound, next: start)) }
                entry = if let other = entry { try emit(.split(start, other)) } else { start }
            }
        }
        // A class without members: a byte no UTF-8 text has.
        return if let entry { entry } else { try emit(.bytes(0xff, 0xff, next: next)) }
    }
}

/// Ranges of Unicode scalars as sequences of byte ranges of their UTF-8 (Russ Cox, "Regular Expression Matching in the
/// Wild": split until every byte of the encoding has a range of its own).
enum UTF8Sequences {
    static func covering(_ range: ClosedRange<UInt32>) -> [[ClosedRange<UInt8>]] {
        var result: [[ClosedRange<UInt8>]] = []
        split(range.lowerBound, min(range.upperBound, 0x10FFFF), into: &result)
        return result
    }

    private static func split(_ low: UInt32, _ high: UInt32, into result: inout [[ClosedRange<UInt8>]]) {
        guard low <= high else { return }
        // Surrogates have no UTF-8.
        if low <= 0xDFFF, high >= 0xD800 {
            if low < 0xD800 { split(low, 0xD7FF, into: &result) }
            split(max(low, 0xE000), high, into: &result)
            return
        }
        for last in [0x7F, 0x7FF, 0xFFFF] as [UInt32] where low <= last && last < high {
            split(low, last, into: &result)
            split(last + 1, high, into: &result)
            return
        }
        if high > 0x7F {
            for shift in [6, 12, 18] as [UInt32] {
                let mask = (UInt32(1) << shift) - 1
                guard low & ~mask != high & ~mask else { break }
                if low & mask != 0 {
                    split(low, low | mask, into: &result)
                    split((low | mask) + 1, high, into: &result)
                    return
                }
                if high & mask != mask {
                    split(low, (high & ~mask) - 1, into: &result)
                    split(high & ~mask, high, into: &result)
                    return
                }
            }
        }
        result.append(zip(encode(low), encode(high)).map { $0...$1 })
    }

    private static func encode(_ scalar: UInt32) -> [UInt8] {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
        if scalar <= 0x7F { return [UInt8(scalar)] }
        if scalar <= 0x7FF { return [UInt8(0xC0 | scalar >> 6), tail(0)] }
        if scalar <= 0xFFFF { return [UInt8(0xE0 | scalar >> 12), tail(6), tail(0)] }
        return [UInt8(0xF0 | scalar >> 18), tail(12), tail(6), tail(0)]
    }
}
