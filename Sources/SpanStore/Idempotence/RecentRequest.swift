import ByteCoding
import TraceModel

/// A request stored lately: what a repetition of it is recognised by and answered with.
package struct RecentRequest: Hashable, Sendable {
    package var project: ProjectID
    /// Of the decompressed body.
    package var hash: ContentHash
    package var lsn: UInt64
    package var receivedUnixNano: UInt64
    package var reply: StoredReply

    package init(project: ProjectID, hash: ContentHash, lsn: UInt64, receivedUnixNano: UInt64, reply: StoredReply) {
        self.project = project
        self.hash = hash
        self.lsn = lsn
        self.receivedUnixNano = receivedUnixNano
        self.reply = reply
    }

    /// How long an identical body counts as the same request: longer than exporters retry (5 minutes by default).
    package static let windowNanoseconds: UInt64 = 15 * 60 * 1_000_000_000
    /// Bounds memory (about 120 bytes each) and what a seal writes; reached at 290 requests a second.
    package static let maximumCount = 262_144

    /// Both lists as one, in LSN order, each LSN once, without what has fallen out of the window behind the youngest.
    static func merged(_ a: [RecentRequest], _ b: [RecentRequest]) -> [RecentRequest] {
        var all = a + b
        let youngest = all.reduce(0) { max($0, $1.receivedUnixNano) }
        all.removeAll { youngest - $0.receivedUnixNano > windowNanoseconds }
        all.sort { $0.lsn < $1.lsn }
        var merged: [RecentRequest] = []
        merged.reserveCapacity(all.count)
        for request in all where merged.last?.lsn != request.lsn { merged.append(request) }
        if merged.count > maximumCount { merged.removeFirst(merged.count - maximumCount) }
        return merged
    }
}
