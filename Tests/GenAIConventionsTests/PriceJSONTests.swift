import ByteCoding
import SeededRandom
import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Prices as JSON")
struct PriceJSONTests {
    private func read(_ text: String) throws -> Price {
        try Price(try JSONValue.parse(text), source: "API") { Int64($0) }
    }

    @Test("any price comes back as it was written")
    func roundTrip() throws {
        let seed = TestSeed.next()
        print("PriceJSONTests seed: \(seed)")
        var random = SeededGenerator(seed: seed)
        func rates(_ random: inout SeededGenerator, always: Bool) -> TokenRates {
            var rates = TokenRates()
            for kind in TokenKind.allCases where always || Bool.random(using: &random) {
                rates[kind] = Double(Int.random(in: 0...1_000_000_000, using: &random)) / 1_000_000
            }
            if rates.isEmpty { rates.input = 1 }
            if always { for kind in TokenKind.allCases.shuffled(using: &random).prefix(4) where kind.whole != nil { rates[kind] = nil } }
            return rates
        }
        for _ in 0..<200 {
            let tiers = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                PriceTier(
                    ServiceTier.allCases.randomElement(using: &random) ?? .batch,
                    aboveInputTokens: Int64.random(in: 1...400_000, using: &random),
                    rates: rates(&random, always: false))
            }
            let price = Price(
                provider: Bool.random(using: &random) ? nil : "openai", modelPattern: "/m-\\d+/", effectiveFromUnixNano: 77,
                rates: rates(&random, always: true), tiers: tiers, source: "https://example.com")
            var writer = JSONWriter()
            writer.price(price) { String($0) }
            #expect(try Price(try JSONValue.parse(writer.bytes), source: "") { Int64($0) } == price)
        }
    }

    @Test("a price that makes no sense is refused with the place of its fault")
    func faults() throws {
        let good = #""model_pattern": "m", "effective_from": "5", "input_per_million": 1, "output_per_million": 2"#
        #expect(try read("{\(good)}").source == "API")
        let faults: [(String, String)] = [
            ("7", ""), ("{\(good), \"x\": 1}", ".x"), (#"{"effective_from": "5"}"#, ".model_pattern"),
            (#"{"model_pattern": "/a(/", "effective_from": "5", "input_per_million": 1, "output_per_million": 2}"#, ".model_pattern"),
            (#"{"model_pattern": "m", "effective_from": "5", "input_per_million": 1}"#, ".output_per_million"),
            (#"{"model_pattern": "m", "effective_from": "x", "input_per_million": 1, "output_per_million": 2}"#, ".effective_from"),
            ("{\(good), \"audio_input_per_million\": -1}", ".audio_input_per_million"),
            ("{\(good), \"audio_input_per_million\": 1000001}", ".audio_input_per_million"),
            ("{\(good), \"tiers\": 1}", ".tiers"), ("{\(good), \"tiers\": [7]}", ".tiers[0]"),
            ("{\(good), \"tiers\": [{\"service_tier\": \"batch\"}]}", ".tiers[0]"),
            ("{\(good), \"tiers\": [{\"input_per_million\": 1}]}", ".tiers[0]"),
            ("{\(good), \"tiers\": [{\"service_tier\": \"slow\", \"input_per_million\": 1}]}", ".tiers[0].service_tier"),
            ("{\(good), \"tiers\": [{\"above_input_tokens\": -1, \"input_per_million\": 1}]}", ".tiers[0].above_input_tokens"),
            ("{\(good), \"tiers\": [{\"service_tier\": \"batch\", \"input_per_million\": \"x\"}]}", ".tiers[0].input_per_million"),
            ("{\(good), \"tiers\": [{\"service_tier\": \"batch\", \"x\": 1}]}", ".tiers[0].x"),
        ]
        for (text, path) in faults {
            #expect(throws: PriceFault.self, "\(text)") { try read(text) }
            do { _ = try read(text) } catch let fault as PriceFault { #expect(fault.path == path, "\(text)") }
        }
        let tiers = Array(repeating: #"{"service_tier":"batch","input_per_million":1}"#, count: 17).joined(separator: ",")
        #expect(throws: PriceFault.self) { try read("{\(good), \"tiers\": [\(tiers)]}") }
    }
}
