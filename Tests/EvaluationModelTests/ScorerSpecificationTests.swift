import ByteCoding
import ContentReading
import EvaluationModel
import Testing

@Suite("Scorer specifications")
struct ScorerSpecificationTests {
    private func scorers(_ text: String) throws -> [ScorerSpecification] { try ScorerSpecification.list(json: JSONValue.parse(text)) }

    private func problem(_ text: String) throws -> String {
        do {
            return "taken: \(try scorers(text))"
        } catch let error as InvalidContent {
            return error.description
        }
    }

    @Test(
        "each kind is read, and written as it is read",
        arguments: [
            #"{"kind":"exact"}"#, #"{"kind":"exact","value":null}"#, #"{"kind":"exact","value":"a","trim":true,"ignore_case":true}"#,
            #"{"kind":"contains","all":["a","b"],"any":["c"],"none":["d"]}"#, #"{"kind":"regex","pattern":"a+","ignore_case":true}"#,
            #"{"kind":"json_equal","value":{"a":[1,null]}}"#, #"{"kind":"json_subset","embedded":true}"#,
            #"{"kind":"json_schema","schema":{"type":"object"},"assert_formats":true,"embedded":true}"#,
            #"{"kind":"json_schema","schema":true}"#, #"{"kind":"numeric","value":1.5,"absolute":0.1,"relative":0.01}"#,
            #"{"kind":"edit_distance","value":"abc","threshold":0.8}"#, #"{"kind":"edit_distance","maximum_distance":3}"#,
            #"{"kind":"embedding_similarity","value":"abc","model":"openai/text-embedding-3-small","threshold":0.8}"#,
            #"{"kind":"embedding_similarity","required":false}"#,
            #"{"kind":"tool_calls","calls":[{"name":"f","arguments":{"a":1}},{"name":"g"}],"arguments":"subset","order":"any","allow_extra":true}"#,
            #"{"kind":"latency","maximum_ms":1500.0}"#, #"{"kind":"tokens","maximum_input":10,"maximum_output":20,"maximum_total":25}"#,
            #"{"kind":"cost","maximum_usd":0.01}"#, #"{"kind":"judge","rubric":"r","threshold":0.5}"#,
            #"{"kind":"judge","rubric":"r","model":"a/b","scale":{"minimum":1.0,"maximum":5.0},"threshold":4.0,"weight":2.0}"#,
            #"{"kind":"judge","rubric":"r","choices":[{"label":"x","value":1.0},{"label":"y","value":0.0}],"required":false}"#,
            #"{"kind":"pairwise_judge","rubric":"r","against":"expected","model":"a/b","threshold":1.0,"negated":true}"#,
        ])
    func roundTrip(_ text: String) throws {
        let scorer = try #require(try scorers("[\(text)]").first)
        #expect(scorer.name == scorer.kind.rawValue)
        let written = String(decoding: scorer.json.bytes, as: UTF8.self)
        #expect(written.replacing(#","name":"\#(scorer.name)""#, with: "") == text)
        #expect(try scorers("[\(written)]") == [scorer])
    }

