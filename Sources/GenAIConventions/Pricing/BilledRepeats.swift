/// Which of the spans that report one call counts: the innermost, unless only one around it has what was billed. Pure.

enum BilledRepeats {
    /// Whether each call is a repeat.
    ///
    /// - Parameter pairs: each call that repeats another, with every other it was found to repeat.
    static func settle(_ pairs: [RepeatedCalls.Pair], _ calls: [ModelCall]) -> [Bool] {
        var isRepeat = [Bool](repeating: false, count: calls.count)
        for pair in pairs { isRepeat[pair.outer] = true }
        var billed = Set(pairs.lazy.map(\.outer).filter { calls[$0].isBilled })
        guard !billed.isEmpty else { return isRepeat }
        var inners: [Int: [Int]] = [:]
        for pair in pairs { inners[pair.outer, default: []].append(pair.inner) }
        // Of several that were billed around one call the innermost, as of those that were not.
        var isInside = Set<Int>()
        while let outer = billed.min(by: { isBefore(calls[$0], calls[$1]) }) {
            billed.remove(outer)
            let inside = reached(from: outer, inners)
            guard !inside.contains(where: { calls[$0].isBilled || isInside.contains($0) }) else { continue }
            isRepeat[outer] = false
            for inner in inside { isRepeat[inner] = true }
            isInside.formUnion(inside)
        }
        return isRepeat
    }

    /// Inner ones first: what begins later, or ends earlier.
    private static func isBefore(_ a: ModelCall, _ b: ModelCall) -> Bool {
        if a.startTimeUnixNano != b.startTimeUnixNano { return a.startTimeUnixNano > b.startTimeUnixNano }
        if a.endTimeUnixNano != b.endTimeUnixNano { return a.endTimeUnixNano < b.endTimeUnixNano }
        return b.spanID < a.spanID
    }

    /// What a call repeats, and what those repeat in turn.
    private static func reached(from outer: Int, _ inners: [Int: [Int]]) -> Set<Int> {
        var reached = Set<Int>(), open = inners[outer] ?? []
        while let next = open.popLast() {
            guard next != outer, reached.insert(next).inserted else { continue }
            open += inners[next] ?? []
        }
        return reached
    }
}
