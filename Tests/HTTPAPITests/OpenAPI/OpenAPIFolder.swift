import ByteCoding
import FileSystem

/// `openapi/` at the top of the repository: a frame and one file per tag, put together to the document that is served.
enum OpenAPIFolder {
    static let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    static let embeddedPath = root + "/Sources/HTTPAPI/OpenAPI/OpenAPIDocument.swift"

    /// The frame with the paths and schemas of all tags, in the order of the file names.
    static func assemble() throws -> JSONValue {
        let files = LocalFileSystem(), folder = root + "/openapi"
        func read(_ name: String) throws -> JSONValue { try JSONValue.parse(try files.readWhole(folder + "/" + name, maximumByteCount: 4 << 20)) }
        guard case .object(var members) = try read("openapi.json") else { throw JSONError("no object", byteOffset: 0) }
        var paths: [JSONMember] = []
        var schemas = members.first { $0.key == "components" }?.value["schemas"]?.objectValue ?? []
        for name in try files.list(folder) where name.hasSuffix(".json") && name != "openapi.json" {
            let part = try read(name)
            paths += part["paths"]?.objectValue ?? []
            schemas += part["components"]?["schemas"]?.objectValue ?? []
        }
        members.append(JSONMember(key: "paths", value: .object(paths)))
        if let place = members.firstIndex(where: { $0.key == "components" }), case .object(var components) = members[place].value {
            components.removeAll { $0.key == "schemas" }
            components.append(JSONMember(key: "schemas", value: .object(schemas)))
            members[place].value = .object(components)
        }
        return .object(members)
    }

    /// The Swift file that carries the document in the binary.
    static func source(of document: JSONValue) -> String {
        var text = ""
        write(document, indentation: "    ", to: &text)
        return """
            /// Generated from openapi/ at the top of the repository; never edited by hand. The test "the built-in document is that of
            /// the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_OPENAPI=1.

            enum OpenAPIDocument {
                static let text = ##\"\"\"
                \(text)
                \"\"\"##
            }

            """
    }

    /// A member or an element a line, so that changes can be read and lines stay short.
    private static func write(_ value: JSONValue, indentation: String, to text: inout String) {
        let inner = indentation + " "
        switch value {
        case .object(let members) where !members.isEmpty:
            text += "{\n"
            for (index, member) in members.enumerated() {
                text += inner + String(decoding: JSONValue.string(member.key).bytes, as: UTF8.self) + ":"
                write(member.value, indentation: inner, to: &text)
                text += index + 1 < members.count ? ",\n" : "\n"
            }
            text += indentation + "}"
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                write(element, indentation: inner, to: &text)
                text += index + 1 < elements.count ? ",\n" : "\n"
            }
            text += indentation + "]"
        default: text += String(decoding: value.bytes, as: UTF8.self)
        }
    }
}
