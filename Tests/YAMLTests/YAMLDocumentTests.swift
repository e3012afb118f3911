import ByteCoding
import SeededRandom
import Testing
import YAML

@Suite("YAML documents")
struct YAMLDocumentTests {
    private func json(_ yaml: String, mergesKeys: Bool = false) throws -> String {
        String(decoding: try YAMLDocument(yaml, mergesKeys: mergesKeys).value.bytes, as: UTF8.self)
    }

    private func error(_ bytes: [UInt8], mergesKeys: Bool = false) -> YAMLError? {
        #expect(throws: YAMLError.self) { try YAMLDocument(bytes, mergesKeys: mergesKeys) }
    }

    @Test(
        "plain scalars have the types of YAML 1.2's core schema; what is quoted is a text",
        arguments: [
            ("null", "null"), ("~", "null"), ("", "null"), ("# only a comment", "null"), ("Null", "null"), ("true", "true"),
            ("False", "false"),
            ("yes", "\"yes\""), ("on", "\"on\""), ("12", "12"), ("-7", "-7"), ("+3", "3"), ("007", "7"), ("0o17", "15"), ("0xfF", "255"),
            ("0x-1", "\"0x-1\""), ("1.5", "1.5"), ("-.5", "-0.5"), ("2.", "2.0"), ("1e3", "1000.0"), ("1_000", "\"1_000\""),
            ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", "9.223372036854776e+18"),
            ("2024-01-01", "\"2024-01-01\""),
            ("1.2.3", "\"1.2.3\""), ("12:30:45", "\"12:30:45\""), ("\"12\"", "\"12\""), ("'true'", "\"true\""), ("'~'", "\"~\""),
            ("|\n  12\n", "\"12\\n\""), (">-\n  a\n  b\n", "\"a b\""), ("!!str 12", "\"12\""), ("!!int \"12\"", "12"), ("!!float 1", "1.0"),
            ("!!bool 'true'", "true"), ("!!null ''", "null"), ("! 12", "\"12\""), ("-", "[null]"), ("\"\\u00e9\\x41\"", "\"éA\""),
            ("e3", "\"e3\""),
            (".", "\".\""), ("+", "\"+\""), ("1e", "\"1e\""), ("<<", "\"<<\""),
        ])
    func scalars(_ yaml: String, _ expected: String) throws { #expect(try json(yaml) == expected) }

    @Test("mappings, sequences, flow and block, keys of any scalar")
    func collections() throws {
        #expect(
            try json("a: 1\nb:\n  - x\n  - {c: d}\n200: ok\ntrue: yes\n~: n\n")
                == #"{"a":1,"b":["x",{"c":"d"}],"200":"ok","true":"yes","~":"n"}"#)
        #expect(try json(#"{"json": ["is", "YAML", 1, null, {"too": true}]}"#) == #"{"json":["is","YAML",1,null,{"too":true}]}"#)
        #expect(try json("--- \na: 1\n...\n") == #"{"a":1}"#)
        #expect(try json("\u{feff}a: 1") == #"{"a":1}"#)
    }

    @Test("aliases stand for what was anchored, a key's anchor too")
    func aliases() throws {
        #expect(try json("a: &x {k: [1, 2]}\nb: *x\nc: *x") == #"{"a":{"k":[1,2]},"b":{"k":[1,2]},"c":{"k":[1,2]}}"#)
        #expect(try json("&k key: 1\nother: *k\n*k : 2\n".replacing("*k : 2\n", with: "")) == #"{"key":1,"other":"key"}"#)
        #expect(try json("- &x 1\n- &x 2\n- *x") == "[1,2,2]")
    }

    @Test("merge keys are members of their own, or take over where that is asked for")
    func mergeKeys() throws {
        let yaml = "base: &b {x: 1, y: {z: 2}}\none:\n  y: 3\n  <<: *b\ntwo:\n  <<: [*b, {x: 9, w: 0}]\n"
        #expect(try json(yaml).contains(#""<<":"#))
        #expect(try json(yaml, mergesKeys: true) == #"{"base":{"x":1,"y":{"z":2}},"one":{"y":3,"x":1},"two":{"x":1,"y":{"z":2},"w":0}}"#)
        let inner = try YAMLDocument("a:\n  <<: &n {p: 1}\n  q: *n\n", mergesKeys: true)
        #expect(String(decoding: inner.value.bytes, as: UTF8.self) == #"{"a":{"q":{"p":1},"p":1}}"#)
        #expect(inner.position(ofPath: "a.q.p") == YAMLPosition(line: 2, column: 14))
        #expect(error(Array("a:\n  <<: 3".utf8), mergesKeys: true)?.message.contains("takes over") == true)
    }

    @Test("every node has its place, aliases that of their anchor")
    func positions() throws {
        let document = try YAMLDocument("cases:\n  - key: a\n    scorers:\n      - {kind: regex}\n  - &x\n    \"a b\": [1, 2]\nlast: *x\n")
        #expect(document.position(ofPath: "") == YAMLPosition(line: 1, column: 1))
        #expect(document.position(ofPath: "cases[0].scorers[0].kind") == YAMLPosition(line: 4, column: 16))
        #expect(document.position(ofPath: "cases[1][\"a b\"][1]") == YAMLPosition(line: 6, column: 16))
        #expect(document.position(ofPath: "last[\"a b\"][0]") == YAMLPosition(line: 6, column: 13))
        #expect(document.position(ofPath: "cases[0].nothing.there") == YAMLPosition(line: 2, column: 5))
        #expect(document.position(of: [.key("cases"), .index(1)]) == YAMLPosition(line: 5, column: 5))
    }

    @Test(
        "what is not taken is told with line and column",
        arguments: [
            ("a: 1\nb: [1,\n", 3, "did not find expected"), ("a: 1\n a: b: c", 2, ""),
            ("a: 1\nb: 2\na: 3", 3, "stands twice in this mapping, first in line 1"),
            ("a: 1\n---\nb: 2", 2, "second document"), ("x: !custom 1", 1, "tag '!custom'"), ("x: !!binary aGk=", 1, "tag"),
            ("x:\n  - .inf", 2, "JSON has no number"), ("? [a]\n: 1", 1, "a key is a text"), ("a: *nothing", 1, "no anchor '&nothing'"),
            ("a: &x [1, *x]", 1, "stands inside what it stands for"), ("!!int abc", 1, "not of the type"),
            ("a: \"\\q\"", 1, "unknown escape"),
            ("a: \"open", 1, ""), ("\tb: 1", 1, ""), ("a: @x", 1, ""), ("a: 1\nb: \u{7}", 2, "control characters"), ("!!map [1]", 1, "tag"),
            ("%YAML 3.0\n---\na", 1, "incompatible"),
        ])
    func errors(_ yaml: String, _ line: Int, _ message: String) throws {
        let found = try #require(error(Array(yaml.utf8)))
        #expect(found.message.contains(message), "\(found)")
        #expect(found.position.line == line, "\(found)")
        #expect(found.position.column >= 1)
    }

    @Test("other encodings are named, broken UTF-8 is told with its place")
    func encodings() throws {
        #expect(error([0xff, 0xfe, 0x61, 0])?.message.contains("UTF-16") == true)
        #expect(error([0xfe, 0xff, 0, 0x61])?.message.contains("UTF-16") == true)
        #expect(error([0x61, 0, 0x62, 0])?.message.contains("UTF-16") == true)
        #expect(error([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])?.message.contains("UTF-32") == true)
        let broken = try #require(error(Array("a: é\nbc: ".utf8) + [0xc3, 0x28]))
        #expect(broken.message == "the text is not UTF-8 here")
        #expect(broken.position == YAMLPosition(line: 2, column: 5))
    }

    @Test("a thousand million laughs end at once, whether of nodes or of bytes")
    func billionLaughs() throws {
        var yaml = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...20 { yaml += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n" }
        let found = try #require(error(Array(yaml.utf8)))
        #expect(found.message.contains("aliases stand for more than"))
        let text = "x: &x \(String(repeating: "a", count: 1_000_000))\ny: [\(Array(repeating: "*x", count: 100).joined(separator: ", "))]"
        #expect(error(Array(text.utf8))?.message.contains("aliases stand for more than") == true)
        var keys = "- &k \(String(repeating: "a", count: 100_000))\n"
        for _ in 0..<1000 { keys += "- {*k : 1}\n" }
        #expect(error(Array(keys.utf8))?.message.contains("aliases stand for more than") == true)
    }

    @Test("depth, bytes and nodes have limits")
    func limits() throws {
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(error(Array(deep.utf8))?.message.contains("nests deeper than 96") == true)
        let blocks = (0..<110).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(error(Array(blocks.utf8))?.message.contains("nests deeper than 96") == true)
        #expect(error([UInt8](repeating: 0x61, count: YAMLLimits.maximumByteCount + 1))?.message.contains("at most") == true)
        let many = "[" + String(repeating: "1,", count: 1000) + "1]"
        let nodes = #expect(throws: YAMLError.self) { try YAMLDocument(Array(many.utf8), maximumNodeCount: 1000) }
        #expect(nodes?.message == "the document has more than 1000 nodes")
    }

    @Test("mangled documents are read or refused, never more")
    func fuzz() throws {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        let sources = [
            "a: &x [1, {b: 'c'}]\nd: *x\ne: |\n  text\n  more\nf: \"\\u00e9\"\n", "- !!str 1\n- ? k\n  : v\n- <<: {a: 1}\n",
            "{a: [b, c], \"d\": e}\n# c\n...",
        ]
        let pieces = [
            "&x", "*x", "[", "]", "{", "}", ":", "- ", "\n", "  ", "!!int ", "|", ">", "\"", "'", "<<: ", "---\n", "\u{0}", "é", "#", "%",
            "?",
        ]
        var readCount = 0
        for _ in 0..<2000 {
            var bytes = Array((sources.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.insert(contentsOf: Array((pieces.randomElement(using: &generator) ?? "").utf8), at: place)
                case 1: if place < bytes.count { bytes.remove(at: place) }
                case 2: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
                default: bytes.append(contentsOf: bytes.prefix(place))
                }
            }
            do {
                let document = try YAMLDocument(bytes, mergesKeys: generator.chance(50))
                readCount += 1
                // Whatever was read has a place for each of its nodes, and is JSON.
                #expect(try JSONValue.parse(document.value.bytes) == document.value, "SPANDREL_TEST_SEED=\(seed)")
                Self.visit(document.value, []) { _ = document.position(of: $0) }
            } catch let error as YAMLError {
                #expect(error.position.line >= 1 && error.position.column >= 1, "SPANDREL_TEST_SEED=\(seed)")
            }
        }
        #expect(readCount > 100)
    }

    private static func visit(_ value: JSONValue, _ path: [YAMLDocument.Step], _ body: ([YAMLDocument.Step]) -> Void) {
        body(path)
        for (index, element) in (value.arrayValue ?? []).enumerated() { visit(element, path + [.index(index)], body) }
        for member in value.objectValue ?? [] { visit(member.value, path + [.key(member.key)], body) }
    }
}
