import ByteCoding
import Evaluation
import EvaluationModel
import Foundation
import Testing

@testable import Evaluation

@Suite("JSON Schema")
struct JSONSchemaTests {
    private func holds(_ schema: String, _ value: String, assertFormats: Bool = false) throws -> Bool {
        var validation = JSONSchemaValidation(try JSONSchema(JSONValue.parse(schema), assertFormats: assertFormats))
        return try validation.validate(JSONValue.parse(value))
    }

    @Test("600 random schemas hold for the values for which PyPI's jsonschema says so")
    func table() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Fixtures/json-schema-table.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 600)
        for (number, line) in lines.enumerated() {
            let row = try JSONValue.parse(String(line))
            let schema = try JSONSchema(try #require(row["schema"]))
            for pair in row["values"]?.arrayValue ?? [] {
                guard let pair = pair.arrayValue, let expected = pair[1].boolValue else { continue }
                var validation = JSONSchemaValidation(schema)
                let holds = try validation.validate(pair[0])
                #expect(holds == expected, "line \(number + 1): \(line) for \(pair[0])")
                if !holds { #expect(!validation.faults.isEmpty) }
            }
        }
    }

    @Test(
        "what schemas ask again and again of a large value is counted, or cheap: the worker has its time",
        arguments: ["empty", "patterns", "constants"])
    func greedySchema(_ kind: String) async throws {
        let members = (0..<20_000).map { "\"key-\($0)\":\($0)" }.joined(separator: ",")
        let part =
            switch kind {
            case "empty": #"{"required":["key-1"]}"#
            case "patterns": #"{"patternProperties":{"^(a|k)*(a|k){200}z":{}}}"#
            default: #"{"not":{"enum":[{"a":1},{"a":2},{"a":3}]}}"#
            }
        let schema = #"{"allOf":[\#(Array(repeating: part, count: 2_000).joined(separator: ","))]}"#
        let score = try await ScorerTesting.score(#"{"kind":"json_schema","schema":\#(schema)}"#, "{\(members)}")
        if kind == "constants" {
            #expect(score.passed == true, "members beyond those of a constant are not read")
        } else {
            #expect(score.error?.code == .limit)
        }
    }

    @Test("faults are named with their paths")
    func faults() async throws {
        let scorer =
            #"{"kind":"json_schema","schema":{"type":"object","required":["name"],"properties":{"items":{"items":{"type":"integer"}}}}}"#
        let score = try await ScorerTesting.score(scorer, #"{"items":[1,"x",2.5]}"#)
        #expect(score.passed == false)
        #expect(score.reason == #"the schema does not allow the output: at $, the member "name" is missing; 2 more"#)
        #expect(score.details?.arrayValue?.compactMap { $0["path"]?.stringValue } == ["$", "$.items[1]", "$.items[2]"])
        #expect(try await ScorerTesting.score(scorer, #"{"name":"a"}"#).passed == true)
        #expect(try await ScorerTesting.score(scorer, "hello").reason.hasPrefix("the output is not JSON"))
        #expect(try await ScorerTesting.score(#"{"kind":"json_schema","schema":{},"embedded":true}"#, "a [1] b").passed == true)
    }

    @Test("references reach pointers, anchors and embedded ids, and recurse")
    func references() throws {
        let tree =
            ##"{"$id":"https://example.com/tree","$ref":"#node","$defs":{"n":{"$anchor":"node","properties":{"kids":{"items":{"$ref":"#node"}},"v":{"$ref":"leaf"}}},"l":{"$id":"leaf","type":"integer"}}}"##
        #expect(try holds(tree, #"{"v":1,"kids":[{"v":2,"kids":[{"v":3}]}]}"#))
        #expect(try !holds(tree, #"{"v":1,"kids":[{"v":2,"kids":[{"v":"x"}]}]}"#))
        #expect(try holds(##"{"properties":{"a/b~c d":{"type":"null"},"x":{"$ref":"#/properties/a~1b~0c%20d"}}}"##, ##"{"x":null}"##))
        #expect(try !holds(##"{"$dynamicRef":"#t","$defs":{"t":{"$dynamicAnchor":"t","type":"null"}}}"##, "1"))
    }

    @Test(
        "what is no schema is an error with its place",
        arguments: [
            ("3", "a schema is an object or a boolean"), (#"{"type":"text"}"#, #""text" is no type (at /type)"#),
            (#"{"properties":{"a":{"minLength":-1}}}"#, "a whole number from 0 on is due here (at /properties/a/minLength)"),
            (##"{"$ref":"https://elsewhere.example/x"}"##, "leads out of the document"),
            (##"{"$ref":"#/$defs/nothing"}"##, "leads nowhere"),
            (#"{"pattern":"(?=x)"}"#, "(at /pattern)"), (#"{"items":[{}]}"#, "a schema is an object or a boolean, not a list (at /items)"),
            (#"{"allOf":[]}"#, "a list of schemas is due"), (#"{"multipleOf":0}"#, "a number above 0"),
        ])
    func badSchema(_ schema: String, _ message: String) throws {
        let error = #expect(throws: ScoreError.self) { try holds(schema, "1") }
        #expect(error?.code == .invalidScorer)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test("schemas made to run for ever, or too deep, end with an error")
    func hostileSchemas() throws {
        let circle = #expect(throws: ScoreError.self) { try holds(##"{"$ref":"#"}"##, "1") }
        #expect(circle?.code == .limit)
        var bomb = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{"
        bomb += (0..<30).map { "\"d\($0)\":{\"anyOf\":[{\"$ref\":\"#/$defs/d\($0 + 1)\"},{\"$ref\":\"#/$defs/d\($0 + 1)\"}]}" }.joined(
            separator: ",")
        bomb += ",\"d30\":false}}"
        let steps = #expect(throws: ScoreError.self) { try holds(bomb, "1") }
        #expect(steps?.code == .limit)
        var deep = JSONValue.object([])
        for _ in 0..<200 { deep = .object([JSONMember(key: "items", value: deep)]) }
        #expect(throws: ScoreError.self) { try JSONSchema(deep) }
    }

    @Test(
        "formats are notes, and held to where that is asked for",
        arguments: [
            ("date", "2024-02-29", true), ("date", "2023-02-29", false), ("date", "2024-2-1", false), ("time", "10:20:30Z", true),
            ("time", "10:20:30.123+05:30", true), ("time", "24:00:00Z", false), ("time", "10:20:30", false), ("time", "23:59:60Z", true),
            ("time", "22:59:60Z", false), ("date-time", "2024-01-01T00:00:00Z", true), ("date-time", "2024-01-01 00:00:00Z", false),
            ("email", "a@example.com", true), ("email", "a@", false), ("email", "a b@example.com", false), ("ipv4", "127.0.0.1", true),
            ("ipv4", "256.0.0.1", false), ("ipv4", "127.0.0.01", false), ("ipv6", "::1", true), ("ipv6", "1:2:3:4:5:6:7:8", true),
            ("ipv6", "1::2::3", false), ("ipv6", "::ffff:1.2.3.4", true), ("ipv6", "12345::", false), ("ipv6", ":1", false),
            ("uuid", "123e4567-e89b-12d3-a456-426614174000", true), ("uuid", "123e4567", false), ("uri", "https://example.com/a?b#c", true),
            ("uri", "no scheme", false), ("uri-reference", "../a", true), ("hostname", "a-b.example", true),
            ("hostname", "-a.example", false),
            ("json-pointer", "/a/~1b", true), ("json-pointer", "a", false), ("regex", "a+", true), ("regex", "(", false),
            ("duration", "P3DT4H", true), ("duration", "P", false), ("duration", "PT", false), ("something", "anything", true),
        ])
    func formats(_ format: String, _ text: String, _ isRight: Bool) throws {
        let value = String(decoding: JSONValue.string(text).bytes, as: UTF8.self)
        #expect(try holds(#"{"format":"\#(format)"}"#, value, assertFormats: true) == isRight)
        #expect(try holds(#"{"format":"\#(format)"}"#, value))
    }
}
