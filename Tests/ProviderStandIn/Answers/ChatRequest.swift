/// What every dialect's request for an answer comes down to, after its validation.

import ByteCoding

struct ChatRequest {
    /// As sent, directive and all: providers answer with the name they were asked for, unless a directive names another.
    var modelName: String
    /// Without the directive.
    var model: String
    var modelMembers: [JSONMember]
    /// All text of the last user message.
    var userText = ""
    /// What tools have answered, when the conversation ends with that.
    var toolResult: String?
    /// Bytes of all text sent, by which input tokens are counted.
    var inputByteCount = 0
    var messageCount = 0
    /// Whether the message read last was an assistant's with tool calls, or a tool's answer to it.
    var isBehindToolCall = false
    /// Of the tool calls that stand in the conversation.
    var callIDs: Set<String> = []
    var tools: [Tool] = []
    var toolChoice = ToolChoice.auto
    var isStreaming = false
    /// OpenAI's `stream_options.include_usage`.
    var includesUsage = true
    var maximumTokenCount: Int?
    var stopSequences: [String] = []
    var wantsJSON = false
    var answerSchema: JSONValue?
    var choiceCount = 1

    struct Tool {
        let name: String
        let schema: JSONValue?
    }

    enum ToolChoice: Equatable {
        case auto
        case none
        /// Some tool, or the named one.
        case required(String?)
    }

    init(modelName: String) {
        self.modelName = modelName
        (model, modelMembers) = DirectiveSources.model(modelName)
    }

    /// Takes a message in: counts its text, and remembers it when it is the user's.
    mutating func add(role: Role, text: String) {
        messageCount += 1
        inputByteCount += text.utf8.count
        switch role {
        case .user:
            userText = text
            toolResult = nil
        case .tool: toolResult = toolResult.map { $0 + "\n" + text } ?? text
        case .assistant: toolResult = nil
        case .system: break
        }
    }

    enum Role { case system, user, assistant, tool }
}
