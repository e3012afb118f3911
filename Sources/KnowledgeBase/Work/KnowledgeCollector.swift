/// Collects what knowledge bases do not say any more, a page of contents at a time. Every worker does; two that do the same harm nobody.

import Logging
import Metastore
import TraceModel

struct KnowledgeCollector: Sendable {
    let knowledge: KnowledgeRepository
    let logger: Logger

    /// Until its task is cancelled.
    func run() async {
        var cursor = Cursor()
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(KnowledgeWorkLimits.collectionSeconds))
            do throws(MetastoreError) { cursor = try await step(after: cursor) } catch {
                if error.code != .cancelled {
                    logger.warning("what knowledge bases do not say any more cannot be collected", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// How far it has come, of contents and of entries; nil: a turn begins.
    struct Cursor {
        var content: Int64?
        var entry: KnowledgeEntryID?
    }

    /// Answers with where the next step goes on. Errors: `unavailable`.
    func step(after cursor: Cursor) async throws(MetastoreError) -> Cursor {
        // Once in a turn.
        if cursor.content == nil { _ = try await knowledge.forgetDiscardedDrafts() }
        let collected = try await knowledge.collect(after: cursor.content)
        let entries = try await knowledge.collectEntries(after: cursor.entry)
        for (project, count) in collected.chunkCounts {
            // Words of which many are gone would be taken for common ones.
            if WordCountRule.isDue(brought: count, all: try await knowledge.chunkCount(in: project), revision: 1) {
                try await knowledge.countWords(in: project)
            }
        }
        if collected.contentCount > 0 || entries.entryCount > 0 {
            let counts: Logger.Metadata = [
                "contents": "\(collected.contentCount)", "vectors": "\(collected.vectorCount)", "keys": "\(entries.entryCount)",
            ]
            logger.info("collected what knowledge bases do not say any more", metadata: counts)
        }
        return Cursor(content: collected.last, entry: entries.last)
    }
}
