import Parquet

/// Which texts a column of a row group may have, in two bytes for each distinct one: a bloom filter in memory, made of a column that was
/// read anyway, for columns whose file has neither filter nor dictionary. A thousandth of the texts that are not there pass.
struct TextFilter: Sendable {
    private var filter: BloomFilter

    init(_ texts: TextDictionary) {
        filter = BloomFilter(distinctCount: texts.count)
        texts.forEach { _, text in filter.insert(BloomFilter.hash(text)) }
    }

    init(_ texts: Set<String>) {
        filter = BloomFilter(distinctCount: texts.count)
        for var text in texts { filter.insert(text.withUTF8 { BloomFilter.hash(UnsafeRawBufferPointer($0)) }) }
    }

    /// False only if the column does not have the text.
    func mayContain(_ text: String) -> Bool {
        var text = text
        return filter.mightContain(text.withUTF8 { BloomFilter.hash(UnsafeRawBufferPointer($0)) })
    }

    var byteCount: Int { filter.byteCount }
}
