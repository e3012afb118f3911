import TraceModel

/// The LLM fields as lists, so that memtable, segment and scan go through them in one order and none is forgotten.

/// Fields of text. Raw values are the columns' names in segments.
enum LLMTextField: String, CaseIterable, Sendable {
    case provider
    case requestModel = "request_model"
    case responseModel = "response_model"
    case sessionID = "session_id"
    case userID = "user_id"
    case promptName = "prompt_name"
    case promptVersion = "prompt_version"
    case toolName = "tool_name"
    case errorType = "error_type"

    @inline(__always)
    func column(of fields: borrowing LLMFields) -> [ByteRange] {
        switch self {
        case .provider: fields.providers
        case .requestModel: fields.requestModels
        case .responseModel: fields.responseModels
        case .sessionID: fields.sessionIDs
        case .userID: fields.userIDs
        case .promptName: fields.promptNames
        case .promptVersion: fields.promptVersions
        case .toolName: fields.toolNames
        case .errorType: fields.errorTypes
        }
    }

    func set(_ text: String, in llm: inout SpanRecord.LLM) {
        switch self {
        case .provider: llm.provider = text
        case .requestModel: llm.requestModel = text
        case .responseModel: llm.responseModel = text
        case .sessionID: llm.sessionID = text
        case .userID: llm.userID = text
        case .promptName: llm.promptName = text
        case .promptVersion: llm.promptVersion = text
        case .toolName: llm.toolName = text
        case .errorType: llm.errorType = text
        }
    }

    func text(of llm: borrowing SpanRecord.LLM) -> String? {
        switch self {
        case .provider: llm.provider
        case .requestModel: llm.requestModel
        case .responseModel: llm.responseModel
        case .sessionID: llm.sessionID
        case .userID: llm.userID
        case .promptName: llm.promptName
        case .promptVersion: llm.promptVersion
        case .toolName: llm.toolName
        case .errorType: llm.errorType
        }
    }

    var scanColumn: ScanColumn {
        switch self {
        case .provider: .provider
        case .requestModel: .requestModel
        case .responseModel: .responseModel
        case .sessionID: .sessionID
        case .userID: .userID
        case .promptName: .promptName
        case .promptVersion: .promptVersion
        case .toolName: .toolName
        case .errorType: .errorType
        }
    }
}

/// Fields of numbers. Raw values are the columns' names in segments.
enum LLMNumberField: String, CaseIterable, Sendable {
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case cacheReadTokens = "cache_read_tokens"
    case cacheWriteTokens = "cache_write_tokens"
    case reasoningTokens = "reasoning_tokens"
    case cost
    case reportedCost = "reported_cost"

    var isAmount: Bool { self == .cost || self == .reportedCost }

    /// The bit pattern of a span's value; nil when absent.
    @inline(__always)
    func bits(of fields: borrowing LLMFields, _ span: Int) -> UInt64? {
        switch self {
        case .inputTokens: Self.count(fields.inputTokens[span])
        case .outputTokens: Self.count(fields.outputTokens[span])
        case .cacheReadTokens: Self.count(fields.cacheReadTokens[span])
        case .cacheWriteTokens: Self.count(fields.cacheWriteTokens[span])
        case .reasoningTokens: Self.count(fields.reasoningTokens[span])
        case .cost: Self.amount(fields.costs[span])
        case .reportedCost: Self.amount(fields.reportedCosts[span])
        }
    }

    @inline(__always)
    private static func count(_ value: Int64) -> UInt64? { value < 0 ? nil : UInt64(value) }
    @inline(__always)
    private static func amount(_ value: Double) -> UInt64? { value.isNaN ? nil : value.bitPattern }

    /// The bit pattern of a span's value; nil when absent.
    func bits(of llm: borrowing SpanRecord.LLM) -> UInt64? {
        switch self {
        case .inputTokens: llm.inputTokens.map { UInt64(bitPattern: $0) }
        case .outputTokens: llm.outputTokens.map { UInt64(bitPattern: $0) }
        case .cacheReadTokens: llm.cacheReadTokens.map { UInt64(bitPattern: $0) }
        case .cacheWriteTokens: llm.cacheWriteTokens.map { UInt64(bitPattern: $0) }
        case .reasoningTokens: llm.reasoningTokens.map { UInt64(bitPattern: $0) }
        case .cost: llm.cost.map(\.bitPattern)
        case .reportedCost: llm.reportedCost.map(\.bitPattern)
        }
    }

    func set(bits: UInt64, in llm: inout SpanRecord.LLM) {
        switch self {
        case .inputTokens: llm.inputTokens = Int64(bitPattern: bits)
        case .outputTokens: llm.outputTokens = Int64(bitPattern: bits)
        case .cacheReadTokens: llm.cacheReadTokens = Int64(bitPattern: bits)
        case .cacheWriteTokens: llm.cacheWriteTokens = Int64(bitPattern: bits)
        case .reasoningTokens: llm.reasoningTokens = Int64(bitPattern: bits)
        case .cost: llm.cost = Double(bitPattern: bits)
        case .reportedCost: llm.reportedCost = Double(bitPattern: bits)
        }
    }

    var scanColumn: ScanColumn {
        switch self {
        case .inputTokens: .inputTokens
        case .outputTokens: .outputTokens
        case .cacheReadTokens: .cacheReadTokens
        case .cacheWriteTokens: .cacheWriteTokens
        case .reasoningTokens: .reasoningTokens
        case .cost: .cost
        case .reportedCost: .reportedCost
        }
    }
}
