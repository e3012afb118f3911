import GenAIConventions
import Metastore
import PostgresTesting
import Testing
import TraceModel

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

    @Test("every rate, tier and expression of a price comes back as it was set")
    func details() async throws {
        let prices = try await TestMetastore.open().metastore.prices
        var rates = TokenRates()
        for (number, kind) in TokenKind.allCases.enumerated() { rates[kind] = Double(number) + 0.0000001 }
        let full = Price(
            provider: "acme", modelPattern: #"/m-(a|b)\.\d+/"#, effectiveFromUnixNano: 1_000_000_000, rates: rates,
            tiers: [
                PriceTier(.batch, rates: TokenRates(input: 0.5)),
                PriceTier(.flex, aboveInputTokens: 200_000, rates: TokenRates(output: 0.1234567891, cacheRead: 0)),
            ], source: "test")
        _ = try await prices.set([full])
        #expect(try await prices.book().price(provider: "acme", model: "m-a.7", at: 2_000_000_000) == full)
    }

    @Test("prices of a project count before those of its organization, and these before the installation's; others have theirs")
    func owners() async throws {
        let test = try await TestMetastore.open()
        let metastore = test.metastore, prices = metastore.prices
        let organization = try await metastore.organizations.create(name: "Acme").id
        let other = try await metastore.organizations.create(name: "Other").id
        let first = try await metastore.projects.create(name: "first", in: organization).id
        let second = try await metastore.projects.create(name: "second", in: organization).id
        let stranger = try await metastore.projects.create(name: "first", in: other).id
        _ = try await prices.set([price("m", 1), price("n", 10)])
        #expect(try await prices.replace([price("m", 2)], of: .organization(organization), in: organization) == 3)
        #expect(try await prices.replace([price("m", 3), price("x", 5)], of: .project(first), in: organization) == 4)
        func found(_ model: String, _ project: ProjectID) async throws -> Double? {
            let books = try await prices.allBooks()
            return CurrentPriceBook(books).book(of: project).price(provider: nil, model: model, at: 2_000_000_000)?.inputPerMillion
        }
        #expect(try await found("m", first) == 3)
        #expect(try await found("m", second) == 2)
        #expect(try await found("m", stranger) == 1)
        #expect(try await found("n", first) == 10)
        #expect(try await found("x", second) == nil)
        let books = try await prices.allBooks()
        #expect(books.version == 4 && Set(books.projects.keys) == [first, second])
        // They are lists of their own, and replaced as a whole.
        #expect(try await prices.prices(of: .project(first)).prices.map(\.modelPattern) == ["m", "x"])
        #expect(try await prices.prices(of: .installation).prices.contains { $0.modelPattern == "n" })
        #expect(try await prices.replace([price("x", 7)], of: .project(first), in: organization) == 5)
        #expect(try await found("m", first) == 2)
        #expect(try await found("x", first) == 7)
        #expect(try await prices.replace([], of: .project(first), in: organization) == 6)
        #expect(try await prices.prices(of: .project(first)).prices.isEmpty)
        #expect(try await found("x", first) == nil)
        let missing = await failure { try await prices.replace([price("x", 1)], of: .project(ProjectID.make()), in: organization) }
        #expect(missing?.code == .notFound)
    }
}
