/// `/api/v1/prices`: what models cost and from when. Prices belong to the installation; its first organization adds some.

import Access
import ByteCoding
import GenAIConventions
import HTTPServer
import HTTPTypes
import Hummingbird
import Ingest
import Metastore
import TraceQuery

struct PricesHandlers: Sendable {
    let metastore: Metastore
    let rights: InstallationRights
    /// What ingest prices with; replaced as soon as prices change here.
    let current: CurrentPriceBook

    /// Prices of one request: a provider's whole list fits.
    static let maximumPriceCount = 500
    /// US dollars per million tokens; the schema's own bound.
    static let amounts = 0.0...1_000_000.0

    func routes(_ builder: OperationBuilder) -> [Route] {
        [
            builder.operation(
                "listPrices", .get, "/api/v1/prices", .permission(.readPrices), query: ["provider", "model"], statuses: [200],
                handler: listPrices),
            builder.operation(
                "addPrices", .post, "/api/v1/prices", .permission(.writePrices), body: .json, statuses: [201], handler: addPrices),
        ]
    }

    func listPrices(_ request: APIRequest) async throws -> Response {
        let book = try await metastore.prices.book()
        let shown = book.prices.filter { price in
            (request.query["provider"].map { $0 == price.provider } ?? true)
                && (request.query["model"].map { $0 == price.modelPattern } ?? true)
        }
        return .json { writer in
            writer.beginObject()
            writer.member("version", book.version)
            writer.key("data")
            writer.beginArray()
            for price in shown { writer.price(price) }
            writer.endArray()
            writer.member("next_cursor", nil as String?)
            writer.endObject()
        }
    }

    func addPrices(_ request: APIRequest) async throws -> Response {
        try await rights.require(.writePrices, of: try request.principal)
        try request.requireOnly(["prices"])
        guard let elements = request.body["prices"]?.arrayValue, (1...Self.maximumPriceCount).contains(elements.count) else {
            throw Problem.unprocessable("prices", "must be a list of 1 to \(Self.maximumPriceCount) prices")
        }
        var prices: [Price] = []
        for (index, element) in elements.enumerated() { prices.append(try Self.price(element, "prices[\(index)]")) }
        let version = try await metastore.prices.set(prices, in: try request.principal.organizationID, audit: try request.audit)
        current.replace(with: try await metastore.prices.book())
        return .json(.created) { writer in
            writer.beginObject()
            writer.member("version", version)
            writer.member("count", prices.count)
            writer.endObject()
        }
    }

    private static func price(_ json: JSONValue, _ path: String) throws(Problem) -> Price {
        let known: Set<String> = [
            "provider", "model_pattern", "effective_from", "input_per_million", "output_per_million", "cache_read_per_million",
            "cache_write_per_million", "reasoning_per_million", "source",
        ]
        guard case .object(let members) = json else { throw .unprocessable(path, "must be an object") }
        if let unknown = members.first(where: { !known.contains($0.key) }) {
            throw .unprocessable("\(path).\(unknown.key)", "is not known")
        }
        func text(_ name: String) throws(Problem) -> String? {
            guard let value = json[name], !value.isNull else { return nil }
            guard let text = value.stringValue, !text.isEmpty, text.utf8.count <= 1000 else {
                throw .unprocessable("\(path).\(name)", "must be a text")
            }
            return text
        }
        func amount(_ name: String) throws(Problem) -> Double? {
            guard let value = json[name], !value.isNull else { return nil }
            guard let amount = value.doubleValue, amounts.contains(amount) else {
                throw .unprocessable("\(path).\(name)", "must be US dollars per million tokens from 0 to \(Int(amounts.upperBound))")
            }
            return amount
        }
        guard let model = try text("model_pattern") else { throw .unprocessable("\(path).model_pattern", "is missing") }
        guard let input = try amount("input_per_million") else { throw .unprocessable("\(path).input_per_million", "is missing") }
        guard let output = try amount("output_per_million") else { throw .unprocessable("\(path).output_per_million", "is missing") }
        guard let from = try text("effective_from"), let unixNano = TimeText.unixNano(from), unixNano >= 0 else {
            throw .unprocessable("\(path).effective_from", "must be a time like 2026-01-01T00:00:00Z")
        }
        return Price(
            provider: try text("provider"), modelPattern: model, effectiveFromUnixNano: UInt64(unixNano), inputPerMillion: input,
            outputPerMillion: output, cacheReadPerMillion: try amount("cache_read_per_million"),
            cacheWritePerMillion: try amount("cache_write_per_million"), reasoningPerMillion: try amount("reasoning_per_million"),
            source: try text("source") ?? "API")
    }
}

extension JSONWriter {
    /// A price as the API shows one.
    mutating func price(_ price: Price) {
        beginObject()
        member("provider", price.provider)
        member("model_pattern", price.modelPattern)
        member("effective_from", unixNano: Int64(clamping: price.effectiveFromUnixNano))
        member("input_per_million", price.inputPerMillion)
        member("output_per_million", price.outputPerMillion)
        member("cache_read_per_million", price.cacheReadPerMillion)
        member("cache_write_per_million", price.cacheWritePerMillion)
        member("reasoning_per_million", price.reasoningPerMillion)
        member("source", price.source)
        endObject()
    }
}
