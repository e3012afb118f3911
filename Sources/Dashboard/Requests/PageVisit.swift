/// A request for a page as its handler sees it: path, query, and the API as the user who asks.

import ByteCoding
import HTTPAPI
import HTTPServer
import HTTPTypes
import Hummingbird
import HummingbirdCore

struct PageVisit: Sendable {
    let request: Request
    let context: ServerRequestContext
    private let query: QueryString
    let api: APICaller

    init(_ request: Request, _ context: ServerRequestContext, _ responder: APIResponder) throws(Problem) {
        self.request = request
        self.context = context
        query = try QueryString(request.uri.query)
        api = APICaller(responder, for: request, context, project: context.parameters.get("project_id"))
    }

    /// A placeholder of the route's path, decoded. What cannot be decoded names nothing.
    func path(_ name: String) -> String {
        context.parameters.get(name).flatMap { PercentEncoding.decode($0.utf8, plusIsSpace: false) } ?? ""
    }

    /// The value of a parameter, as it was sent; an empty one is there, too.
    subscript(parameter: String) -> String? { query[parameter] }

    /// All parameters in the order of the URL.
    var parameters: [(name: String, value: String)] { query.items }

    /// The path as the URL has it.
    var pagePath: String { request.uri.path }

    /// The project that the path names; empty on pages of none.
    var projectID: String { path("project_id") }

    /// The name of the part that is asked for alone.
    var fragment: String? { query["fragment"] }

    /// The page's own path and query, without what asks for a part of it.
    var url: String { URLText.url(request.uri.path, query.items.filter { $0.name != "fragment" }.map { ($0.name, $0.value) }) }

    /// The same with some parameters set, or left out where the value is nil.
    func url(setting changes: [(String, String?)]) -> String {
        var items = query.items.filter { $0.name != "fragment" }.map { ($0.name, $0.value) }
        for (name, value) in changes {
            items.removeAll { $0.0 == name }
            if let value { items.append((name, value)) }
        }
        return URLText.url(request.uri.path, items)
    }

    /// The parameters with these names, for the API; empty ones are left out.
    func items(_ names: Set<String>, prefix: String? = nil) -> [(String, String)] {
        query.items.filter { item in !item.value.isEmpty && (names.contains(item.name) || prefix.map(item.name.hasPrefix) == true) }
            .map { ($0.name, $0.value) }
    }
}
