/// A lease as text, for holders on the other side of HTTP.

import JobQueue
import PostgresClient
import TraceModel

extension JobLease {
    /// Reads what `uuid` gives; nil for anything else.
    package init?(uuid text: String) {
        guard let id = ProjectID(uuid: text) else { return nil }
        self.init(id: PostgresUUID(high: id.high, low: id.low))
    }

    /// The lower-case text with hyphens.
    package var uuid: String { ProjectID(high: id.high, low: id.low).uuid }
}
