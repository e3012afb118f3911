/// What may go wrong on demand, by name. The dialects say how their provider words it (`DialectErrors`).

import ByteCoding

enum Fault: String, CaseIterable {
    // An answer with an error's status.
    case badRequest = "bad_request"
    case unauthorized
    case paymentRequired = "payment_required"
    case forbidden
    case notFound = "not_found"
    case timeout
    case conflict
    case tooLarge = "too_large"
    case unprocessable
    /// 429 with the provider's rate-limit headers and `Retry-After`; for Gemini the delay stands in the body, as it does there.
    case rateLimit = "rate_limit"
    /// 429 without any header: the delay stands in the body only.
    case rateLimitInBody = "rate_limit_in_body"
    case insufficientQuota = "insufficient_quota"
    case creditBalanceExhausted = "credit_balance_exhausted"
    case spendLimit = "spend_limit"
    case serverError = "server_error"
    case badGateway = "bad_gateway"
    case unavailable
    case gatewayTimeout = "gateway_timeout"
    case overloaded
    // What a proxy or a broken line makes of an answer.
    case cutBeforeHead = "cut_before_head"
    case cutInBody = "cut_in_body"
    case cutInStream = "cut_in_stream"
    case streamError = "stream_error"
    case streamWithoutFinish = "stream_without_finish"
    case silence
    case malformedJSON = "malformed_json"
    case hugeBody = "huge_body"
    case wrongContentType = "wrong_content_type"

    /// Nil for those that are no answer with a status.
    var status: Int? {
        switch self {
        case .badRequest: 400
        case .unauthorized: 401
        case .paymentRequired: 402
        case .forbidden: 403
        case .notFound: 404
        case .timeout: 408
        case .conflict: 409
        case .tooLarge: 413
        case .unprocessable: 422
        case .rateLimit, .rateLimitInBody, .insufficientQuota, .creditBalanceExhausted, .spendLimit: 429
        case .serverError: 500
        case .badGateway: 502
        case .unavailable: 503
        case .gatewayTimeout: 504
        case .overloaded: 529
        default: nil
        }
    }

    /// Whether it needs a stream; a call that asked for none has its connection cut in mid-body instead.
    var needsStream: Bool { [.cutInStream, .streamError, .streamWithoutFinish].contains(self) }
}
