/// JSON with prompt templates in its texts. A text that is nothing but one variable becomes that variable's value, whatever its kind.

import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel

enum JSONTemplate {
    /// Throws `InvalidContent` that names the variables that are not there.
    static func render(_ template: JSONValue, _ input: TestCaseInput, context: String? = nil) throws(InvalidContent) -> JSONValue {
        let members: [JSONMember] =
            switch input {
            case .variables(let members): members
            case .messages(let messages):
                [
                    JSONMember(key: "messages", value: .array(messages.map(\.json))),
                    JSONMember(key: "input", value: .string(messages.last { $0.role == .user }?.content?.text ?? "")),
                ]
            }
        return try render(template, PromptVariables(members, context: context))
    }

    /// Whether `{{context}}` stands in one of its texts. What is no template asks for nothing: rendering says what is wrong with it.
    static func usesContext(_ template: JSONValue) -> Bool {
        switch template {
        case .string(let text): (try? PromptTemplate(text))?.variables.contains("context") == true
        case .array(let elements): elements.contains(where: usesContext)
        case .object(let members): members.contains { usesContext($0.value) }
        default: false
        }
    }

    private static func render(_ template: JSONValue, _ variables: PromptVariables) throws(InvalidContent) -> JSONValue {
        switch template {
        case .string(let text):
            let parsed = try PromptTemplate(text)
            if let name = parsed.variables.first, text == "{{\(name)}}", let value = variables[name] { return value }
            return .string(try parsed.render(variables))
        case .array(let elements):
            var rendered: [JSONValue] = []
            for element in elements { rendered.append(try render(element, variables)) }
            return .array(rendered)
        case .object(let members):
            var rendered: [JSONMember] = []
            for member in members { rendered.append(JSONMember(key: member.key, value: try render(member.value, variables))) }
            return .object(rendered)
        default: return template
        }
    }
}

extension JSONValue {
    /// JSON pointer (RFC 6901); nil where there is nothing.
    func value(at pointer: String) -> JSONValue? {
        var value = self
        for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let key = part.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
            switch value {
            case .object: guard let next = value[key] else { return nil }; value = next
            case .array(let elements):
                guard let index = Int(key), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}
