import Access
import ByteCoding
import HTTPTesting
import Ingest
import Metastore
import SpanStore
import Testing
import TraceModel

/// The table of what an export is answered: status, body in the request's encoding, what is stored, what is counted.
@Suite("Exporting over HTTP")
struct ExportTests {
    private static let protobuf = ("content-type", "application/x-protobuf")
    private static let json = ("content-type", "application/json")

    private static func authorization(_ key: String) -> (String, String) { ("authorization", "Bearer \(key)") }

    /// `google.rpc.Status` in protobuf, as far as tests look: code and message.
    private static func status(_ bytes: [UInt8]) -> (code: Int, message: String)? {
        guard bytes.count > 4, bytes[0] == 1 << 3, bytes[2] == 2 << 3 | 2 else { return nil }
        var offset = 3, length = 0, shift = 0
        while offset < bytes.count {
            length |= Int(bytes[offset] & 0x7f) << shift
            shift += 7
            offset += 1
            if bytes[offset - 1] & 0x80 == 0 { break }
        }
        guard offset + length <= bytes.count else { return nil }
        return (Int(bytes[1]), String(decoding: bytes[offset..<offset + length], as: UTF8.self))
    }

    @Test("a full success is OTLP's empty message, in the encoding of the request, under every path")
    func success() async throws {
        try await TestInstallation.run { installation, server in
            let key = Self.authorization(try await installation.key([.ingest]))
            var number: UInt8 = 0
            for path in ["/v1/traces", "/otel/v1/traces", "/api/public/otel/v1/traces"] {
                number += 1
                let answer = try await server.send(
                    "POST", path, headers: [key, Self.protobuf], body: OTLPBodies.request([OTLPBodies.span(number: number)]))
                #expect(answer.status == 200)
                #expect(answer.body.isEmpty)
                #expect(answer.headers["content-type"] == "application/x-protobuf")
                number += 1
                let parameters = ("content-type", "application/json; charset=utf-8")
                let second = try await server.send("POST", path, headers: [key, parameters], body: Array(OTLPBodies.json([number]).utf8))
                #expect(second.status == 200)
                #expect(second.text == "{}")
                #expect(second.headers["content-type"] == "application/json")
                for answer in [answer, second] { #expect(answer.headers["x-spandrel-receipt"]?.utf8.count == 64) }
            }
            #expect(try await installation.spanCount() == 6)
        }
    }

    @Test("every way to present a key opens, every content encoding is read")
    func keysAndEncodings() async throws {
        try await TestInstallation.run { installation, server in
            let key = try await installation.key([.ingest])
            let basic = Base64Test.encode(Array("pk-anything:\(key)".utf8))
            var number: UInt8 = 0
            for header in [
                ("authorization", "Bearer \(key)"), ("authorization", key), ("authorization", "Basic \(basic)"), ("x-api-key", key),
                ("api-key", key),
            ] {
                number += 1
                let body = OTLPBodies.request([OTLPBodies.span(number: number)])
                #expect(
                    try await server.send("POST", "/v1/traces", headers: [header, Self.protobuf], body: body).status == 200, "\(header.0)")
            }
            for encoding in ContentEncoding.allCases {
                number += 1
                let body = TestCompression.compress(OTLPBodies.request([OTLPBodies.span(number: number)]), encoding)
                let headers = [Self.authorization(key), Self.protobuf, ("content-encoding", encoding.rawValue)]
                #expect(try await server.send("POST", "/v1/traces", headers: headers, body: body).status == 200, "\(encoding)")
            }
            #expect(try await installation.spanCount() == Int(number))
        }
    }

