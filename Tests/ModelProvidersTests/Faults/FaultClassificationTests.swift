import CurlClient
import Testing

@testable import ModelProviders

@Suite("A fault")
struct FaultClassificationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var status: Int
        var headers: CurlHeaders = [:]
        var body = ""
        var kind: ProviderFault.Kind
        var retryAfter: Duration?
        var isFinal = false
        var testDescription: String { "\(status) \(headers.fields.map { "\($0.name)=\($0.value)" }) \(body)" }
    }

    private static let money = #"{"error":{"message":"m","type":"insufficient_quota","param":null,"code":"CODE"}}"#

    static let rows: [Row] = [
        // OpenAI: the same status, three meanings.
        Row(status: 429, body: #"{"error":{"message":"m","type":"rate_limit_error","code":"rate_limit_exceeded"}}"#, kind: .limited),
        Row(status: 429, body: #"{"error":{"type":"rate_limit_error","code":"slow_down"}}"#, kind: .limited),
        Row(status: 429, body: money.replacing("CODE", with: "insufficient_quota"), kind: .refused),
        Row(status: 429, body: money.replacing("CODE", with: "credit_balance_exhausted"), kind: .refused),
        Row(status: 429, body: money.replacing("CODE", with: "project_spend_limit_exceeded"), kind: .refused),
        Row(status: 429, body: money.replacing(#""CODE""#, with: "null"), kind: .refused),
        Row(status: 400, body: #"{"error":{"code":"content_policy_violation","type":"invalid_request_error"}}"#, kind: .refused),
        Row(status: 400, body: #"{"error":{"type":"invalid_request_error","code":null,"message":"m"}}"#, kind: .invalid),
        Row(status: 400, body: #"{"error":{"type":"invalid_request_error","code":"context_length_exceeded"}}"#, kind: .invalid),
        Row(status: 401, body: #"{"error":{"code":"invalid_api_key","type":"invalid_request_error"}}"#, kind: .auth),
        Row(status: 404, body: #"{"error":{"code":"model_not_found"}}"#, kind: .invalid),
        Row(status: 503, body: #"{"error":{"code":"server_is_overloaded"}}"#, kind: .retryable),
        // Anthropic.
        Row(status: 400, body: #"{"type":"error","error":{"type":"invalid_request_error"}}"#, kind: .invalid),
        Row(status: 401, body: #"{"type":"error","error":{"type":"authentication_error"}}"#, kind: .auth),
        Row(status: 402, body: #"{"type":"error","error":{"type":"billing_error"}}"#, kind: .refused),
        Row(status: 403, body: #"{"type":"error","error":{"type":"permission_error"}}"#, kind: .auth),
        Row(status: 404, body: #"{"type":"error","error":{"type":"not_found_error"}}"#, kind: .invalid),
        Row(status: 409, body: #"{"type":"error","error":{"type":"conflict_error"}}"#, kind: .retryable),
        Row(status: 413, body: #"{"type":"error","error":{"type":"request_too_large"}}"#, kind: .invalid),
        Row(
            status: 429, headers: ["retry-after": "7"], body: #"{"error":{"type":"rate_limit_error"}}"#, kind: .limited,
            retryAfter: .seconds(7)),
        Row(
            status: 429, body: #"{"error":{"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
            kind: .refused),
        Row(status: 500, body: #"{"error":{"type":"api_error"}}"#, kind: .retryable),
        Row(status: 504, body: #"{"error":{"type":"timeout_error"}}"#, kind: .retryable),
        Row(status: 529, body: #"{"error":{"type":"overloaded_error"}}"#, kind: .retryable),
        Row(status: 529, kind: .retryable),
        // Gemini: the delay is in the body.
        Row(
            status: 429,
            body:
                #"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"x/QuotaFailure","violations":[]},"#
                + #"{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"39s"}]}}"#,
            kind: .limited, retryAfter: .seconds(39)),
        Row(status: 402, body: #"{"error":{"code":402,"status":"RESOURCE_EXHAUSTED"}}"#, kind: .refused),
        Row(
            status: 400, body: #"{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#, kind: .auth),
        Row(status: 403, body: #"{"error":{"code":403,"status":"PERMISSION_DENIED"}}"#, kind: .auth),
        Row(status: 503, body: #"[{"error":{"code":503,"status":"UNAVAILABLE"}}]"#, kind: .retryable),
        // xAI and others.
        Row(status: 400, body: #"{"code":"Some words","error":"Incorrect input"}"#, kind: .invalid),
        Row(status: 422, body: #"{"detail":"no"}"#, kind: .invalid),
        Row(status: 502, body: "<html>bad gateway</html>", kind: .retryable),
        Row(status: 408, kind: .retryable), Row(status: 425, kind: .retryable), Row(status: 501, kind: .invalid),
        Row(status: 307, kind: .invalid), Row(status: 204, kind: .invalid), Row(status: 401, kind: .auth), Row(status: 429, kind: .limited),
        // What the headers say.
        Row(status: 429, headers: ["Retry-After-Ms": "250", "Retry-After": "9"], kind: .limited, retryAfter: .milliseconds(250)),
        Row(status: 503, headers: ["Retry-After": "1.5"], kind: .retryable, retryAfter: .milliseconds(1500)),
        Row(status: 503, headers: ["Retry-After": "Wed, 18 Nov 2026 11:06:50 GMT"], kind: .retryable, retryAfter: .seconds(10)),
        Row(status: 429, headers: ["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], kind: .limited, retryAfter: .zero),
        Row(status: 429, headers: ["Retry-After": "soon"], kind: .limited),
        Row(
            status: 429, headers: ["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m2.5s"], kind: .limited,
            retryAfter: .milliseconds(62_500)),
        Row(
            status: 429, headers: ["x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": "1m"], kind: .limited),
        Row(
            status: 429,
            headers: ["anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "2026-11-18T11:07:00Z"],
            kind: .limited, retryAfter: .seconds(20)),
        Row(status: 400, headers: ["retry-after": "5"], kind: .invalid),
        Row(status: 400, headers: ["x-should-retry": "true"], kind: .retryable),
        Row(status: 503, headers: ["x-should-retry": "false"], kind: .retryable, isFinal: true),
        Row(status: 429, headers: ["x-should-retry": "true"], body: money.replacing("CODE", with: "x"), kind: .refused),
    ]

    /// 2026-11-18 11:06:40 UTC.
    static let now: UInt64 = 1_795_000_000_000_000_000

    @Test("is sorted by its code first and its status then", arguments: rows)
    func sorting(row: Row) {
        let fault = FaultClassification.fault(
            status: row.status, headers: row.headers, body: Array(row.body.utf8), nowUnixNano: Self.now)
        #expect(fault.kind == row.kind)
        #expect(fault.retryAfter == row.retryAfter)
        #expect(fault.isFinal == row.isFinal)
        #expect(fault.status == row.status)
        #expect(fault.mayBeRetried == ((row.kind == .retryable || row.kind == .limited) && !row.isFinal))
        #expect(!fault.message.isEmpty && !fault.message.hasSuffix("."))
    }

    @Test("keeps the provider's own words apart from its message, cut to a bound, with the id of the request")
    func providerMessage() {
        let body = #"{"error":{"message":"\#(String(repeating: "prompt ", count: 1000))","code":"\#(String(repeating: "c", count: 900))"}}"#
        let fault = FaultClassification.fault(
            status: 400, headers: ["X-Request-Id": "req-1"], body: Array(body.utf8), nowUnixNano: 0)
        #expect(fault.providerMessage?.count == 500 && fault.code?.count == 100 && fault.requestID == "req-1")
        #expect(!fault.message.contains("prompt") && !fault.description.contains("prompt"))
    }

    @Test(
        "of a transfer is retryable when the way was at fault",
        arguments: [
            (CurlError.Code.resolve, ProviderFault.Kind.retryable), (.connect, .retryable), (.timeout(.firstByte), .retryable),
            (.protocolFault, .retryable), (.tls, .invalid), (.addressRefused, .invalid), (.tooLarge, .invalid),
            (.invalidRequest, .invalid), (.cancelled, .cancelled),
        ])
    func transfers(code: CurlError.Code, kind: ProviderFault.Kind) {
        #expect(FaultClassification.fault(CurlError(code, "it broke")).kind == kind)
    }

    @Test("conceals the key in all that a provider says, also where a text was cut in the middle of it")
    func concealed() {
        let secret = "sk-0123456789abcdef"
        let body = #"{"error":{"message":"\#(String(repeating: "x", count: 485)) \#(secret)","code":"\#(secret)"}}"#
        var fault = FaultClassification.fault(status: 401, headers: ["x-request-id": secret], body: Array(body.utf8), nowUnixNano: 0)
        fault.conceal(secret)
        #expect(fault.code == "(key)" && fault.requestID == "(key)")
        #expect(fault.providerMessage?.hasSuffix("x (key)") == true)
    }
}
