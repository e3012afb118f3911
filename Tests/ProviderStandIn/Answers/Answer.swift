/// What the stand-in says, before a dialect puts it into words of its own.

struct Answer {
    enum Finish: String {
        case stop, length, refusal
        case stopSequence = "stop_sequence"
        case toolCalls = "tool_calls"
        case contentFilter = "content_filter"
    }

    struct ToolCall {
        let id: String
        let name: String
        /// JSON text of an object.
        let arguments: String
    }

    var text = ""
    var reasoning: String?
    var refusal: String?
    var toolCalls: [ToolCall] = []
    var finish = Finish.stop
    /// Sent as it is in place of the dialect's word for `finish`.
    var nativeFinish: String?
    var matchedStop: String?
    var usage = Usage()
    /// 32 hex digits that no other answer has.
    var identifier = ""
    /// Unix seconds.
    var time = 0
}

struct Usage: Equatable {
    /// All of the input, cached tokens included.
    var input = 0
    /// Of `input`: read from and written to a cache.
    var cached = 0
    var cacheWrite = 0
    /// All of the output, reasoning included.
    var output = 0
    var reasoning = 0
}

enum TokenCount {
    /// Four bytes a token: what English comes to with the tokenizers of the day.
    static func of(byteCount: Int) -> Int { (byteCount + 3) / 4 }
    static func of(_ text: String) -> Int { of(byteCount: text.utf8.count) }

    /// Markup that a chat adds to each message.
    static let perMessage = 4
}
