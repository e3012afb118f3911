/// Errors as each provider words them: the envelope, the names of types and statuses, the headers.

import ByteCoding
import NIOHTTP1

enum DialectErrors {
    static func reply(_ refusal: Refusal, _ dialect: Dialect, requestID: String, time: Int, directive: Directive) -> Reply {
        var headers = AnswerHeaders.common(dialect, requestID: requestID, isLimited: refusal.hasLimitHeaders, time: time)
        addRetry(refusal, directive, &headers)
        return .whole(status: refusal.status, headers: headers, body(refusal, dialect, requestID: requestID).bytes)
    }

    static func body(_ refusal: Refusal, _ dialect: Dialect, requestID: String) -> JSONValue {
        switch dialect {
        case .anthropic:
            let details: JSONValue? = refusal.code.flatMap {
                $0 == "enforced_spend_limit_reached" ? ["error_code": .string($0)] : nil
            }
            let error: JSONValue = ["type": .string(anthropicType(refusal.status)), "message": .string(refusal.message)]
            return [
                "type": "error", "error": details.map { error.with([("details", $0)]) } ?? error, "request_id": .string(requestID),
            ]
        case .gemini: return ["error": geminiError(refusal)]
        // Flat, and both are plain text.
        case .xAI: return ["code": .string(xAICode(refusal.status)), "error": .string(refusal.message)]
        default: return ["error": openAIError(refusal)]
        }
    }

    static func openAIError(_ refusal: Refusal) -> JSONValue {
        [
            "message": .string(refusal.message), "type": .string(refusal.type ?? openAIType(refusal.status)),
            "param": .text(refusal.parameter), "code": .text(refusal.code),
        ]
    }

    static func openAIType(_ status: Int) -> String {
        switch status {
        case 429: "rate_limit_error"
        case 503: "service_unavailable_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// The words of the gRPC status that xAI's servers put in front.
    static func xAICode(_ status: Int) -> String {
        switch status {
        case 401: "The request does not have valid authentication credentials"
        case 402, 429: "Some resource has been exhausted"
        case 403: "The caller does not have permission to execute the specified operation"
        case 404: "Some requested entity was not found"
        case 408, 504: "Deadline expired before operation could complete"
        case 500: "Internal error"
        case 501...: "The service is currently unavailable"
        default: "Client specified an invalid argument"
        }
    }

    static func anthropicType(_ status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 409: "conflict_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 408, 504: "timeout_error"
        case 529: "overloaded_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }

    static func geminiStatus(_ status: Int) -> String {
        switch status {
        case 401: "UNAUTHENTICATED"
        case 402, 429: "RESOURCE_EXHAUSTED"
        case 403: "PERMISSION_DENIED"
        case 404: "NOT_FOUND"
        case 408, 504: "DEADLINE_EXCEEDED"
        case 409: "ABORTED"
        case 499: "CANCELLED"
        case 503: "UNAVAILABLE"
        case 500...: status == 500 ? "INTERNAL" : "UNAVAILABLE"
        default: "INVALID_ARGUMENT"
        }
    }

    private static func geminiError(_ refusal: Refusal) -> JSONValue {
        var details: [JSONValue] = []
        if refusal.type == "insufficient_quota" {
            details.append([
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [["quotaMetric": "generativelanguage.googleapis.com/generate_content_requests", "quotaValue": "0"]],
            ])
        }
        if let seconds = refusal.retrySeconds {
            details.append(["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": .string(seconds.shortText + "s")])
        }
        if let reason = refusal.reason {
            details.append([
                "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": .string(reason), "domain": "googleapis.com",
            ])
        }
        let error: JSONValue = [
            "code": .count(refusal.status), "message": .string(refusal.message),
            "status": .string(refusal.geminiStatus ?? geminiStatus(refusal.status)),
        ]
        return details.isEmpty ? error : error.with([("details", .array(details))])
    }

    private static func addRetry(_ refusal: Refusal, _ directive: Directive, _ headers: inout HTTPHeaders) {
        if let shouldRetry = directive.shouldRetry { headers.add(name: "x-should-retry", value: shouldRetry ? "true" : "false") }
        if case .string(let date)? = directive.retryAfter { return headers.add(name: "retry-after", value: date) }
        guard refusal.hasRetryHeaders, let seconds = refusal.retrySeconds, directive.retryAfter != .bool(false) else { return }
        if seconds != seconds.rounded() { headers.add(name: "retry-after-ms", value: (seconds * 1000).rounded().shortText) }
        headers.add(name: "retry-after", value: seconds.rounded(.up).shortText)
    }
}
