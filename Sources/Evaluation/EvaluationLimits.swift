/// Every limit of prompts, scorers and file formats, with its reason.
package enum EvaluationLimits {
    /// Bytes of a prompt template, of a system text: written by people.
    package static let maximumTemplateByteCount = 256 << 10
    /// Bytes of a rendered message: what the largest context windows take, several times over.
    package static let maximumRenderedByteCount = 8 << 20

    /// Bytes of an output that scorers look at: 100 times what a long answer has.
    package static let maximumOutputByteCount = 4 << 20
    /// Bytes of an output shown to a judge. A longer one is an error: a judge of half an answer judges another answer.
    package static let maximumJudgedByteCount = 256 << 10
    /// Bytes of a value quoted in a reason.
    package static let maximumQuotedByteCount = 120
    /// Differences, schema errors, missing texts named in a reason; the rest is counted.
    package static let maximumNamedCount = 5
    /// Places of an output tried as the beginning of embedded JSON: each may cost a reading of the rest.
    package static let maximumEmbeddedStartCount = 64
    /// Containers within containers in an output read as JSON.
    package static let maximumOutputDepth = 128
    /// Characters of each text whose edit distance is taken: the work is their product, here some 20 ms.
    package static let maximumEditDistanceLength = 32_768
    /// Tool calls of an output.
    package static let maximumToolCallCount = 512
    /// Steps of validating one output against one schema: a step is a schema node looked at, or a member or element. Some 100 ms.
    package static let maximumSchemaStepCount = 1_000_000
    /// Steps of matching one output with the pattern of one scorer, or with those of one schema: instructions looked at while states of
    /// automata are made. Some 150 ms.
    package static let maximumPatternStepCount = 10_000_000
    /// Schemas within schemas and references followed at one place of a value: readers recurse.
    package static let maximumSchemaDepth = 128
    /// Nodes of a schema: whole API descriptions have some thousand.
    package static let maximumSchemaNodeCount = 10_000
    /// How often a judge is asked when it does not answer in the form asked for.
    package static let maximumJudgeAttemptCount = 2
    /// Tokens of a judge's answer: a reason and a number, with room for models that think aloud.
    package static let maximumJudgeAnswerTokenCount = 2048
    /// Bytes of a judge's answer that are looked at.
    package static let maximumJudgeAnswerByteCount = 64 << 10

    /// Bytes of one line of a JSONL file, of one record of a CSV file: a case, with room for escapes.
    package static let maximumRecordByteCount = 8 << 20
    /// Columns of a CSV file.
    package static let maximumColumnCount = 512
    /// Bytes of a YAML file: it is read whole. Longer suites come as JSONL.
    package static let maximumYAMLByteCount = 16 << 20
    /// Problems an import report names; the rest is counted.
    package static let maximumReportedProblemCount = 200
}
