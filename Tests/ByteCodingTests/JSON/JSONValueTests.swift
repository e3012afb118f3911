import ByteCoding
import Testing

@Suite("JSONValue") struct JSONValueTests {
    @Test("every kind of value is read and written back as it was")
    func roundTrip() throws {
        let text = #"{"a":[1,-2,2.5,true,false,null,"x\"\\\n\u0001é😀"],"b":{},"c":[],"d":9223372036854775807,"e":-9223372036854775808}"#
        let value = try JSONValue.parse(text)
        #expect(String(decoding: value.bytes, as: UTF8.self) == text)
        #expect(value["d"] == .integer(.max))
        #expect(value["e"] == .integer(.min))
        #expect(value["a"]?.arrayValue?.count == 7)
        #expect(value["absent"] == nil)
    }

    @Test("white space is allowed around every token")
    func whitespace() throws {
        #expect(try JSONValue.parse(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n")["a"] == .array([.integer(1), .integer(2)]))
    }

    @Test("integers beyond 64 bits become doubles, numbers beyond doubles are refused")
    func largeNumbers() throws {
        #expect(try JSONValue.parse("9223372036854775808") == .double(9_223_372_036_854_775_808))
        #expect(try JSONValue.parse("-1e-400") == .double(-0.0))
        #expect(throws: JSONError.self) { try JSONValue.parse("1e400") }
    }

    @Test("the last of equal keys wins")
    func duplicateKeys() throws {
        let value = try JSONValue.parse(#"{"a":1,"a":2}"#)
        #expect(value["a"] == .integer(2))
        #expect(value.objectValue?.count == 2)
    }

    @Test("escapes, surrogate pairs and half pairs are decoded")
    func escapes() throws {
        #expect(try JSONValue.parse(#""\b\f\n\r\t\/\"\\\u00e9\uD83D\uDE00""#) == .string("\u{8}\u{c}\n\r\t/\"\\é😀"))
        #expect(try JSONValue.parse(#""\ud83d!\ude00\uD83D\u0041\ud83d""#) == .string("\u{FFFD}!\u{FFFD}\u{FFFD}A\u{FFFD}"))
        #expect(try JSONValue.parse(#"{"na\u006de":1}"#)["name"] == .integer(1))
    }

    @Test("bad UTF-8 becomes U+FFFD")
    func invalidUTF8() throws {
        #expect(try JSONValue.parse([0x22, 0x61, 0xff, 0x62, 0x22]) == .string("a\u{FFFD}b"))
    }

    @Test("containers may nest to the limit and not beyond")
    func depth() throws {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(throws: Never.self) { try JSONValue.parse(nested(5), maximumDepth: 5) }
        #expect(throws: JSONError("values nest deeper than 5", byteOffset: 5)) { try JSONValue.parse(nested(6), maximumDepth: 5) }
        #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "[{\"a\":", count: 100_000)) }
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
            "{,}",
            "{a:1}", "{'a':1}", "{\"a\" 1}", "{1:2}", "nul", "nulll", "True", "tru", "+1", "01", "-01", "-", "1.", ".5", "1e", "1e+",
            "0x10",
            "NaN", "Infinity", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\u{1}\"", "\"\n\"", "1 1", "{} x", "// c\n1",
            "\u{FEFF}1",
        ])
    func refused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue.parse(text) }
        var scanner: JSONError?
        Array(text.utf8).withUnsafeBytes { bytes in
            do throws(JSONError) {
                var skipping = JSONScanner(bytes, maximumDepth: 16)
                try skipping.skipValue()
                try skipping.finish()
            } catch { scanner = error }
        }
        #expect(scanner != nil, "skipping must refuse what reading refuses")
    }

    @Test("an error names the byte")
    func errorOffset() {
        #expect(throws: JSONError("a comma must be followed by a value", byteOffset: 3)) { try JSONValue.parse("[1,]") }
    }
}
