/// The columns a scan can ask for, by what they mean. `SpanSchema` maps each to where it lies in a segment; the memtable
/// to where it lies in memory. Types as `ColumnVector` delivers them.
package enum ScanColumn: Hashable, Sendable {
    case traceID  // traceIDs
    case spanID  // spanIDs
    case parentSpanID  // spanIDs, .none for a root
    case startTime  // int64, nanoseconds since 1970
    case duration  // int64, nanoseconds, signed
    case name  // dictionary
    case spanKind  // int64, OTLP's number
    case traceState  // dictionary, null when empty
    case flags  // int64
    case statusCode  // int64, OTLP's number
    case statusMessage  // dictionary, null when empty
    case scopeName  // dictionary
    case scopeVersion  // dictionary
    case kind  // dictionary of LLMKind names
    case provider  // dictionary
    case requestModel  // dictionary
    case responseModel  // dictionary
    case inputTokens  // int64
    case outputTokens  // int64
    case cacheReadTokens  // int64
    case cacheWriteTokens  // int64
    case reasoningTokens  // int64
    case cost  // double, US dollars
    case reportedCost  // double, US dollars
    case sessionID  // dictionary
    case userID  // dictionary
    case promptName  // dictionary
    case promptVersion  // dictionary
    case toolName  // dictionary
    case errorType  // dictionary
    case tags  // attributes: arrays of strings
    /// What the mapping calls the span's input: the value of the attribute it refers to, wherever that lies.
    case input  // attributes
    case output  // attributes
    /// A span attribute by key. Delivered in its own type where every value has it, else as `attributes`.
    case attribute(String)
    case resourceAttribute(String)
}
