/// The headers that providers put on every answer: the request's id, and what is left of the limits.

@preconcurrency import Glibc
import NIOHTTP1

enum AnswerHeaders {
    private static let requestLimit = 10_000
    private static let tokenLimit = 2_000_000

    /// - Parameter isLimited: the limit of requests is reached and comes back in a second.
    static func common(_ dialect: Dialect, requestID: String, isLimited: Bool, time: Int) -> HTTPHeaders {
        var headers = HTTPHeaders()
        let remaining = String(isLimited ? 0 : requestLimit - 1), tokens = String(isLimited ? 0 : tokenLimit - 1)
        switch dialect {
        case .gemini: headers.add(name: "server-timing", value: "gfet4t7; dur=1")
        case .anthropic:
            headers.add(name: "request-id", value: requestID)
            headers.add(name: "anthropic-organization-id", value: "00000000-0000-4000-8000-000000000001")
            let reset = UTCTime.text(time + 1)
            for (name, limit, remaining) in [
                ("requests", requestLimit, remaining), ("tokens", tokenLimit, tokens), ("input-tokens", tokenLimit, tokens),
                ("output-tokens", tokenLimit, tokens),
            ] {
                headers.add(name: "anthropic-ratelimit-\(name)-limit", value: String(limit))
                headers.add(name: "anthropic-ratelimit-\(name)-remaining", value: remaining)
                headers.add(name: "anthropic-ratelimit-\(name)-reset", value: reset)
            }
        default:
            headers.add(name: "x-request-id", value: requestID)
            headers.add(name: "openai-processing-ms", value: "1")
            headers.add(name: "openai-version", value: "2020-10-01")
            headers.add(name: "x-ratelimit-limit-requests", value: String(requestLimit))
            headers.add(name: "x-ratelimit-limit-tokens", value: String(tokenLimit))
            headers.add(name: "x-ratelimit-remaining-requests", value: remaining)
            headers.add(name: "x-ratelimit-remaining-tokens", value: tokens)
            headers.add(name: "x-ratelimit-reset-requests", value: isLimited ? "1s" : "6ms")
            headers.add(name: "x-ratelimit-reset-tokens", value: isLimited ? "1s" : "0s")
        }
        return headers
    }
}

/// Unix seconds as RFC 3339.
enum UTCTime {
    static func text(_ seconds: Int) -> String {
        var time = time_t(seconds), parts = tm()
        gmtime_r(&time, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}
