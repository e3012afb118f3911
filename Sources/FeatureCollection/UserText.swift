/// What a user said, found in the input of a span: a text, messages in the form of any of the conventions, or an object around them.

import ByteCoding
import GenAIConventions

package enum UserText {
    /// Members in which applications keep what the user said, the most telling first.
    private static let members = [
        "messages", "user_input", "user_message", "question", "query", "prompt", "input", "inputs", "message", "text", "content", "request",
    ]

    /// nil where no user said anything: nothing but system prompts, results of tools, white space.
    package static func find(in input: String) -> String? {
        // An input that only begins like JSON is a text like any other.
        if let first = input.utf8.first(where: { !isSpace($0) }), first == UInt8(ascii: "[") || first == UInt8(ascii: "{"),
            let value = try? JSONValue.parse(input)
        {
            switch words(in: value, depth: 0) {
            case .found(let text): return tidy(text)
            case .nobody: return nil
            case .unknown: break
            }
        }
        return tidy(input)
    }

    /// The last words of a user among messages; nil where there are none.
    package static func find(in messages: [SpanMessage]) -> String? {
        for message in messages.reversed() where isUser(message.role) {
            let texts = message.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
            if let text = tidy(texts.joined(separator: "\n")) { return text }
        }
        return nil
    }

    private enum Finding {
        case found(String)
        /// There are messages, and none is a user's.
        case nobody
        /// The form is not known.
        case unknown
    }

    private static func words(in value: JSONValue, depth: Int) -> Finding {
        guard depth < FeatureCollectionLimits.maximumDepth else { return .unknown }
        if let text = value.stringValue { return text.isEmpty ? .unknown : .found(text) }
        if let elements = value.arrayValue { return words(inList: elements, depth: depth) }
        if let role = role(of: value) {
            guard isUser(role) else { return .nobody }
            return content(of: value, depth: depth).map { .found($0) } ?? .nobody
        }
        for name in members {
            guard let member = value[name] else { continue }
            let finding = words(in: member, depth: depth + 1)
            if case .unknown = finding { continue }
            return finding
        }
        return .unknown
    }

    /// Of messages the last of a user; lists of lists (one per prompt) are looked into from the end.
    private static func words(inList elements: [JSONValue], depth: Int) -> Finding {
        var finding = Finding.unknown
        for element in elements.reversed() {
            switch words(in: element, depth: depth + 1) {
            case .found(let text): return .found(text)
            case .nobody: finding = .nobody
            case .unknown: break
            }
        }
        return finding
    }

    private static func role(of message: JSONValue) -> String? {
        message["role"]?.stringValue ?? message["message.role"]?.stringValue ?? message["message"]?["role"]?.stringValue
    }

    private static func isUser(_ role: String) -> Bool { role == "user" || role == "human" }

    /// A message's text: as it is, or of its parts, without images and results of tools. nil for one without words.
    private static func content(of message: JSONValue, depth: Int) -> String? {
        for name in ["content", "parts", "message.content", "contents", "text"] {
            guard let content = message[name] ?? message["message"]?[name] else { continue }
            if let text = content.stringValue { return text }
            let parts = (content.arrayValue ?? []).compactMap { part -> String? in
                if let text = part.stringValue { return text }
                let type = part["type"]?.stringValue ?? "text"
                guard type == "text" || type == "input_text" else { return nil }
                return part["text"]?.stringValue ?? part["content"]?.stringValue
            }
            if !parts.isEmpty { return parts.joined(separator: "\n") }
        }
        return nil
    }

    /// Without control characters, white space as single spaces, cut to the limit at a character's end; nil for nothing.
    package static func tidy(_ text: String) -> String? {
        var tidied = ""
        var byteCount = 0, isSpaced = false
        for character in text {
            if character.isWhitespace || character.unicodeScalars.allSatisfy({ $0.properties.generalCategory == .control }) {
                isSpaced = byteCount > 0
                continue
            }
            // A character of many scalars may hide control characters, or be longer than any text should be.
            let visible = String(String.UnicodeScalarView(character.unicodeScalars.filter { $0.properties.generalCategory != .control }))
            let length = visible.utf8.count + (isSpaced ? 1 : 0)
            guard byteCount + length <= FeatureCollectionLimits.maximumTextByteCount else { break }
            if isSpaced { tidied += " " }
            tidied += visible
            byteCount += length
            isSpaced = false
        }
        return tidied.isEmpty ? nil : tidied
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
