/// Every limit of test cases, suites, scorers and scores, with its reason.
package enum TestCaseLimits {
    /// Bytes of a case's key: it is a column of an index and the name of a test in CI.
    package static let maximumKeyByteCount = 256
    /// Bytes of a case as JSON. A case is held in memory by a worker for each call under way: 256 of them take 256 MiB at most.
    package static let maximumContentByteCount = 1 << 20
    /// Containers within containers in a case: readers recurse.
    package static let maximumDepth = 64
    /// Messages of an input: the longest conversations of agents have some hundred.
    package static let maximumMessageCount = 1000
    /// Template variables of an input.
    package static let maximumVariableCount = 256
    /// Bytes of the name of a variable, of a metadata key, of a tool, of a model.
    package static let maximumNameByteCount = 256
    /// Scorers of a case; each outcome has a row for every one of them.
    package static let maximumScorerCount = 32
    /// Tags of a case.
    package static let maximumTagCount = 64
    /// Bytes of a tag or a split: what people filter by.
    package static let maximumTagByteCount = 128
    /// Metadata entries of a case.
    package static let maximumMetadataCount = 128
    /// Bytes of a pattern, a needle, a rubric: they are repeated in prompts and compared with every output.
    package static let maximumParameterByteCount = 64 << 10
    /// Texts a scorer looks for, choices a judge has, tool calls expected.
    package static let maximumListCount = 128
    /// Bytes of a score's reason: a sentence that people read in a list and in CI.
    package static let maximumReasonByteCount = 2048
    /// Bytes of a score's details as JSON.
    package static let maximumDetailByteCount = 16 << 10
    /// Bytes of the key of an entry of the knowledge base that a case names as its source: the longest there is.
    package static let maximumEntryKeyByteCount = 512
    /// Cases of a suite.
    package static let maximumCaseCount = 100_000
}
