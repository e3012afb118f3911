import ByteCoding
import Testing

@testable import Dashboard

@Suite("Charts of one user's traces") struct UserTracesTests {
    private static let start = "2026-11-21T10:00:00.000000000Z"

    private func rows() throws -> [JSONValue] {
        try (0..<4).map { number in
            try Hostile.json(
                #"""
                {"trace_id": "\#(number)", "start_time": "2026-11-21T10:0\#(number / 2):0\#(number).000000000Z", "duration_ms": \#(100 * (number + 1)),
                 "error_count": \#(number == 3 ? 2 : 0), "total_tokens": 10, "cost": \#(number == 1 ? "null" : "0.5"),
                 "user_id": "\#(number == 2 ? "bob" : "ada")"}
                """#)
        }
    }

    @Test("a trace counts once, when it began, and for the user who had it")
    func charts() throws {
        let range = TimeRange({ ["from": "all"][$0] })
        let charts = UserTraces(try rows(), of: "ada", isCut: false, range: range).charts("/t?q=user_id%3Aada")
        let totals = charts.compactMap(\.total).map { "\($0.metric) \($0.value)" }
        #expect(totals == ["user.trace_count 3.0", "user.error_rate \(1.0 / 3)", "user.cost 1.0", "user.total_tokens 30.0"])
        let counted = try #require(charts.first)
        #expect(counted.points.reduce(0) { $0 + ($1.values[0] ?? 0) } == 2 && counted.points.reduce(0) { $0 + ($1.values[1] ?? 0) } == 1)
        let url = counted.context["points"].arrayValue?.first?.text("url") ?? ""
        #expect(url.hasPrefix("/t?q=user_id%3Aada&from=2026-11-21T10%3A00"), "a point leads to the user's traces: \(url)")
        #expect(UserTraces([], of: "ada", isCut: false, range: range).charts("/t").isEmpty)
    }

    @Test("quantiles are interpolated between neighbours, as queries do")
    func quantiles() {
        #expect(UserTraces.quantile(0.5, of: [1, 2, 3, 10]) == 2.5 && UserTraces.quantile(0.95, of: [7]) == 7)
        #expect(UserTraces.quantile(0.99, of: []) == nil && UserTraces.quantile(0.5, of: [1, 5]) == 3)
    }

    @Test("charts of the newest traces alone say so")
    func cut() throws {
        let range = TimeRange({ _ in nil })
        #expect(UserTraces(try rows(), of: "ada", isCut: true, range: range).note == "The charts are of the newest 3 traces.")
        #expect(UserTraces(try rows(), of: "ada", isCut: false, range: range).note.isEmpty)
    }
}
