/// What a model is shown of a trace: the conversation of one of its spans, within a number of bytes. Long texts are cut before short
/// ones; of a long conversation the middle is left out.

import ByteCoding

package struct DraftExcerpt: Sendable, Equatable {
    private struct Entry: Sendable, Equatable {
        var role: String
        var content: String
        /// As `name(arguments)`, a line each; empty: none.
        var toolCalls: String
    }

    private var messages: [Entry]
    private var output: Entry
    /// Messages left out after the opening ones.
    package let omittedMessageCount: Int

    /// nil for a span that tells no input.
    package init?(_ conversation: SpanConversation) {
        guard !conversation.messages.isEmpty else { return nil }
        let opening = DraftLimits.excerptOpeningMessageCount
        omittedMessageCount = max(0, conversation.messages.count - DraftLimits.excerptMessageCount)
        let shown =
            conversation.messages.prefix(opening)
            + conversation.messages.dropFirst(opening).dropFirst(omittedMessageCount)
        messages = shown.map {
            Entry(role: $0.role.rawValue, content: $0.content?.text ?? "", toolCalls: Self.text($0.toolCalls))
        }
        output = Entry(role: "assistant", content: conversation.text ?? "", toolCalls: Self.text(conversation.toolCalls))
        let cap = Self.textCap(of: (messages + [output]).flatMap { [$0.content.utf8.count, $0.toolCalls.utf8.count] })
        messages = messages.map { Self.cut($0, cap) }
        output = Self.cut(output, cap)
    }

    package var json: JSONValue {
        var members = [JSONMember(key: "messages", value: .array(messages.map(Self.json)))]
        if omittedMessageCount > 0 {
            members.append(JSONMember(key: "omitted_message_count", value: .integer(Int64(omittedMessageCount))))
        }
        members.append(JSONMember(key: "output", value: Self.json(output)))
        return .object(members)
    }

    /// The most that a text may have so that all of them together have what is allowed.
    static func textCap(of byteCounts: [Int], total: Int = DraftLimits.excerptByteCount) -> Int {
        var left = total, texts = byteCounts.sorted()[...]
        while let shortest = texts.first {
            let share = left / texts.count
            if shortest > share { return share }
            left -= shortest
            texts = texts.dropFirst()
        }
        return total
    }

    private static func cut(_ entry: Entry, _ cap: Int) -> Entry {
        Entry(role: entry.role, content: entry.content.cut(toByteCount: cap), toolCalls: entry.toolCalls.cut(toByteCount: cap))
    }

    private static func text(_ calls: [ToolCall]) -> String {
        calls.map { "\($0.name)(\(String(decoding: ($0.arguments ?? .null).bytes, as: UTF8.self)))" }.joined(separator: "\n")
    }

    private static func json(_ entry: Entry) -> JSONValue {
        var members = [
            JSONMember(key: "role", value: .string(entry.role)), JSONMember(key: "content", value: .string(entry.content)),
        ]
        if !entry.toolCalls.isEmpty { members.append(JSONMember(key: "tool_calls", value: .string(entry.toolCalls))) }
        return .object(members)
    }
}
