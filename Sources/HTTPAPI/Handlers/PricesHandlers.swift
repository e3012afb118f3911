/// `/api/v1/prices`: what models cost and from when. Prices belong to the installation; its first organization adds some. An organization
/// and a project may have prices of their own, which come first for their spans.

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
    /// Prices of an organization or a project: tables of all models there are have some thousand.
    static let maximumOwnPriceCount = 4_000

    func routes(_ builder: OperationBuilder) -> [Route] {
        let organization = "/api/v1/organizations/{organization_id}/prices", project = "/api/v1/projects/{project_id}/prices"
        return [
            builder.operation(
                "listPrices", .get, "/api/v1/prices", .permission(.readPrices), query: ["provider", "model"], statuses: [200],
                handler: listPrices),
            builder.operation(
                "addPrices", .post, "/api/v1/prices", .permission(.writePrices), body: .json, statuses: [201], handler: addPrices),
            builder.operation(
                "getOrganizationPrices", .get, organization, .permission(.readOrganization), statuses: [200]
            ) { try await show(.organization(try $0.principal.organizationID)) },
            builder.operation(
                "replaceOrganizationPrices", .put, organization, .permission(.writePrices), body: .json,
                maximumBodyByteCount: APILimits.maximumPricesByteCount, statuses: [200]
            ) { try await replace(.organization(try $0.principal.organizationID), $0) },
            builder.operation(
                "getProjectPrices", .get, project, .permission(.readPrices), statuses: [200]
            ) { try await show(.project(try $0.project)) },
            builder.operation(
                "replaceProjectPrices", .put, project, .permission(.manageSettings), body: .json,
                maximumBodyByteCount: APILimits.maximumPricesByteCount, statuses: [200]
            ) { try await replace(.project(try $0.project), $0) },
        ]
    }

    func listPrices(_ request: APIRequest) async throws -> Response {
        let own = try await metastore.prices.prices(of: .installation)
        return Self.list(
            own.prices.filter { price in
                (request.query["provider"].map { $0 == price.provider } ?? true)
                    && (request.query["model"].map { $0 == price.modelPattern } ?? true)
            }, version: own.version)
    }

    func addPrices(_ request: APIRequest) async throws -> Response {
        try await rights.require(.writePrices, of: try request.principal)
        let prices = try Self.prices(request, 1...Self.maximumPriceCount)
        let version = try await metastore.prices.set(prices, in: try request.principal.organizationID, audit: try request.audit)
        current.replace(with: try await metastore.prices.allBooks())
        return Self.changed(version, prices.count, .created)
    }

    private func show(_ owner: PriceOwner) async throws -> Response {
        let own = try await metastore.prices.prices(of: owner)
        return Self.list(own.prices, version: own.version)
    }

    private func replace(_ owner: PriceOwner, _ request: APIRequest) async throws -> Response {
        let prices = try Self.prices(request, 0...Self.maximumOwnPriceCount)
        let version = try await metastore.prices.replace(
            prices, of: owner, in: try request.principal.organizationID, audit: try request.audit)
        current.replace(with: try await metastore.prices.allBooks())
        return Self.changed(version, prices.count, .ok)
    }

    private static func list(_ prices: [Price], version: Int64) -> Response {
        .json { writer in
            writer.beginObject()
            writer.member("version", version)
            writer.key("data")
            writer.beginArray()
            for price in prices { writer.price(price) }
            writer.endArray()
            writer.member("next_cursor", nil as String?)
            writer.endObject()
        }
    }

    private static func changed(_ version: Int64, _ count: Int, _ status: HTTPResponse.Status) -> Response {
        .json(status) { writer in
            writer.beginObject()
            writer.member("version", version)
            writer.member("count", count)
            writer.endObject()
        }
    }

    private static func prices(_ request: APIRequest, _ counts: ClosedRange<Int>) throws -> [Price] {
        try request.requireOnly(["prices"])
        guard let elements = request.body["prices"]?.arrayValue, counts.contains(elements.count) else {
            throw Problem.unprocessable("prices", "must be a list of \(counts.lowerBound) to \(counts.upperBound) prices")
        }
        var prices: [Price] = []
        prices.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do throws(PriceFault) {
                prices.append(try Price(element, source: "API") { TimeText.unixNano($0) })
            } catch {
                throw Problem.unprocessable("prices[\(index)]\(error.path)", error.message)
            }
        }
        return prices
    }
}

extension JSONWriter {
    /// A price as the API shows one.
    mutating func price(_ price: Price) { self.price(price) { TimeText.rfc3339($0) } }
}
