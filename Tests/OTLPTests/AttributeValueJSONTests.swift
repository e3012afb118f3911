import OTLP
import Testing
import TraceModel

@Suite("AttributeValueJSON") struct AttributeValueJSONTests {
    private func plain(_ value: AttributeValue) -> String? {
        AttributeValueJSON.plainJSON(of: value).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("the plain form keeps integers, doubles and empty values apart")
    func plainForm() {
        let value = AttributeValue.array([
            .int(1), .double(1), .double(1e30), .empty, .bool(true), .string("é\""), .keyValueList([KeyValue("k", .array([]))]),
        ])
        #expect(plain(value) == #"[1,1.0,1e+30,null,true,"é\"",{"k":[]}]"#)
    }

    @Test(
        "values that would not read back have no plain form",
        arguments: [
            AttributeValue.bytes([1]), .double(.nan), .double(.infinity), .keyValueList([KeyValue("a", .int(1)), KeyValue("a", .int(2))]),
            .array([.array([.bytes([])])]),
        ])
    func noPlainForm(value: AttributeValue) throws {
        #expect(plain(value) == nil)
        let back = try AttributeValueJSON.parseOTLPJSON(AttributeValueJSON.otlpJSON(of: value))
        if case .double(let number) = value, number.isNaN { #expect("\(back)" == "\(value)") } else { #expect(back == value) }
    }

    @Test("texts that are no values are refused", arguments: ["", "{", "[1,]", "nul", "1 2", "1e999"])
    func refused(text: String) {
        #expect(throws: OTLPError.self) { try AttributeValueJSON.parsePlainJSON(Array(text.utf8)) }
        #expect(throws: OTLPError.self) { try AttributeValueJSON.parseOTLPJSON(Array(text.utf8)) }
    }

    @Test("both parsers stop at the recursion limit")
    func depth() {
        let plain = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
        #expect(throws: OTLPError.self) { try AttributeValueJSON.parsePlainJSON(Array(plain.utf8)) }
        #expect(throws: OTLPError.self) { try AttributeValueJSON.parseOTLPJSON(AttributeValueJSON.otlpJSON(of: Wire.nested(300))) }
        #expect(throws: OTLPError.self) { try AttributeValueDecoder.decodeAnyValue(Wire.anyValue(Wire.nested(300))) }
    }
}
