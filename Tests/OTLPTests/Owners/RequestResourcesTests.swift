import ByteCoding
import Testing
import TraceModel

@testable import OTLP

@Suite struct RequestResourcesTests {
    private static let key = "openinference.project.name"

    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        precondition(content.count < 16_384)
        let length = content.count < 128 ? [UInt8(content.count)] : [UInt8(content.count & 0x7f) | 0x80, UInt8(content.count >> 7)]
        return [number << 3 | 2] + length + content
    }

    private static func attribute(_ value: String) -> [UInt8] {
        field(1, field(1, Array(key.utf8)) + field(2, field(1, Array(value.utf8))))
    }

    private static func span(_ number: UInt8) -> [UInt8] {
        field(2, field(2, field(1, Array(1...16)) + field(2, [0, 0, 0, 0, 0, 0, 0, number]) + field(5, Array("s".utf8))))
    }

    @Test("each resource says its name, and a request of some of them holds their spans and no others")
    func protobuf() throws {
        let resources = [
            Self.field(1, Self.field(1, Self.attribute("a")) + Self.span(1)), Self.field(1, Self.span(2)),
            // In parts, which merge; and behind its spans.
            Self.field(1, Self.field(1, []) + Self.span(3) + Self.field(1, Self.attribute("b"))),
            Self.field(1, Self.field(1, Self.attribute("a")) + Self.span(4)),
        ]
        // A field of a later version of OTLP between them.
        let body = resources[0] + resources[1] + Self.field(9, [1, 2, 3]) + resources[2] + resources[3]
        let read = try #require(RequestResources(protobuf: body, attribute: Self.key))
        #expect(read.texts == ["a", nil, "b", "a"])
        #expect(read.request(of: [0, 3], in: body) == resources[0] + resources[3])
        let batch = try ExportTraceRequestDecoder.decodeProtobuf(read.request(of: [2, 1], in: body))
        #expect(batch.spanIDs.map(\.hex) == ["0000000000000003", "0000000000000002"])
        #expect(RequestResources(protobuf: Array(body.dropLast(3)), attribute: Self.key) == nil)
        #expect(RequestResources(protobuf: [], attribute: Self.key)?.texts == [])
    }

    @Test("of a request in JSON too, whatever else stands in it")
    func json() throws {
        func resource(_ attributes: String, _ number: Int) -> String {
            #"""
            { "scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"000000000000000\#(number)","name":"]}"}]}],
              "resource": {"attributes": \#(attributes)}, "schemaUrl": null }
            """#
        }
        let named = #"[{"key":"x","value":{"intValue":"1"}},{"key":"openinference.project.name","value":{"stringValue":"a"}}]"#
        let numbered = #"[{"key":"openinference.project.name","value":{"intValue":"1"}}]"#
        let text = #"{"more":[{}],"resourceSpans":[\#(resource(named, 1)), \#(resource("[]", 2)),\#(resource(numbered, 3))]}"#
        let body = Array(text.utf8), read = try #require(RequestResources(json: body, attribute: Self.key))
        #expect(read.texts == ["a", nil, nil])
        let batch = try ExportTraceRequestDecoder.decodeJSON(read.request(of: [0, 2], in: body))
        #expect(batch.spanIDs.map(\.hex) == ["0000000000000001", "0000000000000003"])
        for broken in ["", "[]", #"{"resourceSpans":[{]}"#, #"{"resourceSpans":[1]}"#, text + "x"] {
            #expect(RequestResources(json: Array(broken.utf8), attribute: Self.key) == nil, "\(broken.prefix(40))")
        }
        #expect(RequestResources(json: Array("{}".utf8), attribute: Self.key)?.texts == [])
    }

    @Test("in JSON the first attribute of the name counts, escaped or not, whatever stands around it and however deep")
    func values() throws {
        let deep = String(repeating: "[", count: 3_000) + String(repeating: "]", count: 3_000)
        let cases: [(resource: String, text: String?)] = [
            (#"{"attributes":[{"value":{"stringValue":"a"},"key":"openinference.project.name"}]}"#, "a"),
            (#"{"attributes":[{"key":"openinference.pro\u006aect.name","value":{"stringValue":"\u0061\"b"}}]}"#, "a\"b"),
            (
                #"{"attributes":[{"key":"openinference.project.name","value":{"intValue":"1"}},"#
                    + #"{"key":"openinference.project.name","value":{"stringValue":"late"}}]}"#, nil
            ),
            (
                #"{"more":\#(deep),"attributes":[{"key":"x","value":{"arrayValue":\#(deep)}},"#
                    + #"{"key":"openinference.project.name","value":{"more":1,"stringValue":"a"}}]}"#, "a"
            ),
            (#"{"attributes":[1,null,[],{"key":1},{"value":2},{"key":"openinference.project.name","value":null}]}"#, nil),
            (#"{"attributes":{"key":"openinference.project.name"}}"#, nil), ("null", nil), ("[]", nil), ("{}", nil),
        ]
        for (resource, text) in cases {
            let body = Array(#"{"resourceSpans":[{"schemaUrl":"x","resource":\#(resource)}]}"#.utf8)
            let read = try #require(RequestResources(json: body, attribute: Self.key), "\(resource.prefix(80))")
            #expect(read.texts == [text], "\(resource.prefix(80))")
        }
    }

    @Test("a request of more resources than are told apart says so, and is not read to its end")
    func bound() throws {
        let limit = OTLPLimits.maximumChosenResourceCount
        let most = [UInt8]((0..<limit).flatMap { _ in [UInt8(0x0a), 0] })
        let all = try #require(RequestResources(protobuf: most, attribute: Self.key))
        #expect(all.texts.count == limit && !all.hasTooMany)
        let more = try #require(RequestResources(protobuf: most + [0x0a, 0] + most, attribute: Self.key))
        #expect(more.texts.count == limit && more.hasTooMany)
        let json = "{\"resourceSpans\":[" + String(repeating: "{},", count: limit)
        #expect(try #require(RequestResources(json: Array((json.dropLast() + "]}").utf8), attribute: Self.key)).hasTooMany == false)
        let cut = try #require(RequestResources(json: Array((json + "{},broken").utf8), attribute: Self.key))
        #expect(cut.texts.count == limit && cut.hasTooMany)
    }
}
