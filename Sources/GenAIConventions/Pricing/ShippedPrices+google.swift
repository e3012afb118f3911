/// Google's published prices. Images and video cost as text does; what is read from the cache costs the same in a batch.

extension ShippedPrices {
    static let google = prices(
        of: nil, source: "https://ai.google.dev/gemini-api/docs/pricing",
        [
            Row(
                "gemini-3.1-pro-preview", Day(2026, 2, 23), 2, 12, cacheRead: 0.2,
                tiers: pro3 + [.priority(3.6, 21.6, cacheRead: 0.36)] + long31),
            Row("gemini-3-pro-preview", Day(2025, 11, 18), 2, 12, cacheRead: 0.2, tiers: pro3),
            Row(
                "gemini-3-flash-preview", Day(2025, 12, 19), 0.5, 3, cacheRead: 0.05, parts: [.audioInput: 1, .audioCacheRead: 0.1],
                tiers: [
                    .batch(0.25, 1.5, cacheRead: 0.05, audioInput: 0.5, audioCacheRead: 0.1),
                    .priority(0.9, 5.4, cacheRead: 0.09, audioInput: 1.8, audioCacheRead: 0.18),
                ]),
            Row(
                "gemini-2.5-pro", Day(2025, 6, 17), 1.25, 10, cacheRead: 0.31,
                tiers: [
                    .batch(0.625, 5, cacheRead: 0.31), .above(200_000, 2.5, 15, cacheRead: 0.625),
                    .batch(1.25, 7.5, cacheRead: 0.625, above: 200_000),
                ]),
            Row(
                "gemini-2.5-pro", Day(2025, 10, 31), 1.25, 10, cacheRead: 0.125,
                tiers: [
                    .batch(0.625, 5, cacheRead: 0.125), .above(200_000, 2.5, 15, cacheRead: 0.25),
                    .batch(1.25, 7.5, cacheRead: 0.25, above: 200_000), .priority(2.25, 18, cacheRead: 0.225),
                    .priority(4.5, 27, cacheRead: 0.45, above: 200_000),
                ]),
            Row(
                "gemini-2.5-flash", Day(2025, 6, 17), 0.3, 2.5, cacheRead: 0.075, parts: [.audioInput: 1, .audioCacheRead: 0.25],
                tiers: [.batch(0.15, 1.25, cacheRead: 0.075, audioInput: 0.5, audioCacheRead: 0.25)]),
            Row(
                "gemini-2.5-flash", Day(2025, 10, 31), 0.3, 2.5, cacheRead: 0.03, parts: [.audioInput: 1, .audioCacheRead: 0.1],
                tiers: [
                    .batch(0.15, 1.25, cacheRead: 0.03, audioInput: 0.5, audioCacheRead: 0.1),
                    .priority(0.54, 4.5, cacheRead: 0.054, audioInput: 1.8, audioCacheRead: 0.18),
                ]),
            Row(
                "gemini-2.5-flash-lite", Day(2025, 7, 22), 0.1, 0.4, cacheRead: 0.025, parts: [.audioInput: 0.3],
                tiers: [.batch(0.05, 0.2, cacheRead: 0.025, audioInput: 0.15)]),
            Row(
                "gemini-2.5-flash-lite", Day(2025, 10, 31), 0.1, 0.4, cacheRead: 0.01, parts: [.audioInput: 0.3, .audioCacheRead: 0.03],
                tiers: [
                    .batch(0.05, 0.2, cacheRead: 0.01, audioInput: 0.15, audioCacheRead: 0.03),
                    .priority(0.18, 0.72, cacheRead: 0.018, audioInput: 0.54, audioCacheRead: 0.054),
                ]),
            Row("gemini-2.0-flash", Day(2025, 2, 5), 0.1, 0.4, cacheRead: 0.025, parts: flash2, tiers: batch2),
            Row("gemini-2.0-flash-001", Day(2025, 2, 5), 0.1, 0.4, cacheRead: 0.025, parts: flash2, tiers: batch2),
            Row("gemini-2.0-flash-lite", Day(2025, 2, 25), 0.075, 0.3),
            Row("gemini-2.0-flash-lite-001", Day(2025, 2, 25), 0.075, 0.3),
            Row("gemini-1.5-pro*", Day(2024, 10, 1), 1.25, 5, cacheRead: 0.3125, tiers: [.above(128_000, 2.5, 10, cacheRead: 0.625)]),
            Row(
                "gemini-1.5-flash*", Day(2024, 8, 12), 0.075, 0.3, cacheRead: 0.01875,
                tiers: [.above(128_000, 0.15, 0.6, cacheRead: 0.0375)]),
            Row(
                "gemini-1.5-flash-8b*", Day(2024, 10, 3), 0.0375, 0.15, cacheRead: 0.01,
                tiers: [.above(128_000, 0.075, 0.3, cacheRead: 0.02)]),
            Row("gemini-embedding-001", Day(2025, 7, 14), 0.15, 0, tiers: [.batch(0.075, 0)]),
        ])

    private static let pro3: [PriceTier] = [
        .batch(1, 6, cacheRead: 0.2), .above(200_000, 4, 18, cacheRead: 0.4), .batch(2, 9, cacheRead: 0.4, above: 200_000),
    ]
    private static let long31: [PriceTier] = [.priority(7.2, 32.4, cacheRead: 0.72, above: 200_000)]
    private static let flash2: [TokenKind: Double] = [.audioInput: 0.7, .audioCacheRead: 0.175]
    private static let batch2: [PriceTier] = [.batch(0.05, 0.2, cacheRead: 0.025, audioInput: 0.35, audioCacheRead: 0.175)]
}
