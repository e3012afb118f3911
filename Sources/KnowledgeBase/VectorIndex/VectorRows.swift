import Dispatch
import FileSystem
import Synchronization

/// The rows of a vector file at one time, and the exact search of them: every chosen row is compared.
struct VectorRows: Sendable {
    let format: VectorFileFormat
    let mapping: FileMapping
    let rowCount: Int

    /// The chosen rows of the highest cosines, the best first.
    ///
    /// - Parameters:
    ///   - question: `dimensionCount` numbers, of length one.
    ///   - chosen: rising row numbers, below `rowCount`.
    func nearest(to question: [Float], among chosen: [UInt32], count: Int) -> [NearestRow] {
        let partCount = chosen.count < KnowledgeSearchLimits.leastRowCountOfTwoThreads ? 1 : KnowledgeSearchLimits.threadCount
        guard partCount > 1 else { return nearest(to: question, among: chosen[...], count: count).sorted }
        let merged = Mutex(NearestRows(maximumCount: count))
        DispatchQueue.concurrentPerform(iterations: partCount) { part in
            let range = chosen.count * part / partCount..<chosen.count * (part + 1) / partCount
            let found = nearest(to: question, among: chosen[range], count: count)
            merged.withLock { $0.merge(found) }
        }
        return merged.withLock { $0.sorted }
    }

    private func nearest(to question: [Float], among chosen: ArraySlice<UInt32>, count: Int) -> NearestRows {
        precondition(question.count == format.dimensionCount, "the question is of the rows' dimension")
        var nearest = NearestRows(maximumCount: count)
        guard let last = chosen.last, let base = mapping.bytes.baseAddress else { return nearest }
        precondition(Int(last) < rowCount, "a row that is not there")
        let (dimensionCount, rowByteCount) = (format.dimensionCount, format.rowByteCount)
        let vectors = base + format.offset(ofRow: 0) + VectorFileFormat.rowHeaderByteCount
        question.withUnsafeBytes { question in
            guard let question = question.baseAddress else { return }
            chosen.withUnsafeBufferPointer { chosen in
                for row in chosen {
                    // In bounds: rows rise to `last`, which is below `rowCount`, and `rowCount` rows are mapped and written.
                    let vector = vectors + Int(row) &* rowByteCount
                    nearest.offer(row, VectorMath.dot(vector, question, count: dimensionCount))
                }
            }
        }
        return nearest
    }

    /// The vector of a row, for those who look at few.
    func vector(ofRow row: UInt32) -> [Float] {
        precondition(Int(row) < rowCount, "a row that is not there")
        let start = format.offset(ofRow: Int(row)) + VectorFileFormat.rowHeaderByteCount
        return (0..<format.dimensionCount).map { mapping.bytes.loadUnaligned(fromByteOffset: start + 4 * $0, as: Float.self) }
    }

    /// What a row is of; nil if the row is damaged.
    func key(ofRow row: UInt32) -> VectorKey? {
        precondition(Int(row) < rowCount, "a row that is not there")
        return format.key(ofRow: Int(row), in: mapping.bytes)
    }
}
