/// `DATA_DIR/credentials.json`: what the first start made, for the one who started it and for the other commands. Mode 0600,
/// one member a line, so that a shell reads it without tools. `email` and `password` are null: there are keys, and no users yet.

import ByteCoding
import FileSystem

struct Credentials: Equatable {
    static let fileName = "credentials.json"

    var url: String
    var projectID: String
    var apiKey: String

    /// Nil when there is no such file.
    static func read(directory: String) throws -> Credentials? {
        let path = directory + "/" + fileName
        let files = LocalFileSystem()
        guard try files.exists(path) else { return nil }
        let json = try JSONValue.parse(try files.readWhole(path, maximumByteCount: 64 << 10))
        guard let url = json["url"]?.stringValue, let project = json["project_id"]?.stringValue, let key = json["api_key"]?.stringValue
        else {
            throw CommandFailure("\(path) does not have url, project_id and api_key")
        }
        return Credentials(url: url, projectID: project, apiKey: key)
    }

    /// Nobody but the owner can read it.
    func write(directory: String) throws {
        func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).bytes, as: UTF8.self) }
        let text =
            "{\n  \"url\": \(quoted(url)),\n  \"project_id\": \(quoted(projectID)),\n  \"api_key\": \(quoted(apiKey)),\n"
            + "  \"email\": null,\n  \"password\": null\n}\n"
        try PrivateFile.write(Array(text.utf8), to: directory + "/" + Self.fileName)
    }
}

/// Ends a command with a message for its user.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