    @Test("every kind has a form that the test above reads")
    func allKinds() { #expect(ScorerKind.allCases.count == 15) }

    @Test("scorers without a name take their kind's, numbered where it stands there more than once")
    func names() throws {
        let list = #"[{"kind":"exact"},{"kind":"exact"},{"kind":"exact","name":"exact_2"},{"kind":"cost","maximum_usd":1}]"#
        #expect(try scorers(list).map(\.name) == ["exact", "exact_3", "exact_2", "cost"])
        #expect(try problem(#"[{"kind":"exact","name":"a"},{"kind":"regex","pattern":"x","name":"a"}]"#).contains("has this name, too"))
    }

    @Test(
        "what makes no sense is refused with its place",
        arguments: [
            ("{}", "scorers: a list is due here"), ("[1]", "scorers[0]: an object is due here"),
            ("[{}]", "scorers[0].kind: a kind of scorer"),
            (#"[{"kind":"edit_distance"}]"#, "scorers[0].threshold: from which value on"),
            (#"[{"kind":"judge","rubric":"r"}]"#, "scorers[0].threshold: from which value on"),
            (#"[{"kind":"judge","rubric":"r","threshold":3}]"#, "scorers[0].threshold: the threshold lies outside"),
            (#"[{"kind":"judge","threshold":1}]"#, "scorers[0].rubric: a text is due"),
            (#"[{"kind":"judge","rubric":"r","threshold":1,"scale":{"minimum":5,"maximum":1}}]"#, "the maximum must be above"),
            (#"[{"kind":"judge","rubric":"r","threshold":1,"choices":[{"label":"a","value":1}]}]"#, "at least two choices"),
            (
                #"[{"kind":"judge","rubric":"r","threshold":1,"scale":{"minimum":0,"maximum":1},"choices":[]}]"#,
                "or with one of the choices"
            ),
            (#"[{"kind":"judge","rubric":"r","threshold":1,"model":"gpt"}]"#, "scorers[0].model: a model is written as provider/model"),
            (#"[{"kind":"exact","threshold":1}]"#, "has no threshold"),
            (#"[{"kind":"latency"}]"#, "scorers[0].maximum_ms: a number is due"),
            (#"[{"kind":"latency","maximum_ms":-1}]"#, "must be between 0 and 1000000000"),
            (#"[{"kind":"tokens"}]"#, "one of maximum_input"),
            (#"[{"kind":"tokens","maximum_total":1.5}]"#, "a whole number is due"), (#"[{"kind":"contains","all":[""]}]"#, "empty text"),
            (#"[{"kind":"json_schema","schema":3}]"#, "a schema is an object or a boolean"),
            (#"[{"kind":"json_schema"}]"#, "a schema is due"),
            (#"[{"kind":"tool_calls"}]"#, "the expected calls are due"), (#"[{"kind":"exact","weight":-1}]"#, "scorers[0].weight"),
            (#"[{"kind":"tool_calls","calls":[{"arguments":{}}]}]"#, "scorers[0].calls[0].name: a text is due"),
            (#"[{"kind":"edit_distance","maximum_distance":1,"threshold":1}]"#, "either threshold or maximum_distance"),
        ])
    func refused(_ text: String, _ message: String) throws {
        let found = try problem(text)
        #expect(found.contains(message), "\(found)")
    }
}

@Suite("Scores")
struct ScoreTests {
    @Test("a score is written and read back, an error as well")
    func roundTrip() throws {
        let usage = ScorerUsage(model: "openai/x", callCount: 2, inputTokenCount: 10, outputTokenCount: 3, cost: 0.001)
        let scores = [
            Score(name: "a", origin: .scorer(.exact), value: 1, passed: true, reason: "they are equal"),
            Score(
                name: "b", origin: .scorer(.judge), value: 4.5, passed: nil, label: "good", reason: "é", details: .array([.null]),
                usage: usage),
            Score(name: "c", origin: .scorer(.judge), error: ScoreError(.unavailable, "no answer"), usage: usage),
            Score(name: "d", origin: .person, passed: false, reason: "wrong tone"),
        ]
        for score in scores { #expect(try Score(json: JSONValue.parse(score.json.bytes)) == score) }
        #expect(scores[2].value == nil && scores[2].passed == nil && scores[2].reason == "no answer")
    }

    @Test("a score that is both an error and a value is refused, with everything else that is wrong")
    func refused() throws {
        let text = #"{"name":"","kind":"x","value":1,"passed":null,"reason":"r","error":{"code":"limit","message":"m"}}"#
        let error = #expect(throws: InvalidContent.self) { try Score(json: JSONValue.parse(text)) }
        #expect(error?.problems.map(\.path) == ["name", "kind", "error"])
    }

    @Test("a reason is never empty and never long, and is cut between characters")
    func reasons() {
        #expect(Score(name: "a", origin: .application, reason: "").reason == "no reason was given")
        let long = Score(name: "a", origin: .application, reason: String(repeating: "é", count: 5000)).reason
        #expect(long.utf8.count <= TestCaseLimits.maximumReasonByteCount)
        #expect(long.hasSuffix("é..."))
        #expect("abcdef".cut(toByteCount: 5) == "ab...")
        #expect("abc".cut(toByteCount: 3) == "abc")
        #expect("abcd".cut(toByteCount: 3) == "...")
    }

    @Test("usages add up, and what one call does not know is not known of both")
    func usages() {
        let a = ScorerUsage(model: "m", inputTokenCount: 1, outputTokenCount: 2, cost: 0.5)
        let b = ScorerUsage(model: "m", inputTokenCount: 10, outputTokenCount: 20)
        #expect(a + b == ScorerUsage(model: "m", callCount: 2, inputTokenCount: 11, outputTokenCount: 22))
    }
}
