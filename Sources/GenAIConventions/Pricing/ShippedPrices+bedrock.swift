/// Claude and Nova on Amazon Bedrock, by their ids there. Inference profiles of one region cost a tenth more for Claude from 4.5 on;
/// those of Nova have prices of their own outside the United States.

extension ShippedPrices {
    static let bedrock = prices(of: "aws.bedrock", source: "https://aws.amazon.com/bedrock/pricing/", claude + nova)

    private static let claude: [Row] =
        anywhereAndRegional("opus-4-7", Day(2026, 4, 16), 5, 25)
        + anywhereAndRegional("opus-4-6", Day(2026, 2, 5), 5, 25)
        + anywhereAndRegional("opus-4-5", Day(2025, 11, 24), 5, 25)
        + anywhereAndRegional("sonnet-4-6", Day(2026, 2, 17), 3, 15)
        + anywhereAndRegional("sonnet-4-5", Day(2025, 9, 29), 3, 15, hasBatch: true, isLongDearer: true)
        + anywhereAndRegional("haiku-4-5", Day(2025, 10, 15), 1, 5, hasBatch: true)
        + [
            Row(
                #"/([a-z]+\.)?anthropic\.claude-sonnet-4-2.*/"#, Day(2025, 5, 22), 3, 15, cacheRead: 0.3, cacheWrite: 3.75,
                tiers: [.above(200_000, 6, 22.5, cacheRead: 0.6, cacheWrite: 7.5)]),
            Row(#"/([a-z]+\.)?anthropic\.claude-opus-4-1-.*/"#, Day(2025, 8, 5), 15, 75, cacheRead: 1.5, cacheWrite: 18.75),
            Row(#"/([a-z]+\.)?anthropic\.claude-opus-4-2.*/"#, Day(2025, 5, 22), 15, 75, cacheRead: 1.5, cacheWrite: 18.75),
            Row(#"/([a-z]+\.)?anthropic\.claude-3-7-sonnet-.*/"#, Day(2025, 2, 24), 3, 15, cacheRead: 0.3, cacheWrite: 3.75),
        ]

    /// The cache is paid by the input: a tenth to read, a quarter more to write, and twice for an hour.
    private static func anywhereAndRegional(
        _ model: String, _ day: Day, _ input: Double, _ output: Double, hasBatch: Bool = false, isLongDearer: Bool = false
    ) -> [Row] {
        [(#"(global\.)?"#, 1), (#"(us|eu|jp|au)\."#, 1.1)].map { prefix, factor in
            func exact(_ rate: Double) -> Double { (rate * factor * 1e6).rounded() / 1e6 }
            var tiers: [PriceTier] = hasBatch ? [.batch(exact(input / 2), exact(output / 2))] : []
            if isLongDearer {
                tiers.append(
                    .above(
                        200_000, exact(input * 2), exact(output * 1.5), cacheRead: exact(input * 0.2), cacheWrite: exact(input * 2.5),
                        write1h: exact(input * 4)))
            }
            return Row(
                #"/\#(prefix)anthropic\.claude-\#(model)([-:].*)?/"#, day, exact(input), exact(output), cacheRead: exact(input * 0.1),
                cacheWrite: exact(input * 1.25), write1h: exact(input * 2), tiers: tiers)
        }
    }

    private static let nova: [Row] = [
        Row(
            #"/(us\.)?amazon\.nova-pro-v1:0/"#, Day(2024, 12, 3), 0.8, 3.2, cacheRead: 0.2,
            tiers: [.batch(0.4, 1.6), .flex(0.4, 1.6, cacheRead: 0.1), .priority(1.4, 5.6, cacheRead: 0.35)]),
        Row(
            #"/eu\.amazon\.nova-pro-v1:0/"#, Day(2024, 12, 3), 1.05, 4.2, cacheRead: 0.2625,
            tiers: [.flex(0.525, 2.1, cacheRead: 0.13125)]),
        Row(
            #"/apac\.amazon\.nova-pro-v1:0/"#, Day(2024, 12, 3), 0.84, 3.36, cacheRead: 0.21,
            tiers: [.flex(0.42, 1.68, cacheRead: 0.105)]),
        Row(#"/(us\.)?amazon\.nova-lite-v1:0/"#, Day(2024, 12, 3), 0.06, 0.24, cacheRead: 0.015, tiers: [.batch(0.03, 0.12)]),
        Row(#"/eu\.amazon\.nova-lite-v1:0/"#, Day(2024, 12, 3), 0.078, 0.312, cacheRead: 0.0195),
        Row(#"/apac\.amazon\.nova-lite-v1:0/"#, Day(2024, 12, 3), 0.063, 0.252, cacheRead: 0.01575),
        Row(#"/(us\.)?amazon\.nova-micro-v1:0/"#, Day(2024, 12, 3), 0.035, 0.14, cacheRead: 0.00875, tiers: [.batch(0.0175, 0.07)]),
        Row(#"/eu\.amazon\.nova-micro-v1:0/"#, Day(2024, 12, 3), 0.046, 0.184, cacheRead: 0.0115),
        Row(#"/apac\.amazon\.nova-micro-v1:0/"#, Day(2024, 12, 3), 0.037, 0.148, cacheRead: 0.00925),
    ]
}
