/// Where directives stand: behind the model's name (`stand-in;fault=rate_limit;times=2`), in the header `x-stand-in` (a JSON object), and
/// in lines `!stand-in {...}` of the last user message. What comes later in this order wins, member by member.

import ByteCoding

enum DirectiveSources {
    static let marker = "!stand-in "
    static let header = "x-stand-in"

    /// The model's own name, and the members behind it. Values are JSON where they parse as it, else strings.
    static func model(_ name: String) -> (name: String, members: [JSONMember]) {
        let parts = name.split(separator: ";", omittingEmptySubsequences: true)
        guard parts.count > 1 else { return (name, []) }
        return (
            String(parts[0]),
            parts.dropFirst().map { part in
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let text = sides.count > 1 ? HTTPCall.decode(sides[1]) : "true"
                return JSONMember(key: String(sides[0]), value: (try? JSONValue.parse(text)) ?? .string(text))
            }
        )
    }

    /// The members of directive lines, and the text without these lines.
    /// - Throws: `Refusal` when a line is no JSON object.
    static func text(_ text: String) throws -> (text: String, members: [JSONMember]) {
        guard text.utf8.contains(UInt8(ascii: "!")), text.contains(marker) else { return (text, []) }
        var members: [JSONMember] = []
        var kept: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if trimmed.hasPrefix(marker) {
                members += try object(String(trimmed.dropFirst(marker.count)))
            } else {
                kept.append(line)
            }
        }
        return (kept.joined(separator: "\n"), members)
    }

    /// - Throws: `Refusal` when the text is no JSON object.
    static func object(_ text: String) throws -> [JSONMember] {
        do {
            if let members = try JSONValue.parse(text).objectValue { return members }
        } catch {
            throw Refusal.directive("\(text) is no JSON: \(error)")
        }
        throw Refusal.directive("\(text) is no JSON object")
    }
}
