/// The faults that are answers with a status, in each provider's own terms.

extension Fault {
    private static let defaultRetrySeconds = 1.0

    /// Nil for the faults that are no answer with a status.
    func refusal(_ dialect: Dialect, retrySeconds: Double?) -> Refusal? {
        guard let status else { return nil }
        var refusal = Refusal(status, "stand-in fault: \(rawValue)")
        switch self {
        case .badRequest: refusal.parameter = dialect.isOpenAIShaped ? "messages" : nil
        case .unauthorized:
            refusal.code = "invalid_api_key"
            refusal.message = "Incorrect API key provided."
        case .notFound:
            refusal.code = "model_not_found"
            refusal.message = "The model does not exist or you do not have access to it."
        case .rateLimit, .rateLimitInBody:
            let seconds = retrySeconds ?? Self.defaultRetrySeconds
            refusal.code = "rate_limit_exceeded"
            refusal.type = "rate_limit_error"
            refusal.message = "Rate limit reached. Please try again in \(seconds.shortText)s."
            refusal.retrySeconds = seconds
            // Gemini tells the delay in the body alone, unless a test asks for it in so many words.
            refusal.hasRetryHeaders = self == .rateLimit && (dialect != .gemini || retrySeconds != nil)
            refusal.hasLimitHeaders = self == .rateLimit
        case .insufficientQuota, .creditBalanceExhausted, .spendLimit, .paymentRequired: refusal.isAboutMoney(self, dialect)
        case .unavailable:
            refusal.code = "server_is_overloaded"
            refusal.message = "The model is overloaded. Please try again later."
        case .overloaded: refusal.message = "Overloaded"
        default: break
        }
        if let retrySeconds, refusal.retrySeconds == nil {
            refusal.retrySeconds = retrySeconds
            refusal.hasRetryHeaders = true
        }
        return refusal
    }
}

extension Refusal {
    /// No retry brings money back: no delay is told.
    fileprivate mutating func isAboutMoney(_ fault: Fault, _ dialect: Dialect) {
        type = "insufficient_quota"
        switch fault {
        case .insufficientQuota:
            message = "You exceeded your current quota, please check your plan and billing details."
            code = "insufficient_quota"
        case .creditBalanceExhausted:
            message = "Your credit balance is exhausted. Please add credits to continue."
            code = "credit_balance_exhausted"
        case .spendLimit:
            message = "You have reached the spend limit you set."
            code = "billing_hard_limit_reached"
        default:
            message = "Payment is required to continue."
            code = "payment_required"
        }
        switch dialect {
        // One message for everything about money, and no code beside it.
        case .xAI where fault != .paymentRequired:
            message = "Your team has either used all available credits or reached its monthly spending limit."
        case .anthropic where status == 429 && fault != .creditBalanceExhausted: code = "enforced_spend_limit_reached"
        case .anthropic: status = 402
        case .gemini where fault != .insufficientQuota:
            status = 402
            geminiStatus = "RESOURCE_EXHAUSTED"
        default: break
        }
    }
}

extension Double {
    /// Without a point when it is whole.
    var shortText: String { self == rounded() && magnitude < 1e15 ? String(Int(self)) : description }
}
