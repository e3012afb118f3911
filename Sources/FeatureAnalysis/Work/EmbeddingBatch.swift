/// Which texts go into the next call: as many as a call takes, at least one.

import Metastore

enum EmbeddingBatch {
    /// The first traces without a vector, in their order; empty when all have one.
    static func next(of traces: [EmbeddedTrace]) -> [EmbeddedTrace] {
        var batch: [EmbeddedTrace] = []
        var byteCount = 0
        for trace in traces where trace.embedding == nil {
            let more = trace.trace.text.utf8.count
            if !batch.isEmpty, byteCount + more > FeatureAnalysisLimits.embeddingBatchByteCount { break }
            batch.append(trace)
            byteCount += more
            if batch.count == FeatureAnalysisLimits.embeddingBatchCount { break }
        }
        return batch
    }
}
