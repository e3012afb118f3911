/// Every limit of reading YAML, with its reason. Callers may ask for less.
package enum YAMLLimits {
    /// Bytes of a text: it is held whole, with some hundred bytes for each node.
    package static let maximumByteCount = 16 << 20
    /// Collections within collections: readers recurse. A case may have 64, and stands inside a list inside a suite.
    package static let maximumDepth = 96
    /// Nodes of a document, those that aliases stand for counted as often as they do.
    package static let maximumNodeCount = 1_000_000
    /// Nodes that aliases add: a few lines of anchors within anchors stand for thousands of millions ("billion laughs").
    package static let maximumAliasNodeCount = 200_000
    /// Bytes of texts that aliases add, for the same reason.
    package static let maximumAliasByteCount = 16 << 20
    /// Keys that may stand twice where the first of them counts: more is no slip.
    package static let maximumRepeatedKeyCount = 100
    /// Bytes of an anchor's name or a tag quoted in an error.
    package static let maximumQuotedByteCount = 64
}
