import HTTPServer
import OTLP
import Testing
import TraceModel

@testable import TelemetryExport

@Suite("Spans of what the server did")
struct SpanMakerTests {
    let identity = ServiceIdentity(version: "1.2.3")
    var maker: SpanMaker { SpanMaker(identity: identity, sampler: TraceSampler(ratio: 1)) }

    private func request(_ change: (inout FinishedRequest) -> Void = { _ in }) -> FinishedRequest {
        var request = FinishedRequest(
            method: "GET", status: 200, requestID: "id-1", endTimeUnixNano: 2_000_000_000, duration: .milliseconds(1500))
        request.operationID = "getTrace"
        request.route = "/api/v1/traces/{trace_id}"
        change(&request)
        return request
    }

    private func attributes(_ span: SpanRecord) -> [String: AttributeValue] {
        Dictionary(span.attributes.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    @Test("a request becomes a SERVER span named after its operation")
    func server() throws {
        let span = try #require(
            maker.span(
                of: request {
                    $0.host = "spandrel.example:4318"
                    $0.projectID = "p"
                }))
        #expect(span.name == "getTrace" && span.kind == 2 && span.status == nil)
        #expect(span.startTimeUnixNano == 500_000_000 && span.endTimeUnixNano == 2_000_000_000)
        #expect(
            attributes(span) == [
                "http.request.method": .string("GET"), "http.response.status_code": .int(200), "url.scheme": .string("http"),
                "http.route": .string("/api/v1/traces/{trace_id}"), "spandrel.request_id": .string("id-1"),
                "spandrel.project_id": .string("p"), "server.address": .string("spandrel.example"), "server.port": .int(4318),
            ])
        let resource = try ResourceDecoder.decode(try #require(span.resource.encoded))
        #expect(
            resource.attributes == [
                KeyValue("service.name", .string("spandrel")), KeyValue("service.version", .string("1.2.3")),
                KeyValue("service.instance.id", .string(identity.instanceID)),
            ])
    }

    @Test("a 5xx is an error, a 4xx is the client's")
    func errors() throws {
        let failed = try #require(maker.span(of: request { $0.status = 503 }))
        #expect(failed.status?.code == 2 && attributes(failed)["error.type"] == .string("503"))
        #expect(try #require(maker.span(of: request { $0.status = 404 })).status == nil)
    }

    @Test("a request of no route is named after its method, and a made-up method after none")
    func unrouted() throws {
        let span = try #require(
            maker.span(
                of: request {
                    $0.operationID = nil
                    $0.route = nil
                    $0.method = "BREW"
                }))
        #expect(
            span.name == "HTTP" && attributes(span)["http.request.method"] == .string("_OTHER") && attributes(span)["http.route"] == nil)
    }

    @Test("the caller's trace goes on, with its state")
    func continued() throws {
        let span = try #require(
            maker.span(
                of: request {
                    $0.traceParent = TraceParentTests.text
                    $0.traceState = "vendor=1"
                }))
        #expect(span.traceID.hex == "4bf92f3577b34da6a3ce929d0e0e4736" && span.parentSpanID.hex == "00f067aa0ba902b7")
        #expect(span.traceState == "vendor=1" && span.spanID != span.parentSpanID)
        let alone = try #require(maker.span(of: request { $0.traceState = "vendor=1" }))
        #expect(alone.traceState.isEmpty && alone.parentSpanID.isZero)
    }

    @Test("the exporter's own requests make no spans; another instance's do")
    func ownRequests() {
        #expect(maker.span(of: request { $0.userAgent = identity.userAgent }) == nil)
        #expect(maker.span(of: request { $0.userAgent = ServiceIdentity(version: "1.2.3").userAgent }) != nil)
    }

    @Test("background work is a trace of its own")
    func background() throws {
        let work = BackgroundWork(
            name: "sealMemtable", startTimeUnixNano: 1, endTimeUnixNano: 2, attributes: [KeyValue("n", .int(3))], isFailure: true)
        let span = try #require(maker.span(of: work))
        #expect(span.kind == 1 && span.parentSpanID.isZero && span.attributes == work.attributes && span.status?.code == 2)
        #expect(SpanMaker(identity: identity, sampler: TraceSampler(ratio: 0)).span(of: work) == nil)
    }

    @Test("an authority is taken apart into host and port")
    func authorities() {
        #expect(HostAndPort("a.example").map { [$0.host, "\($0.port ?? -1)"] } == ["a.example", "-1"])
        #expect(HostAndPort("[::1]:80").map { [$0.host, "\($0.port ?? -1)"] } == ["::1", "80"])
        #expect(HostAndPort("[::1]").map { [$0.host, "\($0.port ?? -1)"] } == ["::1", "-1"])
        #expect(HostAndPort("") == nil && HostAndPort(":80") == nil)
        #expect(HostAndPort(String(repeating: "x", count: 256)) == nil)
    }
}
