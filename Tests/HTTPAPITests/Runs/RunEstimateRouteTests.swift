import Access
import ByteCoding
import HTTPTesting
import Testing

@Suite("Estimates of runs")
struct RunEstimateRouteTests {
    private static let model = #"{"name":"mini","kind":"model","provider":"openai","model":"gpt-4.1-mini","prompt":"{{input}}"}"#

    @Test("cells are counted, models priced, applications not; nothing is made of it; another project's suite is unknown")
    func estimate() async throws {
        try await RunRoutes.with { routes in
            _ = try await routes.suite("capitals", cases: ["france", "spain", "italy"].map(RunRoutes.testCase))
            let body =
                #"{"suite":"capitals","repetitions":4,"spending_cap_usd":0.0001,"targets":[\#(Self.model),\#(RunRoutes.execTarget)]}"#
            let path = "/api/v1/runs/estimate"
            let estimate = try await routes.client.send("estimateRun", path, body: body, expect: 200)
            #expect(estimate["cases"]?.integerValue == 3 && estimate["cells"]?.integerValue == 24)
            #expect(estimate.text("basis") == "guess" && estimate["exceeds_spending_cap"]?.boolValue == true)
            let targets = estimate["targets"]?.arrayValue ?? []
            #expect(targets.map { $0.text("name") } == ["mini", "code"] && targets[1]["cost_usd"] == .null)
            #expect(targets[0]["output_tokens"]?.integerValue == 3_072)
            let input = targets[0]["input_tokens"]?.integerValue ?? 0
            #expect((30...400).contains(input))
            #expect(
                estimate["cost_usd"]?.doubleValue == targets[0]["cost_usd"]?.doubleValue && (targets[0]["cost_usd"]?.doubleValue ?? 0) > 0)
            #expect(try await routes.client.send("listRuns", "/api/v1/runs", expect: 200).data.isEmpty)
            for wrong in [
                #"{"suite":"none","targets":[\#(Self.model)]}"#, #"{"suite":"capitals","targets":[]}"#, "{}",
                #"{"suite":"capitals","suite_version":9,"targets":[\#(Self.model)]}"#,
            ] {
                try await routes.client.send("estimateRun", path, body: wrong, expect: 422)
            }
            try await routes.stranger().send("estimateRun", path, body: body, expect: 422)
        }
    }
}
