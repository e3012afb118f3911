/// The LLM fields of a batch: what every convention's attributes come down to. One element per span in each column.
///
/// Filled by `GenAIConventions`, stored as columns of their own beside the raw attributes. Text is a range of the
/// batch's bytes (`.none` is absent), a count is -1 when absent, an amount is NaN when absent.
package struct LLMFields: Sendable {
    package var kinds: [LLMKind]
    package var providers: [ByteRange]
    package var requestModels: [ByteRange]
    package var responseModels: [ByteRange]
    /// Index into `SpanBatch.keys` of the attribute that holds the input; `UInt32.max` when none does. A reference,
    /// never a second copy.
    package var inputKeys: [UInt32]
    package var outputKeys: [UInt32]
    /// Tokens, cache reads and writes included.
    package var inputTokens: [Int64]
    /// Tokens, reasoning included.
    package var outputTokens: [Int64]
    package var cacheReadTokens: [Int64]
    package var cacheWriteTokens: [Int64]
    package var reasoningTokens: [Int64]
    /// US dollars that count: what was billed, else what is computed by the price table; none where another span counts for the call.
    package var costs: [Double]
    /// US dollars as the provider or gateway billed them, whether they count or not.
    package var reportedCosts: [Double]
    package var sessionIDs: [ByteRange]
    package var userIDs: [ByteRange]
    package var promptNames: [ByteRange]
    package var promptVersions: [ByteRange]
    package var toolNames: [ByteRange]
    package var errorTypes: [ByteRange]
    /// The provider's id of its answer. No column of its own: its attribute is one.
    package var responseIDs: [ByteRange]
    /// Starts in `tags` (`spanCount + 1`).
    package var tagStarts: [UInt32]
    package var tags: [ByteRange]
    /// What prices ask for beside the counts, of the spans that have any, in their order. No columns of their own: they are worked out
    /// of the attributes again where somebody asks.
    package var usageDetails: [UsageDetails]

    /// All absent, `.span` as kind.
    package init(spanCount: Int) {
        func text() -> [ByteRange] { Array(repeating: .none, count: spanCount) }
        func counts() -> [Int64] { Array(repeating: -1, count: spanCount) }
        func amounts() -> [Double] { Array(repeating: .nan, count: spanCount) }
        kinds = Array(repeating: .span, count: spanCount)
        providers = text()
        requestModels = text()
        responseModels = text()
        inputKeys = Array(repeating: .max, count: spanCount)
        outputKeys = Array(repeating: .max, count: spanCount)
        inputTokens = counts()
        outputTokens = counts()
        cacheReadTokens = counts()
        cacheWriteTokens = counts()
        reasoningTokens = counts()
        costs = amounts()
        reportedCosts = amounts()
        sessionIDs = text()
        userIDs = text()
        promptNames = text()
        promptVersions = text()
        toolNames = text()
        errorTypes = text()
        responseIDs = text()
        tagStarts = Array(repeating: 0, count: spanCount + 1)
        tags = []
        usageDetails = []
    }

    /// What was billed for a span, as far as it may be what the span costs.
    package func billedCost(_ span: Int) -> Double? {
        reportedCosts[span].isNaN || kinds[span].isContainer ? nil : reportedCosts[span]
    }
}

/// What a span is to an LLM application. The numbers are stored; they never change.
@frozen
package enum LLMKind: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case span = 0
    case llm = 1
    case embedding = 2
    case tool = 3
    case agent = 4
    case chain = 5
    case retriever = 6
    case reranker = 7
    case guardrail = 8
    case evaluator = 9
    case prompt = 10
    case event = 11

    package var name: String { String(describing: self) }

    /// Whether it is around calls of models: what it reports repeats theirs, so it costs nothing of its own.
    package var isContainer: Bool { self == .agent || self == .chain }

    package init?(name: some StringProtocol) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
