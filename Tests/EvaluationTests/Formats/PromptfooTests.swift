import ByteCoding
import Evaluation
import ContentReading
import EvaluationModel
import Testing

@Suite("promptfoo's test cases")
struct PromptfooTests {
    private func read(_ yaml: String) -> ([TestCaseContent]?, [String]) {
        let (cases, report) = PromptfooFormat.read(Array(yaml.utf8))
        return (cases, report.problems.map { "\($0.line):\($0.column) \($0.path): \($0.message)" })
    }

    @Test("tests, variables, assertions and defaults become cases")
    func configuration() throws {
        let (cases, problems) = read(
            """
            prompts: [file://prompt.txt]
            providers: [openai:gpt-4.1]
            defaultTest:
              vars: {language: French}
              assert:
                - type: latency
                  threshold: 2000
            tests:
              - description: says hello
                vars: {name: Ada}
                metadata: {owner: bob}
                assert:
                  - {type: equals, value: "Bonjour {{name}}"}
                  - {type: not-icontains, value: hello, metric: language}
                  - {type: contains-any, value: "Bonjour, Salut"}
                  - {type: is-json, value: {type: object}}
                  - {type: contains-json}
                  - {type: similar, value: Bonjour, provider: "openai:embedding:text-embedding-3-small"}
                  - {type: llm-rubric, value: is polite, metric: language, weight: 2}
                  - {type: levenshtein, value: abc, threshold: 3}
                  - {type: starts-with, value: "1+1"}
                  - {type: cost, threshold: 0.01, weight: 0}
                  - {type: assert-set, assert: [{type: regex, value: "[a-z]+"}]}
            """)
        #expect(problems.isEmpty, "\(problems)")
        let content = try #require(cases?.first)
        #expect(content.key == "says hello")
        #expect(
            content.input
                == .variables([JSONMember(key: "language", value: .string("French")), JSONMember(key: "name", value: .string("Ada"))]))
        #expect(content.metadata == [JSONMember(key: "owner", value: .string("bob"))])
        let scorers = content.scorers
        #expect(
            scorers.map(\.kind) == [
                .latency, .exact, .contains, .contains, .jsonSchema, .jsonSchema, .embeddingSimilarity, .judge, .editDistance, .regex,
                .cost, .regex,
            ])
        #expect(scorers[1].parameters == .exact(ExactParameters(value: .string("Bonjour Ada"))))
        #expect(scorers[2].negated && scorers[2].parameters == .contains(ContainsParameters(all: ["hello"], ignoreCase: true)))
        #expect(scorers[3].parameters == .contains(ContainsParameters(any: ["Bonjour", "Salut"])))
        #expect(scorers[5].parameters == .jsonSchema(JSONSchemaParameters(schema: .bool(true), embedded: true)))
        #expect(scorers[6].parameters == .embeddingSimilarity(.init(value: "Bonjour", model: "openai/text-embedding-3-small")))
        #expect(scorers[6].threshold == 0.75 && scorers[7].threshold == 0.5 && scorers[7].weight == 2)
        #expect(scorers[2].name == "language" && scorers[7].name == "language_2")
        #expect(scorers[8].parameters == .editDistance(EditDistanceParameters(value: "abc", maximumDistance: 3)))
        #expect(scorers[9].parameters == .regex(RegexParameters(pattern: "^1\\+1")))
        #expect(!scorers[10].required)
    }

    @Test("lists among the variables stand for a case of each element, unless that is turned off")
    func expansion() {
        let (cases, problems) = read(
            "- vars: {a: [1, 2], b: [x, y]}\n  description: d\n- vars: {a: [1, 2]}\n  options: {disableVarExpansion: true}\n")
        #expect(problems.isEmpty, "\(problems)")
        #expect(cases?.count == 5)
        #expect(cases?.first?.key == "d" && Set(cases?.map(\.key) ?? []).count == 5)
        #expect(cases?.last?.input.variables.first?.value.arrayValue?.count == 2)
        let many = (0..<4).map { "v\($0): [1, 2, 3, 4, 5, 6, 7, 8]" }.joined(separator: ", ")
        #expect(read("- vars: {\(many)}").1 == ["1:9 [0].vars: the lists stand for more than 1000 cases"])
    }

    @Test("what has no counterpart is reported with its line; the case stays without it")
    func unsupported() {
        let (cases, problems) = read(
            """
            tests:
              - vars: {a: 1}
                threshold: 0.5
                assert:
                  - {type: javascript, value: "output.length < 3"}
                  - {type: contains, value: "{{missing}}"}
                  - {type: equals, value: file://x.txt}
                  - {type: latency}
                  - {type: regex, value: x, transform: y}
                  - {type: contains, value: ok}
                  - 7
              - 3
              - vars: file://vars.yaml
            """)
        #expect(cases?.map { $0.scorers.map(\.kind) } == [[.contains]])
        #expect(
            problems == [
                #"3:16 tests[0].threshold: "threshold" of a test is not supported and passed over"#,
                #"5:16 tests[0].assert[0].type: assertions of type "javascript" are not supported; the assertion is left out"#,
                #"6:9 tests[0].assert[1].missing: the template asks for {{missing}}, which the case does not have; it has a; the assertion is left out"#,
                #"7:31 tests[0].assert[2].value: values from files are not supported: put the value itself here; the assertion is left out"#,
                #"8:9 tests[0].assert[3].threshold: a number is due here; the assertion is left out"#,
                #"9:9 tests[0].assert[4]: assertions with "transform" are not supported; the assertion is left out"#,
                #"11:9 tests[0].assert[6]: an assertion is a mapping with a type; the assertion is left out"#,
                #"12:5 tests[1]: a test is a mapping, not a number"#,
                #"13:11 tests[2].vars: variables are a mapping; variables from files are not supported"#,
            ], "\(problems.joined(separator: "\n"))")
        #expect(read("tests: file://tests.csv").0 == nil)
        #expect(read("tests: [").0 == nil)
    }

    @Test("cases written for promptfoo are read back the same where promptfoo has words for them; the rest is listed")
    func export() throws {
        let scorers = try ScorerSpecification.list(
            json: JSONValue.parse(
                """
                [{"kind":"exact","value":"a"},{"kind":"contains","all":["x","y"],"ignore_case":true,"negated":true},{"kind":"regex","pattern":"a+"},
                 {"kind":"json_schema","schema":{"type":"object"},"embedded":true},{"kind":"json_schema","schema":true},
                 {"kind":"edit_distance","value":"v","maximum_distance":2},{"kind":"judge","rubric":"r","model":"openai/gpt-4.1","threshold":0.7},
                 {"kind":"embedding_similarity","value":"v","threshold":0.9},{"kind":"latency","maximum_ms":5,"weight":2},{"kind":"cost","maximum_usd":1}]
                """))
        let content = TestCaseContent(
            key: "k", input: .variables([JSONMember(key: "list", value: .array([.integer(1), .integer(2)]))]), scorers: scorers,
            metadata: [JSONMember(key: "m", value: .bool(true))])
        var other = content
        other.key = "other"
        other.input = .messages([PromptMessage(.user, "hi")])
        var tools = content
        tools.key = "tools"
        tools.scorers = try ScorerSpecification.list(json: JSONValue.parse(#"[{"kind":"tool_calls","calls":[]}]"#))
        let (yaml, omissions) = PromptfooFormat.write([content, other, tools])
        #expect(omissions.map(\.path) == ["other", "tools"])
        let (cases, problems) = read(yaml)
        #expect(problems.isEmpty, "\(problems)\n\(yaml)")
        #expect(cases?.first?.contentHash == content.contentHash, "\(yaml)")
    }
}
