/// Why a call gets an error, in no provider's words yet.

struct Refusal: Error, Equatable {
    var status: Int
    var message: String
    /// The bad member of the request, as OpenAI names it.
    var parameter: String?
    /// OpenAI's `code`; Anthropic's `details.error_code`.
    var code: String?
    /// OpenAI's `type`, where it is not the one of the status.
    var type: String?
    /// Gemini's `status`, where it is not the one of the number.
    var geminiStatus: String?
    /// Gemini's `ErrorInfo.reason`.
    var reason: String?
    /// Seconds until the caller may come again; nil when no delay is told.
    var retrySeconds: Double?
    /// Whether the delay stands in headers, too.
    var hasRetryHeaders = false
    /// Whether headers say that a limit is reached.
    var hasLimitHeaders = false

    init(_ status: Int, _ message: String, parameter: String? = nil, code: String? = nil, reason: String? = nil) {
        self.status = status
        self.message = message
        self.parameter = parameter
        self.code = code
        self.reason = reason
    }

    /// A request that the provider calls invalid.
    static func invalid(_ message: String, at parameter: String? = nil, code: String? = nil) -> Refusal {
        Refusal(400, message, parameter: parameter, code: code)
    }

    /// A directive that the stand-in does not understand: a mistake in a test, which must not pass for a provider's answer.
    static func directive(_ message: String) -> Refusal { Refusal(400, "stand-in directive: \(message)", code: "stand_in_directive") }
}
