import Testing

@testable import Ingest

@Suite("Redaction rules as JSON")
struct RedactionRulesTests {
    private static func rules(_ text: String) throws -> RedactionRules { try RedactionRules(json: Array(text.utf8)) }

    private static func faults(_ text: String) -> [String] {
        do {
            _ = try rules(text)
            return []
        } catch let error as RedactionRulesError {
            return error.faults.map { $0.path }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("rules read back as what they were written from")
    func roundTrip() throws {
        let rules = try Self.rules(
            #"{"mode":"metadata_only","keys":[{"glob":"user.*","action":"hash"},{"glob":"*.token","action":"drop"}],"#
                + #""patterns":[{"builtin":"email","replacement":""},{"builtin":"api_key"},{"name":"badge","regex":"EMP-\\d{6}"}]}"#)
        #expect(rules.mode == .metadataOnly)
        #expect(rules.keys.map(\.action) == [.hash, .drop])
        #expect(rules.patterns.map(\.mask) == ["", "[api_key]", "[badge]"])
        #expect(try RedactionRules(json: rules.json) == rules)
        #expect(try Self.rules("{}").isEmpty)
    }

    @Test(
        "each fault is named with its place",
        arguments: [
            ("[]", [""]), ("{", [""]), (#"{"mode":"none"}"#, ["mode"]), (#"{"modes":"full"}"#, ["modes"]),
            (#"{"keys":{}}"#, ["keys"]),
            (#"{"keys":[{"glob":"a","action":"mask"},{"action":"drop"}]}"#, ["keys[0].action", "keys[1].glob"]),
            (#"{"keys":[{"glob":"a","action":"drop","x":1}]}"#, ["keys[0].x"]),
            (#"{"patterns":[{"builtin":"ssn"}]}"#, ["patterns[0].builtin"]),
            (#"{"patterns":[{"name":"a","regex":"("}]}"#, ["patterns[0].regex"]),
            (#"{"patterns":[{"name":"a","regex":"(?=a)"}]}"#, ["patterns[0].regex"]),
            (#"{"patterns":[{"regex":"a"}]}"#, ["patterns[0].name"]),
            (#"{"patterns":[{"name":"email","regex":"a"}]}"#, ["patterns[0].name"]),
            (#"{"patterns":[{"builtin":"email"},{"builtin":"email"}]}"#, ["patterns[1]"]),
            (#"{"patterns":[{"builtin":"email","regex":"a"}]}"#, ["patterns[0]"]),
        ])
    func faults(_ text: String, _ paths: [String]) { #expect(Self.faults(text) == paths) }

    @Test(
        "globs",
        arguments: [
            ("user.*", "user.id", true), ("user.*", "user", false), ("*", "", true), ("*token*", "my.Token.x", true), ("a?c", "abc", true),
            ("a?c", "ac", false), ("USER.id", "user.ID", true), ("*.id", "a.b.id", true), ("*.id", "a.b.idx", false),
            ("a*b*c", "a1b2b3c", true),
            ("", "", true), ("", "a", false), ("**", "x", true),
        ])
    func globs(_ glob: String, _ key: String, _ expected: Bool) {
        #expect(Array(key.utf8).withUnsafeBytes { Glob(glob).matches($0) } == expected)
    }

    @Test("a glob of many stars costs no more than its key")
    func manyStars() {
        let key = Array(String(repeating: "a", count: 256).utf8)
        let glob = Glob(String(repeating: "*a", count: 127) + "*b")
        for _ in 0..<100 { #expect(!key.withUnsafeBytes { glob.matches($0) }) }
    }
}
