import TraceModel
import Testing

@testable import OTLP

/// What stood above refused spans is found again, and a request made of it is what it was.
@Suite struct SpanOwnerTests {
    private func owners(_ body: [UInt8], isJSON: Bool = false) throws -> (SpanBatch, [SpanOwner?]) {
        let batch = isJSON ? try ExportTraceRequestDecoder.decodeJSON(body) : try ExportTraceRequestDecoder.decodeProtobuf(body)
        let sources = batch.rejections.map(\.source)
        let found = body.withUnsafeBytes {
            isJSON ? SpanOwnerFinder.inJSON($0, sources: sources) : SpanOwnerFinder.inProtobuf($0, sources: sources)
        }
        return (batch, found.places.map { $0.map { found.owners[$0] } })
    }

    private static func resource(_ name: String) -> [UInt8] { Wire.keyValue(1, "service.name", Wire.string(1, name)) }

    @Test("each refused span of a protobuf body has its resource, scope and schema URLs, wherever in the body they stand")
    func protobuf() throws {
        let bad = Wire.ids(span: [1, 2]) + Wire.string(5, "bad"), good = Wire.span()
        let body =
            Wire.request(
                Wire.bytes(1, Self.resource("first"))
                    + Wire.bytes(
                        2, Wire.bytes(1, Wire.string(1, "a")) + Wire.bytes(2, good) + Wire.bytes(2, bad) + Wire.string(3, "scope/a"))
                    + Wire.bytes(2, Wire.bytes(1, Wire.string(1, "b")) + Wire.bytes(2, good)) + Wire.bytes(2, Wire.bytes(2, bad))
                    + Wire.string(3, "resource/first"),
                // The parts of a message merge, and its spans may come before it; an empty span is one, too.
                Wire.bytes(2, Wire.bytes(2, []))
                    + Wire.bytes(2, Wire.bytes(2, bad) + Wire.bytes(1, Wire.string(1, "c")) + Wire.bytes(1, Wire.string(2, "2")))
                    + Wire.bytes(1, Self.resource("second")) + Wire.bytes(1, Wire.integer(2, 7)))
        let (batch, owners) = try owners(body)
        #expect(batch.spanCount == 2 && batch.rejections.count == 4)
        let first = Self.resource("first"), url = Array("resource/first".utf8), second = Self.resource("second") + Wire.integer(2, 7)
        #expect(
            owners == [
                SpanOwner(resource: first, resourceSchemaURL: url, scope: Wire.string(1, "a"), scopeSchemaURL: Array("scope/a".utf8)),
                SpanOwner(resource: first, resourceSchemaURL: url), SpanOwner(resource: second),
                SpanOwner(resource: second, scope: Wire.string(1, "c") + Wire.string(2, "2")),
            ])
    }

    @Test("each refused span of a JSON body has its resource, scope and schema URLs, wherever in the body they stand")
    func json() throws {
        let body = Array(
            #"""
            {"x": [1], "resourceSpans": [
              {"scopeSpans": [{"spans": [{"traceId": "00"}, {"traceId": "01"}], "scope": {"name": "early"}}],
               "resource": {"attributes": []}, "schemaUrl": "r\/1", "other": {"scopeSpans": 1}},
              {"resource": null, "scopeSpans": [{"scope": null, "spans": []}, {"schemaUrl": "s", "spans": [ {} ]}]}
            ]}
            """#.utf8)
        let (batch, owners) = try owners(body, isJSON: true)
        #expect(batch.rejections.count == 3)
        func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
        let early = SpanOwner(
            resource: bytes(#"{"attributes": []}"#), resourceSchemaURL: bytes(#""r\/1""#), scope: bytes(#"{"name": "early"}"#))
        #expect(owners == [early, early, SpanOwner(scopeSchemaURL: bytes(#""s""#))])
    }

    @Test("a request made of spans and their owner has them as they were")
    func roundTrip() throws {
        let owner = SpanOwner(
            resource: Self.resource("shop"), resourceSchemaURL: Array("r".utf8), scope: Wire.string(1, "lib"),
            scopeSchemaURL: Array("s".utf8))
        let records = try ExportTraceRequestDecoder.decodeProtobuf(OwnedSpansEncoder.protobuf([Wire.span(), Wire.span()], of: owner))
            .records()
        #expect(records.count == 2 && records[1].name == "GET /" && records[1].resource.encoded == owner.resource)
        #expect(records[1].resource.schemaURL == "r" && records[1].scope.encoded == owner.scope && records[1].scope.schemaURL == "s")
        let none = try ExportTraceRequestDecoder.decodeProtobuf(OwnedSpansEncoder.protobuf([Wire.span()], of: SpanOwner())).records()
        #expect(none.first?.resource == SpanRecord.Resource() && none.first?.scope == SpanRecord.Scope())

        let text = TracesDataJSONEncoder.encode(records),
            span = Array(#"{"traceId":"\#(records[0].traceID.hex)","spanId":"0000000000000009"}"#.utf8)
        let found = text.withUnsafeBytes { bytes in
            // Where the first span begins.
            SpanOwnerFinder.inJSON(
                bytes, sources: [ByteRange(offset: String(decoding: text, as: UTF8.self).firstOffset(of: #"{"traceId"#), length: 1)])
        }
        let json = OwnedSpansEncoder.json([span, span], of: try #require(found.owners.first))
        let again = try ExportTraceRequestDecoder.decodeJSON(json).records()
        #expect(again.count == 2 && again[0].resource == records[0].resource && again[0].scope == records[0].scope)
        #expect(try ExportTraceRequestDecoder.decodeJSON(OwnedSpansEncoder.json([span], of: SpanOwner())).spanCount == 1)
    }

    @Test("a body cut anywhere, and one of noise, leaves spans without owners and nothing worse")
    func hostile() {
        let body = Wire.request(spans: [Wire.span(), Wire.ids(span: [1])])
        for count in 0..<body.count {
            let cut = Array(body[..<count])
            let found = cut.withUnsafeBytes { SpanOwnerFinder.inProtobuf($0, sources: [ByteRange(offset: 40, length: 4)]) }
            #expect(found.places.count == 1)
            let text = Array(#"{"resourceSpans":[{"scopeSpans":[{"spans":[{},{}]}]}]}"#.utf8.prefix(count))
            let json = text.withUnsafeBytes { SpanOwnerFinder.inJSON($0, sources: [ByteRange(offset: 42, length: 2)]) }
            #expect(json.places.count == 1)
        }
        // Parts and branches by the hundred thousand cost their bytes.
        let parts = (0..<200_000).flatMap { _ in Wire.bytes(1, []) + Wire.bytes(2, []) }
        let many = Wire.bytes(1, parts + Wire.bytes(2, Wire.bytes(2, [])))
        let found = many.withUnsafeBytes { SpanOwnerFinder.inProtobuf($0, sources: [ByteRange(offset: many.count, length: 0)]) }
        #expect(found.owners == [SpanOwner(resource: [])])
    }
}

extension String {
    fileprivate func firstOffset(of text: String) -> Int {
        firstRange(of: text).map { utf8.distance(from: startIndex, to: $0.lowerBound) } ?? 0
    }
}
