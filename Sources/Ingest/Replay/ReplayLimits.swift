/// How large the requests of a replay are.
enum ReplayLimits {
    /// Spans of a request: what SDKs send at once.
    static let maximumSpanCount = 512
    /// Bytes of a request. Its elements stay far below what the decoder allows to one, so that a span is judged for itself.
    static let maximumByteCount = 4 << 20
}
