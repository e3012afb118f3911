/// What to do about an error, as a pure function of what came back: the body's code first, then the status.
///
/// A 429 may mean "in a moment" or "never again until somebody pays", and only the code says which.

import ByteCoding
import CurlClient

package enum FaultClassification {
    /// The fault of an HTTP answer that is not 200.
    ///
    /// - Parameter body: as much as is worth looking at.
    package static func fault(status: Int, headers: CurlHeaders, body: [UInt8], nowUnixNano: UInt64) -> ProviderFault {
        let said = ProviderErrorBody(reading: body)
        var fault = verdict(said.codes, status: status)
        fault.status = status
        fault.code = said.codes.first
        fault.providerMessage = said.message
        fault.requestID =
            (headers["x-request-id"] ?? headers["request-id"] ?? said.requestID)
            .map { String($0.prefix(ModelProvidersLimits.providerWordCharacterCount)) }
        fault.retryAfter = delay(fault.kind, headers, said, nowUnixNano)
        // The provider's word on trying again outranks the status, but no code that speaks of money, content or keys.
        switch headers["x-should-retry"] {
        case "false": fault.isFinal = true
        case "true" where fault.kind == .invalid: fault.kind = .retryable
        default: break
        }
        return fault
    }

    /// The fault of an error inside an answer with status 200. A provider that had begun to answer had taken the request: what is
    /// not known may go better the next time, unless the code blames the request.
    static func fault(inAnswer said: ProviderErrorBody) -> ProviderFault {
        let blamesRequest = said.codes.contains { $0.lowercased().hasPrefix("invalid_") }
        var fault = verdict(said.codes, status: said.status ?? (blamesRequest ? 400 : 500))
        fault.message = "the answer broke off: \(fault.message)"
        fault.status = said.status
        fault.code = said.codes.first
        fault.providerMessage = said.message
        fault.retryAfter = said.retryDelay
        return fault
    }

    /// The fault of a transfer that did not come to its end.
    package static func fault(_ error: CurlError) -> ProviderFault {
        switch error.code {
        // A head that makes no sense and a connection that ends before one are accidents of the way like the others.
        case .resolve, .connect, .timeout, .protocolFault: ProviderFault(.retryable, error.message)
        case .cancelled: ProviderFault(.cancelled, error.message)
        case .tls, .addressRefused, .tooLarge, .invalidRequest, .mailRefused: ProviderFault(.invalid, error.message)
        }
    }

    // MARK: The table

    private static func verdict(_ codes: [String], status: Int) -> ProviderFault {
        for code in codes.lazy.map({ $0.lowercased() }) {
            if let (kind, message) = verdict(ofCode: code) { return ProviderFault(kind, message) }
        }
        return verdict(ofStatus: status)
    }

    private static let moneyWords = [
        "insufficient_quota", "billing", "spend_limit", "spending_limit", "credit", "usage_limit", "budget_exceeded", "payment_required",
    ]
    private static let contentWords = [
        "content_policy", "content_filter", "policy_violation", "bio_policy", "cyber_policy", "moderation", "safety", "prohibited_content",
    ]

    /// Nil for words that say less than the status does.
    private static func verdict(ofCode code: String) -> (ProviderFault.Kind, String)? {
        if moneyWords.contains(where: { code.contains($0) }) {
            return (.refused, "the provider wants money: a spending limit is reached, or the credit is used up")
        }
        if contentWords.contains(where: { code.contains($0) }) { return (.refused, "the provider refuses the content") }
        switch code {
        case "authentication_error", "invalid_api_key", "api_key_invalid", "unauthenticated", "api_key_service_blocked",
            "api_key_expired", "incorrect_api_key":
            return (.auth, "the provider does not know the key")
        case "permission_error", "permission_denied", "insufficient_permissions", "organization_on_hold":
            return (.auth, "the key is not allowed to do this")
        case "rate_limit_exceeded", "rate_limit_error", "slow_down", "too_many_requests", "ramp_limit_exceeded":
            return (.limited, "the provider's rate limit is reached")
        case "overloaded_error", "server_is_overloaded", "server_overloaded", "unavailable", "engine_overloaded", "flex_unavailable":
            return (.retryable, "the provider is overloaded")
        case "timeout_error", "deadline_exceeded", "request_timeout", "vector_store_timeout":
            return (.retryable, "the provider ran out of time")
        case "api_error", "server_error", "internal_error", "internal":
            return (.retryable, "the provider failed")
        case "context_length_exceeded", "string_above_max_length", "request_too_large":
            return (.invalid, "the request is longer than the model takes")
        case "model_not_found", "not_found_error", "resource_not_found":
            return (.invalid, "the provider does not know the model or the path")
        case "invalid_request_error", "invalid_argument", "failed_precondition", "invalid_prompt", "invalid_request", "not_found":
            // Some send these with statuses that say more: 401, 402, 404, 429.
            return nil
        default: return nil
        }
    }

    private static func verdict(ofStatus status: Int) -> ProviderFault {
        switch status {
        case 200...299: ProviderFault(.invalid, "the provider answered \(status) without an answer")
        case 300...399: ProviderFault(.invalid, "the provider answered \(status): redirects are not followed; is the base URL right?")
        case 401: ProviderFault(.auth, "the provider does not know the key")
        case 402: ProviderFault(.refused, "the provider wants money: a spending limit is reached, or the credit is used up")
        case 403: ProviderFault(.auth, "the key is not allowed to do this")
        case 404: ProviderFault(.invalid, "the provider does not know the model or the path")
        case 408: ProviderFault(.retryable, "the provider ran out of time")
        case 409: ProviderFault(.retryable, "the provider reports a conflict with another request")
        case 413: ProviderFault(.invalid, "the request is longer than the provider takes")
        case 425: ProviderFault(.retryable, "the provider found the request too early")
        case 429: ProviderFault(.limited, "the provider's rate limit is reached")
        case 503, 529: ProviderFault(.retryable, "the provider is overloaded")
        case 501, 505: ProviderFault(.invalid, "the provider cannot do this: it answered \(status)")
        case 500...599: ProviderFault(.retryable, "the provider failed: it answered \(status)")
        default: ProviderFault(.invalid, "the provider does not accept the request: it answered \(status)")
        }
    }

    /// What the provider says first-hand; for a limit without that, when its buckets are full again.
    private static func delay(
        _ kind: ProviderFault.Kind, _ headers: CurlHeaders, _ said: ProviderErrorBody, _ nowUnixNano: UInt64
    ) -> Duration? {
        guard kind == .limited || kind == .retryable else { return nil }
        if let told = RateLimitReport.retryAfter(headers, nowUnixNano: nowUnixNano) ?? said.retryDelay { return told }
        return kind == .limited ? RateLimitReport(headers, nowUnixNano: nowUnixNano).resetOfExhausted : nil
    }
}
