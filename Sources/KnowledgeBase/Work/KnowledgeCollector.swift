/// Collects what knowledge bases do not say any more, a page of contents at a time. Every worker does; two that do the same harm nobody.

import Logging
import Metastore
import TraceModel

struct KnowledgeCollector: Sendable {
    let knowledge: KnowledgeRepository
    let logger: Logger

    /// Until its task is cancelled.
    func run() async {
        var last: Int64?
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(KnowledgeWorkLimits.collectionSeconds))
            do throws(MetastoreError) { last = try await step(after: last) } catch {
                if error.code != .cancelled {
                    logger.warning("what knowledge bases do not say any more cannot be collected", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// Answers with where the next step goes on. Errors: `unavailable`.
    func step(after last: Int64?) async throws(MetastoreError) -> Int64? {
        // Once in a turn.
        if last == nil { _ = try await knowledge.forgetDiscardedDrafts() }
        let collected = try await knowledge.collect(after: last)
        for (project, count) in collected.chunkCounts {
            // Words of which many are gone would be taken for common ones.
            if WordCountRule.isDue(brought: count, all: try await knowledge.chunkCount(in: project), revision: 1) {
                try await knowledge.countWords(in: project)
            }
        }
        if collected.contentCount > 0 {
            logger.info(
                "collected what knowledge bases do not say any more",
                metadata: ["contents": "\(collected.contentCount)", "vectors": "\(collected.vectorCount)"])
        }
        return collected.last
    }
}
