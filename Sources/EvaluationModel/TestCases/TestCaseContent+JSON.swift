import ByteCoding
import ContentReading
import TraceModel

/// Test cases as JSON: what the API takes and gives, what a version's row holds, what a line of a JSONL file is.
extension TestCaseContent {
    /// Reads a case.
    ///
    /// Throws `InvalidContent` with every problem found, each with its path.
    package init(json value: JSONValue) throws(InvalidContent) { try self.init(json: value, defaultKey: nil) }

    /// As above; a case without a key takes one from its input, the same whenever the input is the same.
    package static func withKeyOfItsOwn(json value: JSONValue) throws(InvalidContent) -> TestCaseContent {
        let hash = (value["input"] ?? .null).canonical.bytes.withUnsafeBytes { ContentHash(of: $0, seed: 0) }
        let digits = String(hash.high, radix: 16)
        return try TestCaseContent(json: value, defaultKey: "case-" + String(repeating: "0", count: 16 - digits.count) + digits)
    }

    private init(json value: JSONValue, defaultKey: String?) throws(InvalidContent) {
        let problems = ProblemList()
        let content = TestCaseContent(value, path: "", defaultKey: defaultKey, problems: problems)
        try problems.throwIfAny()
        guard let content else { throw InvalidContent("the case cannot be read") }
        self = content
    }

    /// Nil only with a problem in the list.
    init?(_ value: JSONValue, path: String, defaultKey: String?, problems: ProblemList) {
        if let problem = value.problemOfShape(maximumDepth: TestCaseLimits.maximumDepth) {
            problems.add(path, problem)
            return nil
        }
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let key: String?
        if let defaultKey, reader.value("key") == nil {
            key = defaultKey
        } else {
            key = reader.requiredText("key", maximumByteCount: TestCaseLimits.maximumKeyByteCount)
        }
        if let key, key.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) { reader.report("key", "a key has no control characters") }
        let input = reader.input("input")
        let expected = reader.valueOrNull("expected")
        let scorers = reader.scorers("scorers")
        let tags = reader.texts(
            "tags", maximumCount: TestCaseLimits.maximumTagCount, maximumByteCount: TestCaseLimits.maximumTagByteCount)
        let split = reader.text("split", maximumByteCount: TestCaseLimits.maximumTagByteCount)
        let metadata = reader.object("metadata") ?? []
        if metadata.count > TestCaseLimits.maximumMetadataCount {
            reader.report("metadata", "\(metadata.count) entries; at most \(TestCaseLimits.maximumMetadataCount) are allowed")
        }
        let source = reader.value("source").flatMap { TestCaseSource.read($0, path: reader.path(of: "source"), problems: problems) }
        reader.finish()
        guard let key, let input else {
            if problems.isEmpty { problems.add(path, "the case cannot be read") }
            return nil
        }
        self.init(
            key: key, input: input, expected: expected, scorers: scorers, tags: (tags ?? []).withoutRepetitions, split: split,
            metadata: metadata, source: source)
        let byteCount = json.bytes.count
        if byteCount > TestCaseLimits.maximumContentByteCount {
            problems.add(path, "the case has \(byteCount) bytes as JSON; at most \(TestCaseLimits.maximumContentByteCount) are allowed")
        }
    }

    /// The case in one fixed order of members; what is absent or empty is left out.
    package var json: JSONValue {
        var members = [JSONMember(key: "key", value: .string(key)), JSONMember(key: "input", value: input.json)]
        if let expected { members.append(JSONMember(key: "expected", value: expected)) }
        if !scorers.isEmpty { members.append(JSONMember(key: "scorers", value: .array(scorers.map(\.json)))) }
        if !tags.isEmpty { members.append(JSONMember(key: "tags", value: .array(tags.map(JSONValue.string)))) }
        if let split { members.append(JSONMember(key: "split", value: .string(split))) }
        if !metadata.isEmpty { members.append(JSONMember(key: "metadata", value: .object(metadata))) }
        if let source { members.append(JSONMember(key: "source", value: source.json)) }
        return .object(members)
    }

    /// Equal for equal content, however it was written: over the JSON with the members of every object in the order of their keys
    /// and whole numbers in one form. XXH3-128; not a defence against whoever makes collisions in his own project.
    package var contentHash: ContentHash {
        json.canonical.bytes.withUnsafeBytes { ContentHash(of: $0, seed: 0) }
    }
}

extension TestCaseInput {
    package var json: JSONValue {
        switch self {
        case .messages(let messages): .object([JSONMember(key: "messages", value: .array(messages.map(\.json)))])
        case .variables(let members): .object([JSONMember(key: "variables", value: .object(members))])
        }
    }
}

extension ObjectReader {
    private func messages(_ elements: [JSONValue], _ path: String) -> TestCaseInput {
        if elements.isEmpty { problems.add(path, "there are no messages") }
        if elements.count > TestCaseLimits.maximumMessageCount {
            problems.add(path, "\(elements.count) messages; at most \(TestCaseLimits.maximumMessageCount) are allowed")
            return .messages([])
        }
        return .messages(elements.enumerated().compactMap { PromptMessage($1, path: "\(path)[\($0)]", problems: problems) })
    }

    /// A text, `{"messages": [...]}` (or the list alone) or `{"variables": {...}}`.
    fileprivate mutating func input(_ key: String) -> TestCaseInput? {
        guard let value = value(key) else {
            report(key, "a case has an input: a text, messages or variables")
            return nil
        }
        if case .string(let text) = value { return .text(text) }
        if case .array(let elements) = value { return messages(elements, path(of: key)) }
        guard var reader = ObjectReader(value, path: path(of: key), problems: problems) else { return nil }
        let messages = reader.array("messages", maximumCount: TestCaseLimits.maximumMessageCount)
        let variables = reader.object("variables")
        reader.finish()
        switch (messages, variables) {
        case (let messages?, nil):
            return self.messages(messages, reader.path(of: "messages"))
        case (nil, let variables?):
            if variables.count > TestCaseLimits.maximumVariableCount {
                reader.report("variables", "\(variables.count) variables; at most \(TestCaseLimits.maximumVariableCount) are allowed")
            }
            for member in variables where member.key.isEmpty || member.key.utf8.count > TestCaseLimits.maximumNameByteCount {
                problems.add(
                    ObjectReader.join(reader.path(of: "variables"), member.key),
                    "a variable's name has 1 to \(TestCaseLimits.maximumNameByteCount) bytes")
            }
            return .variables(variables)
        case (nil, nil):
            if problems.isEmpty { report(key, "an input is a text, messages or variables") }
            return nil
        default:
            report(key, "an input has either messages or variables")
            return nil
        }
    }
}
