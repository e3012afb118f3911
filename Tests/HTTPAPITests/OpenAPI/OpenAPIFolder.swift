import ByteCoding
import FileSystem

/// `openapi/` at the top of the repository: a frame and one file per tag, put together to the document that is served, and the
/// Swift files that carry them in the binary.
enum OpenAPIFolder {
    static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    static let embeddedFolder = root + "/Sources/HTTPAPI/OpenAPI"

    /// The frame, and the tags by file name.
    static func read() throws -> (frame: JSONValue, tags: [(name: String, part: JSONValue)]) {
        let files = LocalFileSystem(), folder = root + "/openapi"
        func read(_ name: String) throws -> JSONValue {
            try JSONValue.parse(try files.readWhole(folder + "/" + name, maximumByteCount: 4 << 20))
        }
        let tags = try files.list(folder).filter { $0.hasSuffix(".json") && $0 != "openapi.json" }
            .map { (String($0.dropLast(".json".count)), try read($0)) }
        return (try read("openapi.json"), tags)
    }

    /// The frame with the paths and schemas of all tags, in the order of the file names.
    static func assemble() throws -> JSONValue {
        let (frame, tags) = try read()
        let paths = tags.flatMap { $0.part["paths"]?.objectValue ?? [] }
        let schemas =
            (frame["components"]?["schemas"]?.objectValue ?? []) + tags.flatMap { $0.part["components"]?["schemas"]?.objectValue ?? [] }
        let components =
            (frame["components"]?.objectValue ?? []).filter { $0.key != "schemas" } + [JSONMember(key: "schemas", value: .object(schemas))]
        return .object(
            (frame.objectValue ?? []).filter { $0.key != "components" } + [
                JSONMember(key: "paths", value: .object(paths)), JSONMember(key: "components", value: .object(components)),
            ])
    }

    /// The generated files by name: the members of each part's objects without the braces around them, so that the document is
    /// put together by joining texts.
    static func sources() throws -> [String: String] {
        let (frame, tags) = try read()
        let note = """
            /// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
            /// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

            extension OpenAPIDocument {

            """
        var sources: [String: String] = [:]
        let top = (frame.objectValue ?? []).filter { $0.key != "components" }
        let components = (frame["components"]?.objectValue ?? []).filter { $0.key != "schemas" }
        sources["OpenAPIDocument+frame.swift"] =
            note + list("tagPaths", tags.map { $0.name + "Paths" }) + list("tagSchemas", tags.map { $0.name + "Schemas" })
            + literal("frameMembers", members(top)) + "\n" + literal("componentMembers", members(components)) + "\n"
            + literal("frameSchemas", members(frame["components"]?["schemas"]?.objectValue ?? [])) + "}\n"
        for (name, part) in tags {
            sources["OpenAPIDocument+\(name).swift"] =
                note + literal("\(name)Paths", members(part["paths"]?.objectValue ?? [])) + "\n"
                + literal("\(name)Schemas", members(part["components"]?["schemas"]?.objectValue ?? [])) + "}\n"
        }
        return sources
    }

    private static func list(_ name: String, _ elements: [String]) -> String {
        "    static let \(name) = [\n" + elements.map { "        \($0),\n" }.joined() + "    ]\n\n"
    }

    /// JSON text of an object's members, without its braces.
    private static func members(_ members: [JSONMember]) -> String {
        String(decoding: JSONValue.object(members).bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    /// A constant as a raw string over as many lines as it takes; a backslash at the end of a line joins it to the next.
    private static func literal(_ name: String, _ text: String) -> String {
        var lines: [String] = []
        var rest = Substring(text)
        while rest.count > 120 {
            // A line must not end in white space.
            var length = 120
            while rest.prefix(length).last == " " { length -= 1 }
            lines.append("        " + rest.prefix(length) + "\\##")
            rest = rest.dropFirst(length)
        }
        lines.append(rest.isEmpty ? "" : "        " + rest)
        return "    static let \(name) = ##\"\"\"\n" + lines.joined(separator: "\n") + "\n        \"\"\"##\n"
    }
}
