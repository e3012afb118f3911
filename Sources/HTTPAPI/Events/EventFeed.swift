/// What a stream of events follows: a task, or what comes in for a filter.

import Metastore

protocol EventFeed: AnyObject, Sendable {
    /// The sequence of the last message that was handed out.
    var position: Int64 { get }
    /// The first message of a follower who has everything up to `sequence`.
    func hello(after sequence: Int64) -> EventMessage
    /// From here on the follower is handed everything after its last sequence. Nil when that has to be read first.
    func join(_ subscription: Subscription) -> Int?
    func leave(_ number: Int)
    /// Messages of the past, for a follower on the way to `join`.
    func replay(after sequence: Int64) async throws(MetastoreError) -> [EventMessage]
}
