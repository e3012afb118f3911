import TraceModel

@testable import GenAIConventions

/// Google: thoughts, long prompts, batches, audio and images.
/// The comment of each case is its arithmetic: tokens times US dollars per million, kind by kind.
extension HandComputedCost {
    static let google: [HandComputedCost] = [
        // 900 x 0.3 + 100 x 0.03 + 300 x 2.5 + 700 x 2.5 = 2773 millionths of a dollar
        HandComputedCost(
            "thoughts are output",
            call("gcp.gemini", "gemini-2.5-flash", input: 1000, output: 1000, read: 100, reasoning: 700),
            [(900, 0.3), (100, 0.03), (300, 2.5), (700, 2.5)]),
        // 100,000 x 1.25 + 1,000 x 10 = 135000 millionths of a dollar
        HandComputedCost(
            "a short prompt",
            call("gcp.gemini", "gemini-2.5-pro", input: 100000, output: 1000),
            [(100000, 1.25), (1000, 10)]),
        // 200,000 x 2.5 + 50,000 x 0.25 + 1,000 x 15 = 527500 millionths of a dollar
        HandComputedCost(
            "a long prompt with cache",
            call("gcp.vertex_ai", "gemini-2.5-pro", input: 250000, output: 1000, read: 50000),
            [(200000, 2.5), (50000, 0.25), (1000, 15)]),
        // 250,000 x 1.25 + 1,000 x 7.5 = 320000 millionths of a dollar
        HandComputedCost(
            "a long prompt in a batch",
            call("gcp.gemini", "gemini-2.5-pro", input: 250000, output: 1000, [("gen_ai.response.service_tier", "batch")]),
            [(250000, 1.25), (1000, 7.5)]),
        // 200 x 0.3 + 800 x 1 + 100 x 2.5 = 1110 millionths of a dollar
        HandComputedCost(
            "heard, not read",
            call("gcp.gemini", "gemini-2.5-flash", input: 1000, output: 100, [("gen_ai.usage.audio.input_tokens", .int(800))]),
            [(200, 0.3), (800, 1), (100, 2.5)]),
        // 200 x 0.05 + 800 x 0.15 + 100 x 0.2 = 150 millionths of a dollar
        HandComputedCost(
            "heard in a batch",
            call(
                "gcp.gemini", "gemini-2.5-flash-lite", input: 1000, output: 100,
                [("gen_ai.usage.audio.input_tokens", .int(800)), ("gen_ai.response.service_tier", "batch")]),
            [(200, 0.05), (800, 0.15), (100, 0.2)]),
        // 742 x 0.3 + 258 x 0.3 + 100 x 2.5 = 550 millionths of a dollar
        HandComputedCost(
            "seen: pictures without a price of their own are input",
            call("gcp.gemini", "gemini-2.5-flash", input: 1000, output: 100, [("gen_ai.usage.image.input_tokens", .int(258))]),
            [(742, 0.3), (258, 0.3), (100, 2.5)]),
        // 1,000 x 2 + 100 x 12 = 3200 millionths of a dollar
        HandComputedCost(
            "Google's name for a model",
            call("google", "models/gemini-3-pro-preview", input: 1000, output: 100),
            [(1000, 2), (100, 12)]),
    ]
}
