import ByteCoding
import ContentReading
import EvaluationModel
import Testing

@Suite("Scorers of stored spans") struct StoredSpanScorersTests {
    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try StoredSpanScorers.read(json: try JSONValue.parse(text))
            return []
        } catch let error as InvalidContent { return error.problems.map(\.path) }
    }

    @Test("scorers that bring what they compare with are taken, each with a name")
    func taken() throws {
        let scorers = try StoredSpanScorers.read(
            json: try JSONValue.parse(
                """
                [{"kind": "contains", "any": ["a"]}, {"kind": "exact", "value": "a"}, {"kind": "latency", "maximum_ms": 1},
                 {"kind": "judge", "rubric": "r", "threshold": 0.5}, {"kind": "contains", "none": ["b"]}]
                """))
        #expect(scorers.map(\.name) == ["contains", "exact", "latency", "judge", "contains_2"])
        #expect(try StoredSpanScorers.read(json: try JSONValue.parse(StoredSpanScorers.json(scorers))) == scorers)
    }

    @Test(
        "those that compare with what only a case has are refused, each at its place",
        arguments: [
            #"{"kind": "exact"}"#, #"{"kind": "contains"}"#, #"{"kind": "json_equal"}"#, #"{"kind": "numeric"}"#,
            #"{"kind": "edit_distance", "threshold": 0.5}"#, #"{"kind": "embedding_similarity", "threshold": 0.5}"#,
            #"{"kind": "pairwise_judge", "rubric": "r"}"#,
        ])
    func refused(_ scorer: String) throws {
        #expect(try problems(#"[{"kind": "latency", "maximum_ms": 1}, \#(scorer)]"#) == ["scorers[1]"])
    }

    @Test("no scorer, or what is no list of them, is refused")
    func nothing() throws {
        #expect(try problems("[]") == ["scorers"] && problems("null") == ["scorers"])
        #expect(try problems(#"{"kind": "exact"}"#) == ["scorers"])
    }
}
