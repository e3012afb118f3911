/// Which nodes of a graph lead back to themselves: Tarjan's strongly connected components, with a stack of its own, as chains of references
/// may be as long as a document.

enum ReferenceCycles {
    struct Group {
        var members: [Int]
        var isCyclic: Bool
    }

    private struct Visit {
        var node: Int
        var edges: [Int]
        var next = 0
    }

    /// The groups of the nodes `start..<end`, each behind all it leads to. Edges to nodes below `start` are left out.
    static func groups(from start: Int, to end: Int, edges: (Int) -> [Int]) -> [Group] {
        var groups: [Group] = []
        var numbers = [Int](repeating: -1, count: end - start)
        var lowest = numbers
        var isOpen = [Bool](repeating: false, count: end - start)
        var open: [Int] = []
        var selfLoops: Set<Int> = []
        var lastNumber = 0

        func enter(_ node: Int, _ visits: inout [Visit]) {
            numbers[node] = lastNumber
            lowest[node] = lastNumber
            lastNumber += 1
            isOpen[node] = true
            open.append(node)
            visits.append(Visit(node: node, edges: edges(node + start)))
        }

        for first in 0..<(end - start) where numbers[first] < 0 {
            var visits: [Visit] = []
            enter(first, &visits)
            while let top = visits.indices.last {
                let node = visits[top].node
                guard visits[top].next < visits[top].edges.count else {
                    visits.removeLast()
                    if let below = visits.last?.node { lowest[below] = min(lowest[below], lowest[node]) }
                    guard lowest[node] == numbers[node] else { continue }
                    var members: [Int] = []
                    while let last = open.popLast() {
                        isOpen[last] = false
                        members.append(last + start)
                        if last == node { break }
                    }
                    groups.append(Group(members: members.sorted(), isCyclic: members.count > 1 || selfLoops.contains(node)))
                    continue
                }
                let edge = visits[top].edges[visits[top].next] - start
                visits[top].next += 1
                guard edge >= 0 else { continue }
                if edge == node { selfLoops.insert(node) }
                if numbers[edge] < 0 {
                    enter(edge, &visits)
                } else if isOpen[edge] {
                    lowest[node] = min(lowest[node], numbers[edge])
                }
            }
        }
        return groups
    }
}
