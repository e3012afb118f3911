/// The models of the sample, with what tells their telemetry apart: names, endpoints, speed, and how they cache and reason.
struct DemoModel: Sendable {
    var provider: String
    var requestModel: String
    /// As the provider names the snapshot that answered.
    var responseModel: String
    var host: String
    /// How often it is picked.
    var weight: UInt64
    /// Nanoseconds until the first token, and per token after it.
    var firstTokenNano: UInt64
    var perTokenNano: UInt64
    /// Thinks before it answers.
    var reasons: Bool
    /// Reports what it wrote to the cache, which is paid; the others cache by themselves.
    var reportsCacheWrites: Bool

    /// Of a call with that many output tokens, at most twelve seconds.
    func duration(outputTokens: Int64, _ random: inout DemoRandom) -> UInt64 {
        let plain = firstTokenNano + perTokenNano * UInt64(max(0, outputTokens))
        return min(plain * (80 + random.below(60)) / 100, 12_000_000_000)
    }
}

enum DemoModels {
    static let all: [DemoModel] = [
        DemoModel(
            provider: "openai", requestModel: "gpt-4.1", responseModel: "gpt-4.1-2025-04-14", host: "api.openai.com", weight: 5,
            firstTokenNano: 420_000_000, perTokenNano: 11_000_000, reasons: false, reportsCacheWrites: false),
        DemoModel(
            provider: "anthropic", requestModel: "claude-sonnet-4-5", responseModel: "claude-sonnet-4-5-20250929",
            host: "api.anthropic.com", weight: 5, firstTokenNano: 780_000_000, perTokenNano: 14_000_000, reasons: false,
            reportsCacheWrites: true),
        DemoModel(
            provider: "gcp.gemini", requestModel: "gemini-2.5-flash", responseModel: "gemini-2.5-flash",
            host: "generativelanguage.googleapis.com", weight: 3, firstTokenNano: 350_000_000, perTokenNano: 5_000_000, reasons: true,
            reportsCacheWrites: false),
        DemoModel(
            provider: "openai", requestModel: "o4-mini", responseModel: "o4-mini-2025-04-16", host: "api.openai.com", weight: 2,
            firstTokenNano: 900_000_000, perTokenNano: 8_000_000, reasons: true, reportsCacheWrites: false),
        DemoModel(
            provider: "x_ai", requestModel: "grok-4", responseModel: "grok-4-0709", host: "api.x.ai", weight: 1,
            firstTokenNano: 1_100_000_000, perTokenNano: 13_000_000, reasons: true, reportsCacheWrites: false),
    ]

    /// Sorts questions; always the same one.
    static let triage = DemoModel(
        provider: "openai", requestModel: "gpt-4.1-mini", responseModel: "gpt-4.1-mini-2025-04-14", host: "api.openai.com", weight: 0,
        firstTokenNano: 210_000_000, perTokenNano: 6_000_000, reasons: false, reportsCacheWrites: false)

    /// Answers when the agent's own model does not.
    static let fallback = DemoModel(
        provider: "anthropic", requestModel: "claude-haiku-4-5", responseModel: "claude-haiku-4-5-20251001", host: "api.anthropic.com",
        weight: 0, firstTokenNano: 380_000_000, perTokenNano: 7_000_000, reasons: false, reportsCacheWrites: true)

    static func pick(_ random: inout DemoRandom) -> DemoModel {
        var rest = random.below(all.reduce(0) { $0 + $1.weight })
        for model in all {
            if rest < model.weight { return model }
            rest -= model.weight
        }
        return triage
    }
}
