/// Matches texts against a program in linear time: sets of automaton states are turned into states of a deterministic
/// automaton as texts need them, so that a byte usually costs one table look-up. When too many have been made they are
/// forgotten, which bounds memory and keeps a byte's cost at most the size of the program.
///
/// One per thread: matching fills its tables.
package struct RegularExpressionMatcher {
    private let program: RegularExpressionProgram
    /// 256 targets per state: `unknown`, or a state.
    private var transitions: [Int32] = []
    private var sets: [[Int32]] = []
    private var isAccepting: [Bool] = []
    /// Accepting if the text ends here.
    private var isAcceptingAtEnd: [Bool] = []
    private var statesBySet: [[Int32]: Int32] = [:]
    private var startState: Int32 = 0
    private var marks: [UInt32]
    private var mark: UInt32 = 0
    private var stack: [Int32] = []

    /// Asked whenever the states are forgotten, that is at most once in a thousand slow bytes: a pattern made to need a new
    /// state for every byte must not outlive its query inside one long text.
    private let mayGoOn: (@Sendable () -> Bool)?
    private var isExhausted = false

    /// Whether a match may begin at the first byte only, as `longestMatch` needs it.
    private let isAnchored: Bool
    /// Where an anchored match begins behind the start of the text.
    private var innerStartState: Int32 = 0

    private static let unknown: Int32 = -1

    package init(_ expression: RegularExpression, mayGoOn: (@Sendable () -> Bool)? = nil) {
        self.init(expression, isAnchored: false, mayGoOn: mayGoOn)
    }

    init(_ expression: RegularExpression, isAnchored: Bool, mayGoOn: (@Sendable () -> Bool)? = nil) {
        program = expression.program
        self.isAnchored = isAnchored
        self.mayGoOn = mayGoOn
        marks = Array(repeating: 0, count: program.instructions.count)
        reset()
    }

    /// False when `mayGoOn` said no meanwhile.
    package mutating func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        var steps = Int.max
        return matches(text, steps: &steps) ?? false
    }

    /// Nil when making states took all `steps`, or `mayGoOn` said no.
    mutating func matches(_ text: UnsafeRawBufferPointer, steps: inout Int) -> Bool? {
        var state = startState
        if isAccepting[Int(state)] { return true }
        for byte in text {
            var next = transitions[Int(state) << 8 | Int(byte)]
            if next == Self.unknown {
                steps -= program.instructions.count
                next = advance(state, byte)
                if isExhausted || steps <= 0 { return nil }
            }
            state = next
            if isAccepting[Int(state)] { return true }
        }
        return isAcceptingAtEnd[Int(state)]
    }

    /// Where the longest match that begins at `start` ends; nil when none does. Anchored matchers only.
    ///
    /// Takes from `steps` what the walk costs and stops when there are none left; the caller looks at `steps` before it believes nil.
    mutating func longestMatch(_ text: UnsafeRawBufferPointer, from start: Int, steps: inout Int) -> Int? {
        var state = start == 0 ? startState : innerStartState
        var end = isAccepting[Int(state)] ? start : nil
        var position = start
        while position < text.count, steps > 0, !sets[Int(state)].isEmpty {
            let byte = text[position]
            steps -= 1
            var next = transitions[Int(state) << 8 | Int(byte)]
            if next == Self.unknown {
                steps -= program.instructions.count
                next = advance(state, byte)
            }
            state = next
            position += 1
            if isAccepting[Int(state)] { end = position }
        }
        return position == text.count && isAcceptingAtEnd[Int(state)] ? position : end
    }

    private mutating func reset() {
        transitions.removeAll(keepingCapacity: true)
        sets.removeAll(keepingCapacity: true)
        isAccepting.removeAll(keepingCapacity: true)
        isAcceptingAtEnd.removeAll(keepingCapacity: true)
        statesBySet.removeAll(keepingCapacity: true)
        // Not shared with an equal set met later: only here does `^` hold.
        startState = append(closure(of: [program.entry], atStart: true), isAtStart: true)
        innerStartState = state(for: closure(of: [program.entry], atStart: false))
    }

    /// The state after `byte`; a match may also begin behind it.
    private mutating func advance(_ state: Int32, _ byte: UInt8) -> Int32 {
        var targets: [Int32] = isAnchored ? [] : [program.entry]
        for instruction in sets[Int(state)] {
            if case .bytes(let low, let high, let next) = program.instructions[Int(instruction)], byte >= low, byte <= high {
                targets.append(next)
            }
        }
        let set = closure(of: targets, atStart: false)
        if sets.count >= RegularExpressionLimits.maximumStateCount {
            reset()
            if let mayGoOn { isExhausted = !mayGoOn() }
            return self.state(for: set)
        }
        let next = self.state(for: set)
        transitions[Int(state) << 8 | Int(byte)] = next
        return next
    }

    private mutating func state(for set: [Int32]) -> Int32 {
        if let known = statesBySet[set] { return known }
        let state = append(set, isAtStart: false)
        statesBySet[set] = state
        return state
    }

    private mutating func append(_ set: [Int32], isAtStart: Bool) -> Int32 {
        let state = Int32(sets.count)
        sets.append(set)
        transitions.append(contentsOf: repeatElement(Self.unknown, count: 256))
        isAccepting.append(set.contains { if case .match = program.instructions[Int($0)] { true } else { false } })
        isAcceptingAtEnd.append(acceptsAtEnd(set, isAtStart: isAtStart))
        return state
    }

    /// Everything reachable without a byte, reduced to what matters: bytes to consume, ends to wait for, matches.
    private mutating func closure(of entries: [Int32], atStart: Bool) -> [Int32] {
        var result: [Int32] = []
        visit(entries) { instruction, index in
            switch instruction {
            case .split(let a, let b): return (a, b)
            case .start(let next): return atStart ? (next, nil) : (nil, nil)
            case .bytes, .end, .match:
                result.append(index)
                return (nil, nil)
            }
        }
        result.sort()
        return result
    }

    private mutating func acceptsAtEnd(_ set: [Int32], isAtStart: Bool) -> Bool {
        var accepts = false
        visit(set) { instruction, _ in
            switch instruction {
            case .split(let a, let b): return (a, b)
            case .end(let next): return (next, nil)
            case .start(let next): return isAtStart ? (next, nil) : (nil, nil)
            case .match:
                accepts = true
                return (nil, nil)
            case .bytes: return (nil, nil)
            }
        }
        return accepts
    }

    /// Walks the automaton's empty edges without recursion, each instruction once.
    private mutating func visit(
        _ entries: [Int32], _ edges: (RegularExpressionProgram.Instruction, Int32) -> (Int32?, Int32?)
    ) {
        mark &+= 1
        if mark == 0 {
            for index in marks.indices { marks[index] = 0 }
            mark = 1
        }
        stack.append(contentsOf: entries)
        while let index = stack.popLast() {
            guard marks[Int(index)] != mark else { continue }
            marks[Int(index)] = mark
            let (a, b) = edges(program.instructions[Int(index)], index)
            if let b { stack.append(b) }
            if let a { stack.append(a) }
        }
    }
}

extension RegularExpression {
    /// Whether it matches somewhere in the text. Nil when that takes more than `steps`, which are counted down: one for each instruction
    /// looked at while states are made, and one for eight bytes.
    package func matches(_ text: String, steps: inout Int) -> Bool? {
        steps -= 2 * program.instructions.count + text.utf8.count / 8
        guard steps > 0 else { return nil }
        var matcher = RegularExpressionMatcher(self), text = text
        return text.withUTF8 { matcher.matches(UnsafeRawBufferPointer($0), steps: &steps) }
    }
}
