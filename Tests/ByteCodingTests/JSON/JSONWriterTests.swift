import ByteCoding
import Testing

@Suite("JSONWriter") struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("commas stand between values and nowhere else")
    func commas() {
        let written = text { writer in
            writer.beginObject()
            writer.member("a", 1)
            writer.key("b")
            writer.beginArray()
            writer.beginObject()
            writer.endObject()
            writer.null()
            writer.raw(Array("[1]".utf8))
            writer.beginArray()
            writer.endArray()
            writer.endArray()
            writer.member("c", true)
            writer.member("d", "x")
            writer.member("e", 2.5)
            writer.member("f", JSONValue.null)
            writer.endObject()
        }
        #expect(written == #"{"a":1,"b":[{},null,[1],[]],"c":true,"d":"x","e":2.5,"f":null}"#)
    }

    @Test("strings of any length are escaped where they must be, at every offset")
    func escapes() throws {
        #expect(text { $0.string("\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é😀") } == "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}é😀\"")
        for special in ["\"", "\\", "\n", "\u{1}", "é", "😀", "!", "\u{7f}"] {
            for before in 0..<20 {
                let string = String(repeating: "a", count: before) + special + String(repeating: "b", count: 20 - before)
                #expect(try JSONValue.parse(text { $0.string(string) }) == .string(string))
            }
        }
    }

    @Test("integers of every width are exact")
    func integers() {
        #expect(text { $0.integer(Int64.min) } == "-9223372036854775808")
        #expect(text { $0.integer(UInt64.max) } == "18446744073709551615")
        #expect(text { $0.integer(Int8(-5)) } == "-5")
        #expect(text { $0.integer(0) } == "0")
        #expect(text { $0.integer(UInt128.max) } == "340282366920938463463374607431768211455")
        #expect(text { $0.quotedInteger(Int64(-10)) } == "\"-10\"")
        #expect(text { $0.quotedInteger(UInt64.max) } == "\"18446744073709551615\"")
    }

    @Test("doubles are the shortest text that reads back, always told from integers")
    func doubles() throws {
        for (value, expected) in [
            (1.0, "1.0"), (0.1, "0.1"), (-0.0, "-0.0"), (1e100, "1e+100"), (5e-7, "5e-07"), (123456789012345680, "1.2345678901234568e+17"),
        ] {
            #expect(text { $0.double(value) } == expected)
        }
        for bits in stride(from: UInt64(1), to: 0x7fef_ffff_ffff_ffff, by: 0x0003_1415_9265_3589) {
            let value = Double(bitPattern: bits)
            #expect(try JSONValue.parse(text { $0.double(value) }) == .double(value))
        }
        #expect(text { $0.double(.nan) } == "null")
        #expect(text { $0.otlpDouble(.nan) } == "\"NaN\"")
        #expect(text { $0.otlpDouble(-.infinity) } == "\"-Infinity\"")
        #expect(text { $0.otlpDouble(.infinity) } == "\"Infinity\"")
        #expect(text { $0.otlpDouble(1) } == "1.0")
    }
}
