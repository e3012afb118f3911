import ByteCoding
import ContentReading
import Testing

@Suite struct ObjectReaderTests {
    @Test("one pass names everything that is wrong, each with its path")
    func everyProblem() throws {
        let problems = ProblemList()
        let value = try JSONValue.parse(
            #"{"name": 7, "count": 1.5, "flag": "yes", "tags": ["a", 2], "odd key": 1, "twice": {"a": 1, "a": 2}}"#)
        var reader = try #require(ObjectReader(value, path: "top", problems: problems))
        #expect(reader.requiredText("name", maximumByteCount: 10) == nil)
        #expect(reader.integer("count", in: 0...5) == nil)
        #expect(reader.bool("flag") == nil)
        #expect(reader.texts("tags", maximumCount: 5, maximumByteCount: 5) == ["a"])
        #expect(reader.object("twice") == nil)
        reader.finish()
        #expect(
            problems.problems.map(\.path) == ["top.name", "top.count", "top.flag", "top.tags[1]", "top.twice.a", #"top["odd key"]"#])
        #expect(throws: InvalidContent.self) { try problems.throwIfAny() }
    }

    @Test("problems beyond the limit are counted") func manyProblems() throws {
        let problems = ProblemList()
        for index in 0..<ContentReadingLimits.maximumProblemCount + 3 { problems.add("a[\(index)]", "is wrong") }
        #expect(problems.problems.count == ContentReadingLimits.maximumProblemCount)
        #expect(problems.omittedCount == 3)
    }

    @Test(
        "what cannot be stored has a problem of shape",
        arguments: [
            (#"{"a": [1, {"b": null}]}"#, nil), (#"{"a": 1, "a": 2}"#, "twice"), (#"[[[[1]]]]"#, "deeply"), (#"["\u0000"]"#, "U+0000"),
        ] as [(String, String?)])
    func shape(text: String, word: String?) throws {
        let problem = try JSONValue.parse(text).problemOfShape(maximumDepth: 3)
        #expect((problem == nil) == (word == nil))
        if let word { #expect(problem?.contains(word) == true) }
    }

    @Test("numbers are written as people write them") func shortText() {
        #expect(2.0.shortText == "2")
        #expect(0.5.shortText == "0.5")
        #expect(["b", "a", "b"].withoutRepetitions == ["b", "a"])
    }
}
