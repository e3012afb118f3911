import TraceModel

/// The price table Spandrel starts with: published list prices of common models, as facts with their source and day.
///
/// US dollars per million tokens. Batch, flex and priority rates and those for long inputs stand beside the standard ones where the
/// provider publishes them; what is not there is not known (xAI's rates for long inputs, hours of the day at DeepSeek until September
/// 2025 and from September 2026 on). Rates of tiers, audio, images and Bedrock were compared with LiteLLM 1.109.1 and genai-prices 0.2.3
/// on 2026-11-22. The day is the model's release, the day the price changed, or, where neither is known, the day the price was seen on
/// the page; a span before it has no price rather than a wrong one. Prices that hang on no provider are those of models that cost
/// the same wherever they are sold under their maker's name; open-weight models have a price of their maker's API only.
package enum ShippedPrices {
    /// Grows with every change of the table.
    package static let version: Int64 = 3

    package static let all: [Price] = openAI + anthropic + bedrock + google + xAI + mistral + deepSeek + cohere + voyage

    package static let book = PriceBook(version: version, prices: all)

    /// OpenAI. Flexible service costs as a batch where it has no prices of its own. GPT-4o's alias moved to the snapshot of 2024-08-06 on
    /// 2024-10-02.
    private static let openAI = prices(
        of: nil, source: "https://platform.openai.com/docs/pricing",
        [
            Row(
                "gpt-5.5", Day(2026, 4, 23), 5, 30, cacheRead: 0.5,
                tiers: [
                    .above(272_000, 10, 45, cacheRead: 1), .batch(2.5, 15, cacheRead: 0.25),
                    .batch(5, 22.5, cacheRead: 0.5, above: 272_000), .priority(12.5, 75, cacheRead: 1.25),
                ]),
            Row(
                "gpt-5.4", Day(2026, 3, 5), 2.5, 15, cacheRead: 0.25,
                tiers: [
                    .above(272_000, 5, 22.5, cacheRead: 0.5), .batch(1.25, 7.5, cacheRead: 0.13),
                    .batch(2.5, 11.25, cacheRead: 0.25, above: 272_000), .priority(5, 30, cacheRead: 0.5),
                ]),
            Row(
                "gpt-5.4-mini", Day(2026, 3, 17), 0.75, 4.5, cacheRead: 0.075,
                tiers: [.batch(0.375, 2.25, cacheRead: 0.0375), .priority(1.5, 9, cacheRead: 0.15)]),
            Row("gpt-5.4-nano", Day(2026, 3, 17), 0.2, 1.25, cacheRead: 0.02, tiers: [.batch(0.1, 0.625, cacheRead: 0.01)]),
            Row(
                "gpt-5.2", Day(2025, 12, 11), 1.75, 14, cacheRead: 0.175,
                tiers: [.batch(0.875, 7, cacheRead: 0.0875), .priority(3.5, 28, cacheRead: 0.35)]),
            Row("gpt-5.2-pro", Day(2025, 12, 11), 21, 168, tiers: [.batch(10.5, 84)]),
            Row(
                "gpt-5.1", Day(2025, 11, 13), 1.25, 10, cacheRead: 0.125,
                tiers: [.batch(0.625, 5, cacheRead: 0.0625), .priority(2.5, 20, cacheRead: 0.25)]),
            Row(
                "gpt-5", Day(2025, 8, 7), 1.25, 10, cacheRead: 0.125,
                tiers: [.batch(0.625, 5, cacheRead: 0.0625), .priority(2.5, 20, cacheRead: 0.25)]),
            Row("gpt-5-chat-latest", Day(2025, 8, 7), 1.25, 10, cacheRead: 0.125),
            Row("gpt-5-codex", Day(2025, 9, 23), 1.25, 10, cacheRead: 0.125),
            Row(
                "gpt-5-mini", Day(2025, 8, 7), 0.25, 2, cacheRead: 0.025,
                tiers: [.batch(0.125, 1, cacheRead: 0.0125), .priority(0.45, 3.6, cacheRead: 0.045)]),
            Row("gpt-5-nano", Day(2025, 8, 7), 0.05, 0.4, cacheRead: 0.005, tiers: [.batch(0.025, 0.2, cacheRead: 0.0025)]),
            Row("gpt-5-pro", Day(2025, 10, 6), 15, 120, tiers: [.batch(7.5, 60)]),
            Row("gpt-4.1", Day(2025, 4, 14), 2, 8, cacheRead: 0.5, tiers: [.batch(1, 4), .priority(3.5, 14, cacheRead: 0.875)]),
            Row(
                "gpt-4.1-mini", Day(2025, 4, 14), 0.4, 1.6, cacheRead: 0.1,
                tiers: [.batch(0.2, 0.8), .priority(0.7, 2.8, cacheRead: 0.175)]),
            Row(
                "gpt-4.1-nano", Day(2025, 4, 14), 0.1, 0.4, cacheRead: 0.025,
                tiers: [.batch(0.05, 0.2), .priority(0.2, 0.8, cacheRead: 0.05)]),
            Row("gpt-4o", Day(2024, 5, 13), 5, 15, tiers: [.batch(2.5, 7.5)]),
            Row("gpt-4o", Day(2024, 10, 2), 2.5, 10, cacheRead: 1.25, tiers: [.batch(1.25, 5), .priority(4.25, 17, cacheRead: 2.125)]),
            Row("gpt-4o-2024-05-13", Day(2024, 5, 13), 5, 15, tiers: [.batch(2.5, 7.5), .priority(8.75, 26.25)]),
            Row(
                "gpt-4o-2024-08-06", Day(2024, 8, 6), 2.5, 10, cacheRead: 1.25,
                tiers: [.batch(1.25, 5), .priority(4.25, 17, cacheRead: 2.125)]),
            Row("chatgpt-4o-latest", Day(2024, 8, 14), 5, 15),
            Row(
                "gpt-4o-mini", Day(2024, 7, 18), 0.15, 0.6, cacheRead: 0.075,
                tiers: [.batch(0.075, 0.3), .priority(0.25, 1, cacheRead: 0.125)]),
            Row("gpt-4o-audio-preview", Day(2024, 12, 17), 2.5, 10, parts: [.audioInput: 40, .audioOutput: 80]),
            Row("gpt-4o-mini-audio-preview", Day(2024, 12, 17), 0.15, 0.6, parts: [.audioInput: 10, .audioOutput: 20]),
            Row(
                "gpt-realtime", Day(2025, 8, 28), 4, 16, cacheRead: 0.4,
                parts: [.audioInput: 32, .audioCacheRead: 0.4, .audioOutput: 64, .imageInput: 5, .imageCacheRead: 0.5]),
            Row(
                "gpt-image-1", Day(2025, 4, 23), 5, 40, cacheRead: 1.25,
                parts: [.imageInput: 10, .imageCacheRead: 2.5, .imageOutput: 40],
                tiers: [imageBatch]),
            Row(
                "o4-mini", Day(2025, 4, 16), 1.1, 4.4, cacheRead: 0.275,
                tiers: [.batch(0.55, 2.2), .flex(0.55, 2.2, cacheRead: 0.138), .priority(2, 8, cacheRead: 0.5)]),
            Row("o3", Day(2025, 4, 16), 10, 40, cacheRead: 2.5, tiers: [.batch(5, 20)]),
            Row(
                "o3", Day(2025, 6, 10), 2, 8, cacheRead: 0.5,
                tiers: [.batch(1, 4), .flex(1, 4, cacheRead: 0.25), .priority(3.5, 14, cacheRead: 0.875)]),
            Row("o3-pro", Day(2025, 6, 10), 20, 80, tiers: [.batch(10, 40)]),
            Row("o3-mini", Day(2025, 1, 31), 1.1, 4.4, cacheRead: 0.55, tiers: [.batch(0.55, 2.2)]),
            Row("o1", Day(2024, 12, 17), 15, 60, cacheRead: 7.5, tiers: [.batch(7.5, 30)]),
            Row("o1-preview", Day(2024, 9, 12), 15, 60, cacheRead: 7.5),
            Row("o1-mini", Day(2024, 9, 12), 3, 12, cacheRead: 1.5),
            Row("o1-mini", Day(2025, 1, 31), 1.1, 4.4, cacheRead: 0.55),
            Row("o1-pro", Day(2025, 3, 19), 150, 600, tiers: [.batch(75, 300)]),
            Row("gpt-4-turbo", Day(2024, 4, 9), 10, 30),
            Row("gpt-4", Day(2023, 3, 14), 30, 60),
            Row("gpt-3.5-turbo", Day(2024, 1, 25), 0.5, 1.5),
            Row("text-embedding-3-large", Day(2024, 1, 25), 0.13, 0, tiers: [.batch(0.065, 0)]),
            Row("text-embedding-3-small", Day(2024, 1, 25), 0.02, 0, tiers: [.batch(0.01, 0)]),
            Row("text-embedding-ada-002", Day(2023, 6, 13), 0.1, 0, tiers: [.batch(0.05, 0)]),
        ])

    /// What comes out has no rate of its own there.
    private static let imageBatch: PriceTier = {
        var rates = TokenRates(input: 2.5, output: 40, cacheRead: 0.63)
        rates.imageInput = 5
        return PriceTier(.batch, rates: rates)
    }()

    /// Anthropic. What is written for an hour costs twice the input, and a batch half of everything, long inputs included. From 2026-03-13
    /// on long inputs of the models of 4.6 cost as short ones.
    private static let anthropic = prices(
        of: nil, source: "https://docs.anthropic.com/en/docs/about-claude/pricing",
        [
            Row(
                "claude-opus-4-7", Day(2026, 4, 16), 5, 25, cacheRead: 0.5, cacheWrite: 6.25, write1h: 10,
                tiers: [.batch(2.5, 12.5, cacheRead: 0.25, cacheWrite: 3.125, write1h: 5)]),
            Row(
                "claude-opus-4-6", Day(2026, 2, 5), 5, 25, cacheRead: 0.5, cacheWrite: 6.25, write1h: 10,
                tiers: [
                    .batch(2.5, 12.5, cacheRead: 0.25, cacheWrite: 3.125, write1h: 5),
                    .above(200_000, 10, 37.5, cacheRead: 1, cacheWrite: 12.5, write1h: 20),
                    .batch(5, 18.75, cacheRead: 0.5, cacheWrite: 6.25, write1h: 10, above: 200_000),
                ]),
            Row(
                "claude-opus-4-6", Day(2026, 3, 13), 5, 25, cacheRead: 0.5, cacheWrite: 6.25, write1h: 10,
                tiers: [.batch(2.5, 12.5, cacheRead: 0.25, cacheWrite: 3.125, write1h: 5)]),
            Row(
                "claude-opus-4-5", Day(2025, 11, 24), 5, 25, cacheRead: 0.5, cacheWrite: 6.25, write1h: 10,
                tiers: [.batch(2.5, 12.5, cacheRead: 0.25, cacheWrite: 3.125, write1h: 5)]),
            Row(
                "claude-sonnet-4-6", Day(2026, 2, 17), 3, 15, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6, tiers: longSonnet),
            Row(
                "claude-sonnet-4-6", Day(2026, 3, 13), 3, 15, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6,
                tiers: [.batch(1.5, 7.5, cacheRead: 0.15, cacheWrite: 1.875, write1h: 3)]),
            Row(
                "claude-sonnet-4-5", Day(2025, 9, 29), 3, 15, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6, tiers: longSonnet),
            Row(
                "claude-haiku-4-5", Day(2025, 10, 15), 1, 5, cacheRead: 0.1, cacheWrite: 1.25, write1h: 2,
                tiers: [.batch(0.5, 2.5, cacheRead: 0.05, cacheWrite: 0.625, write1h: 1)]),
            Row(
                "claude-opus-4-1", Day(2025, 8, 5), 15, 75, cacheRead: 1.5, cacheWrite: 18.75, write1h: 30,
                tiers: [.batch(7.5, 37.5, cacheRead: 0.75, cacheWrite: 9.375, write1h: 15)]),
            Row(
                "claude-opus-4", Day(2025, 5, 22), 15, 75, cacheRead: 1.5, cacheWrite: 18.75, write1h: 30,
                tiers: [.batch(7.5, 37.5, cacheRead: 0.75, cacheWrite: 9.375, write1h: 15)]),
            Row(
                "claude-opus-4-0", Day(2025, 5, 22), 15, 75, cacheRead: 1.5, cacheWrite: 18.75, write1h: 30,
                tiers: [.batch(7.5, 37.5, cacheRead: 0.75, cacheWrite: 9.375, write1h: 15)]),
            Row(
                "claude-sonnet-4", Day(2025, 5, 22), 3, 15, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6, tiers: longSonnet),
            Row(
                "claude-sonnet-4-0", Day(2025, 5, 22), 3, 15, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6, tiers: longSonnet),
            Row(
                "claude-3-7-sonnet*", Day(2025, 2, 24), 3, 15, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6,
                tiers: [.batch(1.5, 7.5, cacheRead: 0.15, cacheWrite: 1.875, write1h: 3)]),
            Row(
                "claude-3-5-sonnet*", Day(2024, 6, 20), 3, 15, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6,
                tiers: [.batch(1.5, 7.5, cacheRead: 0.15, cacheWrite: 1.875, write1h: 3)]),
            Row(
                "claude-3-5-haiku*", Day(2025, 1, 1), 0.8, 4, cacheRead: 0.08, cacheWrite: 1, write1h: 1.6,
                tiers: [.batch(0.4, 2, cacheRead: 0.04, cacheWrite: 0.5, write1h: 0.8)]),
            Row(
                "claude-3-opus*", Day(2024, 3, 4), 15, 75, cacheRead: 1.5, cacheWrite: 18.75, write1h: 30,
                tiers: [.batch(7.5, 37.5, cacheRead: 0.75, cacheWrite: 9.375, write1h: 15)]),
            Row(
                "claude-3-haiku*", Day(2024, 3, 13), 0.25, 1.25, cacheRead: 0.03, cacheWrite: 0.3, write1h: 0.5,
                tiers: [.batch(0.125, 0.625, cacheRead: 0.015, cacheWrite: 0.15, write1h: 0.25)]),
        ])

    private static let longSonnet: [PriceTier] = [
        .batch(1.5, 7.5, cacheRead: 0.15, cacheWrite: 1.875, write1h: 3),
        .above(200_000, 6, 22.5, cacheRead: 0.6, cacheWrite: 7.5, write1h: 12),
        .batch(3, 11.25, cacheRead: 0.3, cacheWrite: 3.75, write1h: 6, above: 200_000),
    ]

    /// xAI.
    private static let xAI = prices(
        of: nil, source: "https://docs.x.ai/docs/models",
        [
            Row("grok-4", Day(2025, 7, 9), 3, 15, cacheRead: 0.75),
            Row("grok-4-0709", Day(2025, 7, 9), 3, 15, cacheRead: 0.75),
            Row("grok-4-latest", Day(2025, 7, 9), 3, 15, cacheRead: 0.75),
            Row("grok-4-fast-reasoning", Day(2025, 9, 19), 0.2, 0.5, cacheRead: 0.05),
            Row("grok-4-fast-non-reasoning", Day(2025, 9, 19), 0.2, 0.5, cacheRead: 0.05),
            Row("grok-4-1-fast-reasoning", Day(2025, 11, 19), 0.2, 0.5, cacheRead: 0.05),
            Row("grok-4-1-fast-non-reasoning", Day(2025, 11, 19), 0.2, 0.5, cacheRead: 0.05),
            Row("grok-code-fast-1", Day(2025, 8, 28), 0.2, 1.5, cacheRead: 0.02),
            Row("grok-3", Day(2025, 4, 9), 3, 15, cacheRead: 0.75),
            Row("grok-3-mini", Day(2025, 4, 9), 0.3, 0.5, cacheRead: 0.075),
            Row("grok-2-1212", Day(2024, 12, 12), 2, 10),
        ])

    /// Mistral: releases by number; the `-latest` names move between prices and are left out.
    private static let mistral = prices(
        of: "mistral_ai", source: "https://mistral.ai/pricing",
        [
            Row("mistral-large-2512", Day(2025, 12, 2), 0.5, 1.5, cacheRead: 0.05),
            Row("mistral-large-2411", Day(2024, 11, 18), 2, 6),
            Row("mistral-medium-2505", Day(2025, 5, 7), 0.4, 2),
            Row("mistral-medium-2508", Day(2025, 8, 12), 0.4, 2, cacheRead: 0.04),
            Row("mistral-small-2503", Day(2025, 3, 17), 0.1, 0.3),
            Row("mistral-small-2506", Day(2025, 6, 20), 0.1, 0.3),
            Row("magistral-medium-25*", Day(2025, 6, 10), 2, 5),
            Row("magistral-small-25*", Day(2025, 6, 10), 0.5, 1.5),
            Row("codestral-2501", Day(2025, 1, 13), 0.3, 0.9),
            Row("codestral-2508", Day(2025, 7, 30), 0.3, 0.9, cacheRead: 0.03),
            Row("pixtral-large-2411", Day(2024, 11, 18), 2, 6),
            Row("open-mistral-nemo*", Day(2024, 9, 17), 0.15, 0.15),
            Row("mistral-embed", Day(2024, 2, 26), 0.1, 0),
        ])

    /// DeepSeek. Where the hour of the day counts, the price of its busy hours.
    private static let deepSeek = prices(
        of: "deepseek", source: "https://api-docs.deepseek.com/quick_start/pricing",
        [
            Row("deepseek-v4-flash", Day(2026, 5, 12), 0.14, 0.28, cacheRead: 0.0028),
            Row("deepseek-v4-flash", Day(2026, 8, 17), 0.22, 0.66, cacheRead: 0.007),
            Row("deepseek-v4-flash", Day(2026, 9, 10), 0.3, 1.2, cacheRead: 0.006),
            Row("deepseek-chat", Day(2025, 2, 9), 0.27, 1.1, cacheRead: 0.07),
            Row("deepseek-chat", Day(2025, 9, 5), 0.56, 1.68, cacheRead: 0.07),
            Row("deepseek-chat", Day(2025, 9, 29), 0.28, 0.42, cacheRead: 0.028),
            Row("deepseek-reasoner", Day(2025, 1, 20), 0.55, 2.19, cacheRead: 0.14),
            Row("deepseek-reasoner", Day(2025, 9, 5), 0.56, 1.68, cacheRead: 0.07),
            Row("deepseek-reasoner", Day(2025, 9, 29), 0.28, 0.42, cacheRead: 0.028),
        ])

    struct Row {
        let model: String
        let day: Day
        let rates: TokenRates
        let tiers: [PriceTier]

        init(
            _ model: String, _ day: Day, _ input: Double, _ output: Double, cacheRead: Double? = nil, cacheWrite: Double? = nil,
            write1h: Double? = nil, parts: [TokenKind: Double] = [:], tiers: [PriceTier] = []
        ) {
            self.model = model
            self.day = day
            var rates = TokenRates(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite)
            rates.cacheWrite1h = write1h
            for (kind, rate) in parts { rates[kind] = rate }
            self.rates = rates
            self.tiers = tiers
        }
    }

    static func prices(of provider: String?, source: String, _ rows: [Row]) -> [Price] {
        rows.map { row in
            Price(
                provider: provider, modelPattern: row.model, effectiveFromUnixNano: row.day.unixNano, rates: row.rates, tiers: row.tiers,
                source: source)
        }
    }
}

