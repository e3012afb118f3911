import ByteCoding
import ContentReading
import EvaluationModel

/// What a target is sent for a case: its system text and prompt template with the case's values, or the case's own messages.
///
/// | | case with variables | case with messages |
/// |---|---|---|
/// | target with a template | the rendered template as the user's message | the messages, the last of the user in the template's words |
/// | target without one | the variable `input` as the user's message | the messages |
///
/// In the words of a template for messages, `{{input}}` is what the user's last message said.
/// A target's system text comes first, in place of system messages at the beginning of the case's own.
package struct PromptRenderer: Equatable, Sendable {
    let system: PromptTemplate?
    let prompt: PromptTemplate?

    /// Throws `InvalidContent` for a template that cannot be read; the path is `system` or `prompt`.
    package init(system: String?, prompt: String?) throws(InvalidContent) {
        self.system = try Self.template(system, "system")
        self.prompt = try Self.template(prompt, "prompt")
    }

    private static func template(_ text: String?, _ name: String) throws(InvalidContent) -> PromptTemplate? {
        guard let text, !text.isEmpty else { return nil }
        do throws(InvalidContent) {
            return try PromptTemplate(text)
        } catch {
            throw InvalidContent(error.problems.map { ContentProblem(path: name, message: $0.message) })
        }
    }

    /// Whether `{{context}}` stands somewhere: only then is anything retrieved.
    package var usesContext: Bool { [system, prompt].contains { $0?.variables.contains("context") == true } }

    /// Throws `InvalidContent` that names every variable that is not there.
    package func render(_ input: TestCaseInput, context: String? = nil) throws(InvalidContent) -> [PromptMessage] {
        switch input {
        case .variables(let members):
            let variables = PromptVariables(members, context: context)
            var messages = try systemMessages(variables)
            if let prompt {
                messages.append(PromptMessage(.user, try prompt.render(variables)))
            } else if let value = variables["input"] {
                messages.append(PromptMessage(.user, value.plainText))
            } else {
                throw InvalidContent(path: "prompt", "the target has no prompt template and the case no variable named input")
            }
            return messages
        case .messages(var messages):
            let lastUser = messages.lastIndex { $0.role == .user }
            let text = lastUser.flatMap { messages[$0].content?.text }
            let variables = PromptVariables(text.map { [JSONMember(key: "input", value: .string($0))] } ?? [], context: context)
            if let prompt {
                let rendered = try prompt.render(variables)
                if let lastUser {
                    messages[lastUser].content = .text(rendered)
                } else {
                    messages.append(PromptMessage(.user, rendered))
                }
            }
            let ownSystem = try systemMessages(variables)
            if !ownSystem.isEmpty { messages.removeFirst(messages.prefix { $0.role == .system || $0.role == .developer }.count) }
            return ownSystem + messages
        }
    }

    private func systemMessages(_ variables: PromptVariables) throws(InvalidContent) -> [PromptMessage] {
        guard let system else { return [] }
        return [PromptMessage(.system, try system.render(variables))]
    }
}
