/// resource-embedder DIRECTORY OUTPUT: writes the files of DIRECTORY/Templates and DIRECTORY/Assets into one Swift file, the same one for
/// the same files.
///
/// Texts become string literals of one line, which the compiler takes as they are (an array of bytes takes it a thousand times as long);
/// what is no UTF-8 becomes base64.

import Foundation

@main
struct ResourceEmbedder {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { throw Failure(description: "usage: resource-embedder DIRECTORY OUTPUT") }
        let directory = URL(fileURLWithPath: arguments[1])
        var text = "// Made of the templates and assets of Sources/Dashboard.\n\nextension EmbeddedResource {\n"
        for (name, folder) in [("templates", "Templates"), ("assets", "Assets")] {
            text += "    static let \(name): [EmbeddedResource] = [\n"
            for (path, bytes) in try files(in: directory.appending(path: folder)) {
                let literal = String(validating: bytes, as: UTF8.self)
                let content = literal.map(escaped) ?? Data(bytes).base64EncodedString()
                text += "        EmbeddedResource(\"\(escaped(path))\", \(literal == nil ? "base64" : "text"): \"\(content)\"),\n"
            }
            text += "    ]\n"
        }
        try Data((text + "}\n").utf8).write(to: URL(fileURLWithPath: arguments[2]), options: .atomic)
    }

    /// Paths from the folder, in the order of their bytes.
    private static func files(in folder: URL) throws -> [(path: String, bytes: [UInt8])] {
        guard let all = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        return try all.compactMap { $0 as? String }
            .filter { path in
                var isDirectory: ObjCBool = false
                let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
                return !isHidden && FileManager.default.fileExists(atPath: folder.appending(path: path).path, isDirectory: &isDirectory)
                    && !isDirectory.boolValue
            }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { ($0, [UInt8](try Data(contentsOf: folder.appending(path: $0)))) }
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            // Control characters, and those that editors take for the end of a line.
            case _
            where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
                || scalar.value == 0xfeff:
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
