/// What waits for its turn, in one line for each party: lines are served one after another, so that a long one makes nobody else wait
/// longer. Each party may have so many waiting, and all together so many. A pure value.

struct FairQueue<Party: Hashable, Element> {
    /// Whom an element counts for, and how many of its may wait.
    struct Share {
        var party: Party
        var maximumCount: Int
    }

    private struct Entry {
        var element: Element
        var parties: [Party]
    }

    private let maximumCount: Int
    private var lines: [Party: [Entry]] = [:]
    /// Whose line is served next, and after it.
    private var turns: [Party] = []
    private var counts: [Party: Int] = [:]
    private(set) var count = 0

    init(maximumCount: Int) { self.maximumCount = maximumCount }

    /// Into the line of the first party. false, and nothing is kept, when the queue is full or any of the parties has its share waiting.
    mutating func add(_ element: Element, of shares: [Share]) -> Bool {
        guard let first = shares.first, count < maximumCount,
            shares.allSatisfy({ counts[$0.party, default: 0] < $0.maximumCount })
        else { return false }
        if lines[first.party] == nil { turns.append(first.party) }
        lines[first.party, default: []].append(Entry(element: element, parties: shares.map(\.party)))
        for share in shares { counts[share.party, default: 0] += 1 }
        count += 1
        return true
    }

    /// The first of the line whose turn it is, which then is the last to be served again. nil when nothing waits.
    mutating func next() -> Element? {
        guard !turns.isEmpty else { return nil }
        let party = turns.removeFirst()
        guard var line = lines.removeValue(forKey: party), !line.isEmpty else { return nil }
        let entry = line.removeFirst()
        if !line.isEmpty {
            lines[party] = line
            turns.append(party)
        }
        for party in entry.parties {
            let left = counts[party, default: 1] - 1
            counts[party] = left == 0 ? nil : left
        }
        count -= 1
        return entry.element
    }
}
