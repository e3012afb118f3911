/// What the server did -> spans, after OpenTelemetry's semantic conventions for HTTP. The client's address, paths, queries, bodies and
/// credentials are in none of them.

import HTTPServer
import OTLP
import TraceModel

struct SpanMaker: Sendable {
    private let sampler: TraceSampler
    private let resource: SpanRecord.Resource
    private let scope: SpanRecord.Scope
    private let ownUserAgent: String

    /// The version of the conventions the names below are from.
    private static let schemaURL = "https://opentelemetry.io/schemas/1.37.0"

    init(identity: ServiceIdentity, sampler: TraceSampler) {
        self.sampler = sampler
        resource = SpanRecord.Resource(encoded: identity.resource, schemaURL: Self.schemaURL)
        scope = SpanRecord.Scope(encoded: identity.scope)
        ownUserAgent = identity.userAgent
    }

    /// A SERVER span; nil for one that is not sampled, and for the exporter's own requests.
    func span(of request: FinishedRequest) -> SpanRecord? {
        guard request.userAgent != ownUserAgent else { return nil }
        let parent = request.traceParent.flatMap { TraceParent(header: $0) }
        guard let place = sampler.place(under: parent) else { return nil }
        let method = Self.knownMethods.contains(request.method) ? request.method : "_OTHER"
        var span = span(
            named: request.operationID ?? (method == "_OTHER" ? "HTTP" : method), kind: Self.server, at: place,
            startTimeUnixNano: request.endTimeUnixNano &- request.duration.nanoseconds, endTimeUnixNano: request.endTimeUnixNano)
        if parent != nil, let state = request.traceState, state.utf8.count <= TelemetryLimits.traceStateByteCount {
            span.traceState = state
        }
        span.attributes = [
            KeyValue("http.request.method", .string(method)),
            KeyValue("http.response.status_code", .int(Int64(request.status))),
            KeyValue("url.scheme", .string(request.isSecure ? "https" : "http")),
            KeyValue("spandrel.request_id", .string(request.requestID)),
        ]
        if let route = request.route { span.attributes.append(KeyValue("http.route", .string(route))) }
        if let host = request.host, let server = HostAndPort(host) {
            span.attributes.append(KeyValue("server.address", .string(server.host)))
            if let port = server.port { span.attributes.append(KeyValue("server.port", .int(Int64(port)))) }
        }
        if let project = request.projectID { span.attributes.append(KeyValue("spandrel.project_id", .string(project))) }
        if request.status >= 500 {
            span.status = SpanRecord.Status(code: Self.error, message: "")
            span.attributes.append(KeyValue("error.type", .string(String(request.status))))
        }
        return span
    }

    /// An INTERNAL span that is a trace of its own; nil when it is not sampled.
    func span(of work: BackgroundWork) -> SpanRecord? {
        guard let place = sampler.place(under: nil) else { return nil }
        var span = span(
            named: work.name, kind: Self.internal, at: place, startTimeUnixNano: work.startTimeUnixNano,
            endTimeUnixNano: work.endTimeUnixNano)
        span.attributes = work.attributes
        if work.isFailure { span.status = SpanRecord.Status(code: Self.error, message: "") }
        return span
    }

    private func span(
        named name: String, kind: Int32, at place: SpanPlace, startTimeUnixNano: UInt64, endTimeUnixNano: UInt64
    ) -> SpanRecord {
        var span = SpanRecord(
            traceID: place.traceID, spanID: .random(), name: name, startTimeUnixNano: startTimeUnixNano, endTimeUnixNano: endTimeUnixNano)
        span.parentSpanID = place.parentSpanID
        span.flags = place.flags
        span.kind = kind
        span.resource = resource
        span.scope = scope
        return span
    }

    /// OTLP's numbers of `SpanKind` and of `Status.code`.
    private static let `internal`: Int32 = 1
    private static let server: Int32 = 2
    private static let error: Int32 = 2

    /// Others become `_OTHER`: whoever sends requests must not be able to make up values without end.
    private static let knownMethods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]
}

/// Something the server did of its own accord.
package struct BackgroundWork: Sendable {
    package var name: String
    package var startTimeUnixNano: UInt64
    package var endTimeUnixNano: UInt64
    package var attributes: [KeyValue]
    package var isFailure: Bool

    package init(name: String, startTimeUnixNano: UInt64, endTimeUnixNano: UInt64, attributes: [KeyValue], isFailure: Bool) {
        self.name = name
        self.startTimeUnixNano = startTimeUnixNano
        self.endTimeUnixNano = endTimeUnixNano
        self.attributes = attributes
        self.isFailure = isFailure
    }
}

/// The authority of a request: `example.org`, `example.org:4318`, `[::1]:4318`.
struct HostAndPort: Equatable {
    var host: String
    var port: Int?

    /// Nil when it is empty or longer than a name can be.
    init?(_ authority: String) {
        guard authority.utf8.count <= TelemetryLimits.hostByteCount else { return nil }
        let end = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        if let colon = authority[end...].lastIndex(of: ":") {
            host = String(authority[..<colon])
            port = Int(authority[authority.index(after: colon)...])
        } else {
            host = authority
            port = nil
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.isEmpty { return nil }
    }
}

extension Duration {
    /// Zero for what is negative.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) &* 1_000_000_000 &+ UInt64(max(0, attoseconds / 1_000_000_000))
    }
}
