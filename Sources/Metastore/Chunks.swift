/// Many rows are written by a few statements, each of which stays well below what a parameter may have.

extension Array {
    /// The elements in their order, in runs of at most so many, and of at most so many bytes unless one element alone has more.
    func chunks(
        maximumCount: Int = MetastoreLimits.maximumStatementRowCount,
        maximumByteCount: Int = MetastoreLimits.maximumStatementByteCount, byteCount: (Element) -> Int
    ) -> [ArraySlice<Element>] {
        var chunks: [ArraySlice<Element>] = []
        var start = startIndex, size = 0
        for index in indices {
            let next = byteCount(self[index])
            if index > start, index - start >= maximumCount || size + next > maximumByteCount {
                chunks.append(self[start..<index])
                (start, size) = (index, 0)
            }
            size += next
        }
        if start < endIndex { chunks.append(self[start...]) }
        return chunks
    }
}
