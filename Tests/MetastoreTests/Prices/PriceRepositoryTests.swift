import GenAIConventions
import Metastore
import PostgresTesting
import Testing

@Suite struct PriceRepositoryTests {
    private func price(_ model: String, _ input: Double, provider: String? = nil, from: UInt64 = 1_000_000_000) -> Price {
        Price(
            provider: provider, modelPattern: model, effectiveFromUnixNano: from, inputPerMillion: input, outputPerMillion: 2 * input,
            source: "test")
    }

    @Test("a new database has the program's prices, every one exactly")
    func shipped() async throws {
        let test = try await TestMetastore.open()
        let book = try await test.metastore.prices.book()
        #expect(book.version == 1)
        // Of prices with one key the table keeps the last.
        let shipped = Dictionary(ShippedPrices.all.map { (Key($0), $0) }, uniquingKeysWith: { $1 })
        #expect(Dictionary(book.prices.map { (Key($0), $0) }, uniquingKeysWith: { $1 }) == shipped)
        #expect(book.prices.count == shipped.count)
    }

    private struct Key: Hashable {
        let provider: String?
        let model: String
        let from: UInt64
        init(_ price: Price) { (provider, model, from) = (price.provider, price.modelPattern, price.effectiveFromUnixNano) }
    }

    @Test("prices that people set count, make a new version, and are not overwritten by a newer program's")
    func set() async throws {
        let prices = try await TestMetastore.open().metastore.prices
        #expect(try await prices.set([price("my-model", 0.5, provider: "acme"), price("o3*", 1e-7)]) == 2)
        let usage = TokenUsage(input: 1_000_000, output: 1_000_000)
        let book = try await prices.book()
        #expect(book.version == 2)
        #expect(book.cost(provider: "acme", model: "my-model", usage: usage, at: 2_000_000_000) == 1.5)
        #expect(
            try await prices.seed(
                [price("my-model", 5, provider: "acme"), price("new-model", 3)], shippedVersion: ShippedPrices.version + 1))
        let next = try await prices.book()
        #expect(next.version == 3)
        #expect(next.cost(provider: "acme", model: "my-model", usage: usage, at: 2_000_000_000) == 1.5)
        #expect(next.cost(provider: nil, model: "new-model", usage: usage, at: 2_000_000_000) == 9)
        #expect(try await prices.set([price("new-model", 4)]) == 4)
        #expect(try await prices.book().cost(provider: nil, model: "new-model", usage: usage, at: 2_000_000_000) == 12)
    }

    @Test("an older or equal program's prices change nothing")
    func oldSeed() async throws {
        let prices = try await TestMetastore.open().metastore.prices
        #expect(try await !prices.seed([price("x", 1)], shippedVersion: ShippedPrices.version))
        #expect(try await prices.book().version == 1)
    }

    @Test("a newer program corrects its own prices")
    func correction() async throws {
        let prices = try await TestMetastore.open().metastore.prices
        _ = try await prices.seed([price("x", 1)], shippedVersion: ShippedPrices.version + 1)
        _ = try await prices.seed([price("x", 2)], shippedVersion: ShippedPrices.version + 2)
        #expect(try await prices.book().price(provider: nil, model: "x", at: 2_000_000_000)?.inputPerMillion == 2)
    }

    @Test("one wrong price refuses all of its batch")
    func wrongPrice() async throws {
        let prices = try await TestMetastore.open().metastore.prices
        for wrong in [price("x", -1), price("x", .nan), price("x", .infinity), price("", 1), price("a*b", 1), price("x", 1, from: .max)] {
            let error = await failure { try await prices.set([price("good", 1), wrong]) }
            #expect(error?.code == .invalid, "\(wrong): \(String(describing: error))")
        }
        #expect(try await prices.book().version == 1)
        #expect(try await prices.book().price(provider: nil, model: "good", at: 2_000_000_000) == nil)
    }

    @Test("changes made at once get versions of their own")
    func concurrently() async throws {
        let prices = try await TestMetastore.open().metastore.prices
        let versions = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<8 { group.addTask { try await prices.set([price("m\(number)", 1)]) } }
            return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect(versions == Set(2...9))
    }
}
