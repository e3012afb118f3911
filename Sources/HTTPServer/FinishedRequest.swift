/// A request that has its answer, as those see it who watch the server: for the export of the server's own traces.

import HTTPTypes

package struct FinishedRequest: Sendable {
    /// OpenAPI's `operationId`; nil when the path and method belong to no route.
    package var operationID: String?
    package var method: String
    /// The route's template; nil likewise.
    package var route: String?
    package var status: Int
    /// Whether the client spoke TLS.
    package var isSecure: Bool
    /// The authority the client asked for, with its port if it named one.
    package var host: String?
    package var requestID: String
    /// Nil when the request was refused before that was known.
    package var projectID: String?
    /// Header fields as they came.
    package var traceParent: String?
    package var traceState: String?
    package var userAgent: String?
    /// When the answer's head was there.
    package var endTimeUnixNano: UInt64
    package var duration: Duration

    package init(method: String, status: Int, requestID: String, endTimeUnixNano: UInt64, duration: Duration) {
        self.method = method
        self.status = status
        self.requestID = requestID
        self.endTimeUnixNano = endTimeUnixNano
        self.duration = duration
        isSecure = false
    }
}

/// Told of every request once it is answered; called on the request's task, so it must not take long.
package struct FinishedRequestObserver: Sendable {
    private struct RouteKey: Hashable {
        var method: String
        var path: String
    }

    private let operationIDs: [RouteKey: String]
    private let told: @Sendable (FinishedRequest) -> Void

    init(routes: [Route], _ told: @escaping @Sendable (FinishedRequest) -> Void) {
        operationIDs = Dictionary(
            routes.map { (RouteKey(method: $0.method.rawValue, path: $0.path), $0.operationID) }, uniquingKeysWith: { first, _ in first })
        self.told = told
    }

    func finished(_ request: FinishedRequest, endpoint: String?) {
        var request = request
        // HEAD is answered by the route of GET.
        let method = request.method == "HEAD" ? "GET" : request.method
        if let endpoint, let operationID = operationIDs[RouteKey(method: method, path: endpoint)] {
            request.operationID = operationID
            request.route = endpoint
        }
        told(request)
    }
}
