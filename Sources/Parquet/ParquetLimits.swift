/// Every bound this room holds a file to, each with its reason. A file beyond one is refused with `.limitExceeded`.
package enum ParquetLimits {
    /// Footer length. A column chunk costs about 150 bytes of footer: 32 MiB are 1,000 row groups of 200 columns.
    package static let maximumFooterByteCount = 32 << 20
    /// One page, compressed or not. Payload pages are 2 MiB and a single value may reach 32 MiB; the format itself stops at 2 GiB.
    package static let maximumPageByteCount = 256 << 20
    /// A page header: statistics of foreign writers may carry whole untruncated values, ours need 40 bytes.
    package static let maximumPageHeaderByteCount = 1 << 20
    /// First read when looking for a page header whose length is not known: ours fit, others are read again larger.
    static let pageHeaderReadByteCount = 256
    /// Bytes one decoded leaf may hold in memory (values of the rows asked for).
    package static let maximumDecodedByteCount = 1 << 30
    /// Levels or values of one decoded leaf: an RLE run of a few bytes can claim billions.
    package static let maximumValueCount = 1 << 26
    /// Depth of the schema tree: groups within groups. Recursion is bounded by it.
    package static let maximumSchemaDepth = 32
    /// Nodes of the schema tree, as each costs memory far beyond its bytes in the footer.
    package static let maximumSchemaNodeCount = 1 << 16
    /// Nesting of Thrift structures that are skipped because their fields are not known.
    static let maximumThriftDepth = 32
    /// One page index structure of one column chunk: 100,000 pages with 64-byte bounds.
    package static let maximumPageIndexByteCount = 32 << 20
    /// One bloom filter: 10 million distinct values at 0.1 % false positives are 21 MiB. The format's other readers stop at 128 MiB.
    package static let maximumBloomFilterByteCount = 128 << 20
    /// Bytes kept of a text bound in statistics and page index: enough to tell URLs apart, short enough for a small footer.
    package static let maximumBoundByteCount = 64
    /// Distinct bytes the writer's own dictionary builder collects before it gives up and writes values as they are.
    package static let maximumBuiltDictionaryByteCount = 1 << 20
}
