import ByteCoding
import Testing

@Suite("JSONScanner") struct JSONScannerTests {
    private func scanning<Value>(_ text: String, depth: Int = 16, _ body: (inout JSONScanner) throws -> Value) throws -> Value {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes, maximumDepth: depth)
            return try body(&scanner)
        }
    }

    @Test("an object is pulled member by member, unknown ones skipped")
    func pulling() throws {
        let found = try scanning(#" { "skip" : [1,{"a":[true,null]}] , "name" : "x" , "n" : -12 } "#) { scanner in
            var name = ""
            var number: Int64?
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "name") {
                    name = scanner.text(of: try scanner.string())
                } else if scanner.matches(key, "n") {
                    number = scanner.int64(try scanner.number())
                } else {
                    try scanner.skipValue()
                }
            }
            try scanner.finish()
            return (name, number, scanner.depth)
        }
        #expect(found == ("x", -12, 0))
    }

    @Test("strings report their range, their escapes and whether they are ASCII, at every offset")
    func strings() throws {
        for special in ["", "é", "\\n", "\\u00e9", "\u{7f}"] {
            for before in 0..<20 {
                let content = String(repeating: "a", count: before) + special + "bb"
                let string = try scanning("\"" + content + "\"") { scanner in
                    let string = try scanner.string()
                    try scanner.finish()
                    return string
                }
                #expect(string.range == 1..<1 + content.utf8.count)
                #expect(string.hasEscapes == special.hasPrefix("\\"))
                #expect(string.isASCII == (special != "é"))
            }
        }
    }

    @Test("numbers are read exactly or not at all")
    func numbers() throws {
        func int64(_ text: String) throws -> Int64? { try scanning(text) { $0.int64(try $0.number()) } }
        func uint64(_ text: String) throws -> UInt64? { try scanning(text) { $0.uint64(try $0.number()) } }
        func double(_ text: String) throws -> Double? { try scanning(text) { $0.double(try $0.number()) } }
        #expect(try int64("-9223372036854775808") == .min)
        #expect(try int64("9223372036854775807") == .max)
        #expect(try int64("9223372036854775808") == nil)
        #expect(try int64("-9223372036854775809") == nil)
        #expect(try int64("1.0") == nil)
        #expect(try uint64("18446744073709551615") == .max)
        #expect(try uint64("18446744073709551616") == nil)
        #expect(try uint64("-1") == nil)
        for text in [
            "0", "-0", "0.1", "3.14159", "1e22", "1e23", "123456789.125", "0.000001", "9007199254740993", "2.2250738585072014e-308",
            "1.7976931348623157e308", "-12.5E-2",
        ] {
            #expect(try double(text) == Double(text))
        }
        #expect(try double("1.8e308") == nil)
    }

    @Test("skipping follows any mix of containers to any depth")
    func deepSkipping() throws {
        for depth in [1, 2, 63, 64, 65, 66, 127, 128, 129, 200, 1000] {
            let open = (0..<depth).map { $0 % 3 == 0 ? #"{"a":1,"k":"# : "[[],{},1," }.joined()
            let close = (0..<depth).reversed().map { $0 % 3 == 0 ? #","z":[]}"# : ",2]" }.joined()
            try scanning(open + "null" + close + " 7", depth: 2000) { scanner in
                try scanner.skipValue()
                #expect(scanner.depth == 0)
                #expect(scanner.int64(try scanner.number()) == 7)
            }
            #expect(throws: JSONError.self) { try scanning(open + "null" + close.dropLast(), depth: 2000) { try $0.skipValue() } }
        }
    }

    @Test("skipping refuses nesting beyond the limit")
    func depth() throws {
        #expect(throws: JSONError.self) { try scanning("[[[]]]", depth: 2) { try $0.skipValue() } }
        #expect(throws: Never.self) { try scanning("[[[]]]", depth: 3) { try $0.skipValue() } }
    }
}
