import TraceModel

@testable import GenAIConventions

/// OpenAI: cache, reasoning, days, service tiers, audio and images, long inputs.
/// The comment of each case is its arithmetic: tokens times US dollars per million, kind by kind.
extension HandComputedCost {
    static let openAI: [HandComputedCost] = [
        // 1,000 x 2 + 500 x 8 = 6000 millionths of a dollar
        HandComputedCost(
            "plain input and output",
            call("openai", "gpt-4.1", input: 1000, output: 500),
            [(1000, 2), (500, 8)]),
        // 700 x 2 + 300 x 0.5 + 500 x 8 = 5550 millionths of a dollar
        HandComputedCost(
            "a part of the input from the cache",
            call("openai", "gpt-4.1", input: 1000, output: 500, read: 300),
            [(700, 2), (300, 0.5), (500, 8)]),
        // 100 x 1.1 + 260 x 4.4 + 640 x 4.4 = 4070 millionths of a dollar
        HandComputedCost(
            "reasoning without a price of its own costs as output",
            call("openai", "o4-mini", input: 100, output: 900, reasoning: 640),
            [(100, 1.1), (260, 4.4), (640, 4.4)]),
        // 1,234 x 0.4 + 567 x 1.6 = 1400.8 millionths of a dollar
        HandComputedCost(
            "a snapshot costs as its model",
            call("openai", "gpt-4.1-mini-2025-04-14", input: 1234, output: 567),
            [(1234, 0.4), (567, 1.6)]),
        // 1,000 x 5 + 1,000 x 15 = 20000 millionths of a dollar
        HandComputedCost(
            "the alias before it moved",
            call("openai", "gpt-4o", input: 1000, output: 1000), on: Day(2024, 6, 1),
            [(1000, 5), (1000, 15)]),
        // 1,000 x 2.5 + 1,000 x 10 = 12500 millionths of a dollar
        HandComputedCost(
            "the alias on the day it moved",
            call("openai", "gpt-4o", input: 1000, output: 1000), on: Day(2024, 10, 2),
            [(1000, 2.5), (1000, 10)]),
        // 1,000 x 10 + 1,000 x 40 = 50000 millionths of a dollar
        HandComputedCost(
            "the day before a cut",
            call("openai", "o3", input: 1000, output: 1000), on: Day(2025, 6, 9),
            [(1000, 10), (1000, 40)]),
        // 1,000 x 2 + 1,000 x 8 = 10000 millionths of a dollar
        HandComputedCost(
            "the day of a cut",
            call("openai", "o3", input: 1000, output: 1000), on: Day(2025, 6, 10),
            [(1000, 2), (1000, 8)]),
        // no price, no cost
        HandComputedCost(
            "before the model was there",
            call("openai", "gpt-5", input: 1000, output: 1000), on: Day(2025, 8, 6),
            nil),
        // 1,000 x 1 + 500 x 4 = 3000 millionths of a dollar
        HandComputedCost(
            "a batch",
            call("openai", "gpt-4.1", input: 1000, output: 500, [("openai.response.service_tier", "batch")]),
            [(1000, 1), (500, 4)]),
        // 200 x 0.625 + 800 x 0.0625 + 300 x 5 = 1675 millionths of a dollar
        HandComputedCost(
            "a batch with cached tokens",
            call("openai", "gpt-5", input: 1000, output: 300, read: 800, [("openai.response.service_tier", "batch")]),
            [(200, 0.625), (800, 0.0625), (300, 5)]),
        // 600 x 1 + 400 x 1 = 1000 millionths of a dollar
        HandComputedCost(
            "a batch whose price knows no cache: cached tokens are input of the batch",
            call("openai", "gpt-4.1", input: 1000, output: 0, read: 400, [("openai.response.service_tier", "batch")]),
            [(600, 1), (400, 1)]),
        // 500 x 0.55 + 500 x 0.138 + 100 x 2.2 = 564 millionths of a dollar
        HandComputedCost(
            "flexible service at prices of its own",
            call("openai", "o4-mini", input: 1000, output: 100, read: 500, [("gen_ai.openai.response.service_tier", "flex")]),
            [(500, 0.55), (500, 0.138), (100, 2.2)]),
        // 1,000 x 0.125 + 100 x 1 = 225 millionths of a dollar
        HandComputedCost(
            "flexible service without prices of its own is a batch",
            call("openai", "gpt-5-mini", input: 1000, output: 100, [("openai.response.service_tier", "flex")]),
            [(1000, 0.125), (100, 1)]),
        // 800 x 2.5 + 200 x 0.25 + 100 x 20 = 4050 millionths of a dollar
        HandComputedCost(
            "priority",
            call("openai", "gpt-5", input: 1000, output: 100, read: 200, [("openai.response.service_tier", "priority")]),
            [(800, 2.5), (200, 0.25), (100, 20)]),
        // 1,000 x 1.25 + 100 x 10 = 2250 millionths of a dollar
        HandComputedCost(
            "the default tier is the standard one",
            call("openai", "gpt-5", input: 1000, output: 100, [("openai.response.service_tier", "default")]),
            [(1000, 1.25), (100, 10)]),
        // 400 x 2.5 + 600 x 40 + 100 x 10 + 400 x 80 = 58000 millionths of a dollar
        HandComputedCost(
            "audio in and out",
            call(
                "openai", "gpt-4o-audio-preview", input: 1000, output: 500,
                [("gen_ai.usage.audio.input_tokens", .int(600)), ("gen_ai.usage.audio.output_tokens", .int(400))]),
            [(400, 2.5), (600, 40), (100, 10), (400, 80)]),
        // 300 x 4 + 100 x 0.4 + 300 x 32 + 200 x 0.4 + 100 x 5 + 50 x 16 + 150 x 64 = 21820 millionths of a dollar
        HandComputedCost(
            "cached audio and images of a live conversation",
            call(
                "openai", "gpt-realtime", input: 1000, output: 200, read: 300,
                [
                    ("gen_ai.usage.audio.input_tokens", .int(500)), ("gen_ai.usage.audio.cache_read.input_tokens", .int(200)),
                    ("gen_ai.usage.image.input_tokens", .int(100)), ("gen_ai.usage.audio.output_tokens", .int(150)),
                ]),
            [(300, 4), (100, 0.4), (300, 32), (200, 0.4), (100, 5), (50, 16), (150, 64)]),
        // 50 x 5 + 100 x 10 + 1,000 x 40 = 41250 millionths of a dollar
        HandComputedCost(
            "a picture that was made",
            call(
                "openai", "gpt-image-1", input: 150, output: 1000,
                [("gen_ai.usage.image.input_tokens", .int(100)), ("gen_ai.usage.image.output_tokens", .int(1000))]),
            [(50, 5), (100, 10), (1000, 40)]),
        // 200,000 x 5 + 100,000 x 0.5 + 1,000 x 22.5 = 1072500 millionths of a dollar
        HandComputedCost(
            "a long input costs more for all of its tokens",
            call("openai", "gpt-5.4", input: 300000, output: 1000, read: 100000), on: Day(2026, 4, 1),
            [(200000, 5), (100000, 0.5), (1000, 22.5)]),
        // 10,000 x 0.02 = 200 millionths of a dollar
        HandComputedCost(
            "vectors",
            call("openai", "text-embedding-3-small", input: 10000, output: 0),
            [(10000, 0.02)]),
        // 10,000 x 0.065 = 650 millionths of a dollar
        HandComputedCost(
            "vectors in a batch",
            call("openai", "text-embedding-3-large", input: 10000, output: 0, [("openai.response.service_tier", "batch")]),
            [(10000, 0.065)]),
    ]
}