extension PriceTier {
    static func batch(
        _ input: Double, _ output: Double, cacheRead: Double? = nil, cacheWrite: Double? = nil, write1h: Double? = nil,
        audioInput: Double? = nil, audioCacheRead: Double? = nil, above: Int64 = 0
    ) -> PriceTier {
        var rates = TokenRates(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite)
        (rates.cacheWrite1h, rates.audioInput, rates.audioCacheRead) = (write1h, audioInput, audioCacheRead)
        return PriceTier(.batch, aboveInputTokens: above, rates: rates)
    }

    static func flex(_ input: Double, _ output: Double, cacheRead: Double? = nil) -> PriceTier {
        PriceTier(.flex, rates: TokenRates(input: input, output: output, cacheRead: cacheRead))
    }

    static func priority(
        _ input: Double, _ output: Double, cacheRead: Double? = nil, audioInput: Double? = nil, audioCacheRead: Double? = nil,
        above: Int64 = 0
    ) -> PriceTier {
        var rates = TokenRates(input: input, output: output, cacheRead: cacheRead)
        (rates.audioInput, rates.audioCacheRead) = (audioInput, audioCacheRead)
        return PriceTier(.priority, aboveInputTokens: above, rates: rates)
    }

    static func above(
        _ inputTokens: Int64, _ input: Double, _ output: Double, cacheRead: Double? = nil, cacheWrite: Double? = nil,
        write1h: Double? = nil
    ) -> PriceTier {
        var rates = TokenRates(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite)
        rates.cacheWrite1h = write1h
        return PriceTier(aboveInputTokens: inputTokens, rates: rates)
    }
}

/// A day of the Gregorian calendar from 1970 on, at midnight UTC.
struct Day {
    let unixNano: UInt64

    init(_ year: Int, _ month: Int, _ day: Int) {
        // Years begin in March here, so that the leap day is the last of its year; 719,468 days lie between 0000-03-01 and 1970-01-01.
        let shiftedYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayNumber = 365 * shiftedYear + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
        unixNano = UInt64(max(0, dayNumber)) * 86_400_000_000_000
    }
}
