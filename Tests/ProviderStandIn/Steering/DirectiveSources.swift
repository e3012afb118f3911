/// Where directives stand: behind the model's name (`stand-in;fault=rate_limit;times=2`), in the header `x-stand-in` (a JSON object), and
/// anywhere in the last user message, as `!stand-in {...}`. What comes later in this order wins, member by member.

import ByteCoding

enum DirectiveSources {
    private static let marker = Array("!stand-in ".utf8)
    private static let newline = UInt8(ascii: "\n")
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

    /// The members of the directives in a text, and the text without them, and without the lines that they leave empty.
    /// - Throws: `Refusal` when no JSON object follows a marker.
    static func text(_ text: String) throws -> (text: String, members: [JSONMember]) {
        let bytes = Array(text.utf8)
        guard bytes.contains(marker[0]) else { return (text, []) }
        var members: [JSONMember] = []
        var kept: [UInt8] = []
        var place = 0
        while let start = bytes[place...].firstIndex(of: marker[0]) {
            kept += bytes[place..<start]
            guard bytes[start...].starts(with: marker) else {
                kept.append(bytes[start])
                place = start + 1
                continue
            }
            let (value, end) = try object(in: bytes, at: start + marker.count)
            members += value
            place = end
            let isAlone = (kept.isEmpty || kept.last == newline) && (end == bytes.count || bytes[end] == newline)
            guard isAlone else { continue }
            // The line was the directive's alone: it goes with its end, the last one with the end before it.
            if end < bytes.count { place += 1 } else if !kept.isEmpty { kept.removeLast() }
        }
        return (String(decoding: kept + bytes[place...], as: UTF8.self), members)
    }

    /// The JSON object that begins at an offset, and the offset behind it.
    private static func object(in bytes: [UInt8], at offset: Int) throws -> (members: [JSONMember], end: Int) {
        do {
            return try bytes.withUnsafeBytes { buffer in
                var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: buffer[offset...]), maximumDepth: JSONValue.defaultMaximumDepth)
                guard let members = try JSONValue(from: &scanner).objectValue else {
                    throw Refusal.directive("an object is due after the marker")
                }
                return (members, offset + scanner.offset)
            }
        } catch let error as JSONError {
            throw Refusal.directive("the marker is not followed by JSON: \(error)")
        }
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
