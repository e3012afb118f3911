import ByteCoding

/// What a test case says: everything of it that a version freezes. Two cases with the same content have the same `contentHash`.
///
///     {"key": "capital-of-france", "input": {"variables": {"country": "France"}}, "expected": "Paris",
///      "scorers": [{"kind": "contains", "all": ["Paris"]}], "tags": ["geography"], "split": "dev",
///      "metadata": {"owner": "ada"}, "source": {"trace_id": "...", "span_id": "..."}}
package struct TestCaseContent: Equatable, Sendable {
    /// The name by which a case is known in its suite, across versions and runs.
    package var key: String
    package var input: TestCaseInput
    /// What a right answer is: a text, or any JSON value. Nil: nothing is said; `.null`: null is expected.
    package var expected: JSONValue?
    package var scorers: [ScorerSpecification]
    package var tags: [String]
    /// Which part of the suite it belongs to: `dev`, `test`.
    package var split: String?
    package var metadata: [JSONMember]
    package var source: TestCaseSource?

    package init(
        key: String, input: TestCaseInput, expected: JSONValue? = nil, scorers: [ScorerSpecification] = [], tags: [String] = [],
        split: String? = nil, metadata: [JSONMember] = [], source: TestCaseSource? = nil
    ) {
        self.key = key
        self.input = input
        self.expected = expected
        self.scorers = scorers
        self.tags = tags
        self.split = split
        self.metadata = metadata
        self.source = source
    }
}

/// What a case gives to its target.
package enum TestCaseInput: Equatable, Sendable {
    /// A conversation, sent as it is: nothing in it is a template.
    case messages([PromptMessage])
    /// Values for the target's prompt template. A case whose input is just a text has one variable, `input`.
    case variables([JSONMember])

    /// An input that is one text.
    package static func text(_ text: String) -> TestCaseInput { .variables([JSONMember(key: "input", value: .string(text))]) }

    /// The values `{{name}}` stands for.
    package var variables: [JSONMember] { if case .variables(let members) = self { members } else { [] } }
}
