import Testing

@testable import Dashboard

@Suite struct TimeRangeTests {
    private let now: Int64 = 1_800_000_000_000_000_000

    private func range(_ from: String? = nil, _ to: String? = nil) -> TimeRange {
        TimeRange({ $0 == "from" ? from : to }, now: now)
    }

    @Test("a day unless the address says otherwise; everything, a distance from now, or a time")
    func reading() {
        let hour: Int64 = 3_600_000_000_000
        #expect(range().start == now - 24 * hour && range().end == now && range().text == "Last 24 hours")
        #expect(range("all").start == nil && range("all").text == "All times" && range("all").parameters.isEmpty)
        #expect(range("-90m").start == now - 90 * 60_000_000_000 && range("-90m").text == "Last 90m")
        #expect(range("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z").end == 1_772_409_600_000_000_000)
        #expect(range("-2h", "-1h").end == now - hour)
        #expect(range("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z").parameters.map(\.0) == ["from", "to"])
    }

    @Test(
        "what is no time is said, and the default stands in for it",
        arguments: ["yesterday", "-", "-5", "-5y", "--5h", "5h", "-99999999999999d"])
    func nonsense(text: String) {
        #expect(range(text).problem != nil && range(text).from == TimeRange.defaultFrom)
        #expect(range(nil, text).problem != nil)
    }

    @Test("a range that ends before it begins is said to")
    func backwards() { #expect(range("-1h", "-2h").problem?.contains("ends before") == true) }
}