    @Test("who may not export is told so in the request's encoding, and nothing is stored")
    func keys() async throws {
        try await TestInstallation.run { installation, server in
            let other = try await installation.makeProject("Other")
            let body = OTLPBodies.request([OTLPBodies.span(number: 1)])
            let revoked = try await installation.key([.ingest])
            let revokedID = try #require(
                try await installation.metastore.apiKeys.list(in: installation.first.projectID, page: .init()).items.first?.id)
            _ = try await installation.metastore.apiKeys.revoke(revokedID, in: installation.first.projectID)
            for (headers, status, code) in [
                ([], 401, 16), ([Self.authorization("nonsense")], 401, 16), ([Self.authorization(APIKeySecret.generate().text)], 401, 16),
                ([Self.authorization(revoked)], 401, 16), ([Self.authorization(try await installation.key([.read, .admin]))], 403, 7),
            ] {
                let binary = try await server.send("POST", "/v1/traces", headers: headers + [Self.protobuf], body: body)
                #expect(binary.status == status)
                #expect(binary.headers["content-type"] == "application/x-protobuf")
                #expect(Self.status(binary.body)?.code == code)
                #expect(Self.status(binary.body)?.message.isEmpty == false)
                #expect((binary.headers["www-authenticate"] == "Bearer") == (status == 401))
                let text = try await server.send(
                    "POST", "/v1/traces", headers: headers + [Self.json], body: Array(OTLPBodies.json([1]).utf8))
                #expect(text.status == status)
                #expect(try JSONValue.parse(text.body)["code"]?.integerValue == Int64(code))
            }
            #expect(try await installation.spanCount() == 0)
            // A key belongs to one project: what it sends is there and nowhere else.
            let headers = [Self.authorization(try await installation.key([.ingest], of: other)), Self.protobuf]
            #expect(try await server.send("POST", "/v1/traces", headers: headers, body: body).status == 200)
            #expect(try await installation.spanCount() == 0)
            #expect(try await installation.spanCount(of: other) == 1)
        }
    }

    @Test("bodies that are no export request are refused and counted by reason")
    func refusals() async throws {
        try await TestInstallation.run { installation, server in
            let key = Self.authorization(try await installation.key([.ingest]))
            let good = OTLPBodies.request([OTLPBodies.span(number: 1)])
            let bomb = [UInt8](repeating: 0, count: 80 << 20)
            let rows: [(name: String, headers: [(String, String)], body: [UInt8], status: Int, reason: String)] = [
                ("truncated protobuf", [Self.protobuf], Array(good.dropLast(5)), 400, "malformed_body"),
                ("not protobuf", [Self.protobuf], Array("<html></html>".utf8), 400, "malformed_body"),
                ("invalid JSON", [Self.json], Array(OTLPBodies.json([1]).dropLast(3).utf8), 400, "malformed_body"),
                ("wrong content type", [("content-type", "text/plain")], good, 415, "unsupported_content_type"),
                ("no content type", [], good, 415, "unsupported_content_type"),
                ("unknown encoding", [Self.protobuf, ("content-encoding", "br")], good, 415, "unsupported_encoding"),
                ("gzip that is none", [Self.protobuf, ("content-encoding", "gzip")], good, 400, "malformed_compression"),
                ("gzip bomb", [Self.protobuf, ("content-encoding", "gzip")], TestCompression.compress(bomb, .gzip), 413, "too_large"),
                ("zstd bomb", [Self.protobuf, ("content-encoding", "zstd")], TestCompression.compress(bomb, .zstd), 413, "too_large"),
                ("65 MiB body", [Self.protobuf], [UInt8](repeating: 0, count: 65 << 20), 413, "too_large"),
            ]
            for row in rows {
                let before = installation.ingestor.metrics.counts.requestsByOutcome[row.reason] ?? 0
                let answer = try await server.send("POST", "/v1/traces", headers: [key] + row.headers, body: row.body)
                #expect(answer.status == row.status, "\(row.name)")
                let isJSON = row.headers.contains { $0.1 == "application/json" }
                #expect(answer.headers["content-type"] == (isJSON ? "application/json" : "application/x-protobuf"), "\(row.name)")
                if isJSON {
                    #expect(try JSONValue.parse(answer.body)["message"]?.stringValue?.isEmpty == false, "\(row.name)")
                } else {
                    #expect(Self.status(answer.body)?.message.isEmpty == false, "\(row.name)")
                }
                #expect(installation.ingestor.metrics.counts.requestsByOutcome[row.reason] == before + 1, "\(row.name)")
            }
            #expect(try await installation.spanCount() == 0)
            #expect(installation.ingestor.admission.currentByteCount == 0)
        }
    }

    @Test("a bad span is refused alone, counted, and kept in the quarantine")
    func partialSuccess() async throws {
        try await TestInstallation.run { installation, server in
            let key = Self.authorization(try await installation.key([.ingest]))
            let body = OTLPBodies.request([
                OTLPBodies.span(number: 1), OTLPBodies.span(number: 2, traceID: Array(1...15)), OTLPBodies.span(number: 0),
                OTLPBodies.span(number: 3),
            ])
            let answer = try await server.send("POST", "/v1/traces", headers: [key, Self.protobuf], body: body)
            #expect(answer.status == 200)
            // partial_success { rejected_spans = 2, error_message }
            #expect(Array(answer.body.prefix(1)) == [1 << 3 | 2])
            let message = String(decoding: answer.body, as: UTF8.self)
            #expect(message.contains("trace_id_length") && message.contains("span_id_zero"))
            #expect(try await installation.spanCount() == 2)
            let counts = installation.ingestor.metrics.counts
            #expect(counts.rejectedSpansByReason == [.traceIDLength: 1, .spanIDZero: 1])
            #expect(counts.storedSpanCount == 2 && counts.receivedSpanCount == 4)
            let kept = try installation.store.quarantine.countsByReason(of: installation.first.projectID)
            #expect(kept == ["trace_id_length": 1, "span_id_zero": 1])

            // The same request again hears the same and changes nothing.
            let again = try await server.send("POST", "/v1/traces", headers: [key, Self.protobuf], body: body)
            #expect(again.body == answer.body)
            #expect(try await installation.spanCount() == 2)
            #expect(installation.ingestor.metrics.counts.duplicateRequestCount == 1)
            #expect(try installation.store.quarantine.countsByReason(of: installation.first.projectID) == kept)
        }
    }

    @Test("replaced text is a warning beside a full success")
    func warning() async throws {
        try await TestInstallation.run { installation, server in
            let key = Self.authorization(try await installation.key([.ingest]))
            var span = OTLPBodies.span(number: 1, name: "bad ?")
            let place = try #require(span.firstIndex(of: UInt8(ascii: "?")))
            span[place] = 0xff
            let answer = try await server.send("POST", "/v1/traces", headers: [key, Self.protobuf], body: OTLPBodies.request([span]))
            #expect(answer.status == 200)
            #expect(answer.text.contains("UTF-8"))
            #expect(try await installation.spanCount() == 1)
            #expect(installation.ingestor.metrics.counts.replacedStringCount == 1)
        }
    }

    @Test("over the memory budget a request is told to come back, before its body is read")
    func overload() async throws {
        try await TestInstallation.run(limits: IngestLimits(maximumByteCountInFlight: 10_000)) { installation, server in
            let key = Self.authorization(try await installation.key([.ingest]))
            let holder = installation.ingestor.admission.begin()
            try holder.reserve(bodyByteCount: 3000)
            let body = OTLPBodies.request([OTLPBodies.span(number: 1, name: String(repeating: "n", count: 2000))])
            let connection = try await server.connect()
            try await connection.send(
                "POST /v1/traces HTTP/1.1\r\nHost: x\r\n\(key.0): \(key.1)\r\ncontent-type: application/x-protobuf\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(body.count)\r\n\r\n")
            let answer = try await connection.answer()
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "1")
            #expect(Self.status(answer.body)?.code == 14)
            connection.close()
            withExtendedLifetime(holder) {}
            #expect(installation.ingestor.metrics.counts.requestsByOutcome["overloaded"] == 1)
        }
    }

    @Test("a store that is closing is a 503 with Retry-After, never a 500")
    func closingStore() async throws {
        try await TestInstallation.run { installation, server in
            let key = Self.authorization(try await installation.key([.ingest]))
            await installation.store.close()
            let body = OTLPBodies.request([OTLPBodies.span(number: 1)])
            let answer = try await server.send("POST", "/v1/traces", headers: [key, Self.protobuf], body: body)
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] != nil)
            #expect(Self.status(answer.body)?.code == 14)
        }
    }
}
