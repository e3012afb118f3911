import ByteCoding
import ContentReading

/// One message of a conversation, in the shape all providers' messages are made from.
package struct PromptMessage: Equatable, Sendable {
    package enum Role: String, CaseIterable, Sendable { case system, developer, user, assistant, tool }

    package enum Content: Equatable, Sendable {
        case text(String)
        /// Objects with a `type`: `{"type": "text", "text": "..."}`, `{"type": "image_url", ...}`, kept as they are.
        case parts([JSONValue])

        /// The texts in it, one behind the other.
        package var text: String {
            switch self {
            case .text(let text): text
            case .parts(let parts): parts.compactMap { $0["text"]?.stringValue }.joined(separator: "\n")
            }
        }
    }

    package var role: Role
    /// Nil for an assistant that only called tools.
    package var content: Content?
    package var name: String?
    /// What the assistant called.
    package var toolCalls: [ToolCall]
    /// The call a tool's message answers.
    package var toolCallID: String?

    package init(role: Role, content: Content?, name: String? = nil, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.content = content
        self.name = name
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    package init(_ role: Role, _ text: String) { self.init(role: role, content: .text(text)) }
}

/// A call of a tool that a model made, or that a case expects of it.
package struct ToolCall: Equatable, Sendable {
    package var id: String?
    package var name: String
    /// An object as a rule; a text where a model wrote something that is no JSON. Nil in an expectation: anything will do.
    package var arguments: JSONValue?

    package init(id: String? = nil, name: String, arguments: JSONValue?) {
        self.id = id
        self.name = name
        self.arguments = arguments == .null ? nil : arguments
    }
}

extension PromptMessage {
    init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let role = reader.name("role", of: Role.self)
        if role == nil, reader.value("role") == nil { reader.report("role", "a role is due here") }
        var content: Content?
        switch reader.value("content") {
        case nil: break
        case .string(let text): content = .text(text)
        case .array(let parts):
            for (index, part) in parts.enumerated() where part["type"]?.stringValue == nil {
                problems.add("\(path).content[\(index)]", "a part of a message is an object with a type")
            }
            content = .parts(parts)
        case let other?: reader.report("content", "a text or a list of parts is due here, not \(other.kindName)")
        }
        let name = reader.text("name", maximumByteCount: TestCaseLimits.maximumNameByteCount)
        let calls = reader.toolCalls("tool_calls")
        let callID = reader.text("tool_call_id", maximumByteCount: TestCaseLimits.maximumNameByteCount)
        reader.finish()
        guard let role else { return nil }
        if content == nil, calls.isEmpty { problems.add(path, "a message has content or tool_calls") }
        self.init(role: role, content: content, name: name, toolCalls: calls, toolCallID: callID)
    }

    package var json: JSONValue {
        var members = [JSONMember(key: "role", value: .string(role.rawValue))]
        switch content {
        case nil: break
        case .text(let text): members.append(JSONMember(key: "content", value: .string(text)))
        case .parts(let parts): members.append(JSONMember(key: "content", value: .array(parts)))
        }
        if let name { members.append(JSONMember(key: "name", value: .string(name))) }
        if !toolCalls.isEmpty { members.append(JSONMember(key: "tool_calls", value: .array(toolCalls.map(\.json)))) }
        if let toolCallID { members.append(JSONMember(key: "tool_call_id", value: .string(toolCallID))) }
        return .object(members)
    }
}

extension ToolCall {
    /// Takes our own shape and OpenAI's, `{"id", "type": "function", "function": {"name", "arguments": "JSON text"}}`.
    init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let id = reader.text("id", maximumByteCount: TestCaseLimits.maximumNameByteCount)
        if let function = reader.value("function") {
            _ = reader.value("type")
            reader.finish()
            guard var inner = ObjectReader(function, path: reader.path(of: "function"), problems: problems) else { return nil }
            let name = inner.requiredText("name", maximumByteCount: TestCaseLimits.maximumNameByteCount)
            let arguments = inner.value("arguments")
            inner.finish()
            guard let name else { return nil }
            self.init(id: id, name: name, arguments: arguments?.parsedArguments)
            return
        }
        let name = reader.requiredText("name", maximumByteCount: TestCaseLimits.maximumNameByteCount)
        let arguments = reader.value("arguments")
        reader.finish()
        guard let name else { return nil }
        self.init(id: id, name: name, arguments: arguments)
    }

    package var json: JSONValue {
        var members: [JSONMember] = []
        if let id { members.append(JSONMember(key: "id", value: .string(id))) }
        members.append(JSONMember(key: "name", value: .string(name)))
        if let arguments { members.append(JSONMember(key: "arguments", value: arguments)) }
        return .object(members)
    }
}

extension ObjectReader {
    mutating func toolCalls(_ key: String) -> [ToolCall] {
        let elements = array(key, maximumCount: TestCaseLimits.maximumListCount) ?? []
        return elements.enumerated().compactMap { ToolCall($1, path: "\(path(of: key))[\($0)]", problems: problems) }
    }
}

extension JSONValue {
    /// Arguments as providers send them: JSON in a text. What is no JSON stays the text it is.
    package var parsedArguments: JSONValue {
        guard case .string(let text) = self, let value = try? JSONValue.parse(text, maximumDepth: TestCaseLimits.maximumDepth) else {
            return self
        }
        return value
    }
}
