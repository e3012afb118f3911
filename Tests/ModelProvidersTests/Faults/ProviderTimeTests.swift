import CurlClient
import ModelProviders
import Testing

@Suite("The times of providers")
struct ProviderTimeTests {
    @Test(
        "are durations as Go prints them",
        arguments: [
            ("6m0s", Duration.seconds(360)), ("120ms", .milliseconds(120)), ("1h2m3.5s", .milliseconds(3_723_500)), ("39s", .seconds(39)),
            ("250µs", .microseconds(250)), ("7", .seconds(7)), ("0.5", .milliseconds(500)), ("", nil), ("s", nil), ("5x", nil),
            ("-1s", nil),
            ("1e300s", nil), ("nan", nil), ("99999h", nil),
        ] as [(String, Duration?)])
    func goDurations(text: String, duration: Duration?) { #expect(ProviderTime.goDuration(text) == duration) }

    @Test(
        "are RFC 3339 times with and without offsets",
        arguments: [
            ("1970-01-01T00:01:00Z", Duration.seconds(60)), ("1970-01-01t00:01:00.25z", .milliseconds(60_250)),
            ("1970-01-01T02:01:00+02:00", .seconds(60)), ("1969-12-31T22:01:00-02:00", nil),
            ("1970-01-02T00:00:00-00:01", .seconds(86_460)),
            ("1970-03-01T00:00:00Z", .seconds(59 * 86_400)), ("1970-01-01 00:01:00Z", nil), ("1970-13-01T00:00:00Z", nil), ("x", nil),
        ] as [(String, Duration?)])
    func rfc3339(text: String, duration: Duration?) { #expect(ProviderTime.untilRFC3339(text, nowUnixNano: 0) == duration) }

    @Test(
        "are HTTP dates or seconds",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Duration.seconds(7)), ("12", .seconds(12)), ("Sun, 06 Nov 1994 08:49:29 GMT", .zero),
            // A leap day, further off than the year at which delays are cut.
            ("Thu, 29 Feb 1996 00:00:00 GMT", .seconds(31_536_000)), ("06 Nov 1994", nil), ("Sun, 06 Nuv 1994 08:49:37 GMT", nil),
        ] as [(String, Duration?)])
    func httpDates(text: String, duration: Duration?) {
        #expect(ProviderTime.retryAfter(text, nowUnixNano: 784_111_770_000_000_000) == duration)
    }
}

@Suite("What headers say of rate limits")
struct RateLimitReportTests {
    @Test("is read from OpenAI's and from Anthropic's names")
    func names() {
        let openAI = RateLimitReport(
            [
                "x-ratelimit-limit-requests": "5000", "x-ratelimit-remaining-requests": "4999", "X-RateLimit-Reset-Requests": "12ms",
                "x-ratelimit-limit-tokens": "160000", "x-ratelimit-unknown": "1",
            ], nowUnixNano: 0)
        #expect(openAI.requests == .init(limit: 5000, remaining: 4999, reset: .milliseconds(12)))
        #expect(openAI.tokens == .init(limit: 160_000))
        let anthropic = RateLimitReport(
            [
                "anthropic-ratelimit-tokens-limit": "80000", "anthropic-ratelimit-tokens-remaining": "nan",
                "anthropic-ratelimit-tokens-reset": "1970-01-01T00:00:05Z", "anthropic-ratelimit-input-tokens-limit": "7",
            ], nowUnixNano: 0)
        #expect(anthropic.tokens == .init(limit: 80_000, reset: .seconds(5)) && !anthropic.isEmpty)
        #expect(RateLimitReport(["content-type": "x"], nowUnixNano: 0).isEmpty)
    }
}
