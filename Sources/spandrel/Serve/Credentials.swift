/// `DATA_DIR/credentials.json`: what the first start made, for the one who started it and for the other commands. Mode 0600,
/// one member a line, so that a shell reads it without tools. `email` and `password` are the owner's, the password as it was made.

import ByteCoding
import FileSystem

struct Credentials: Equatable {
    static let fileName = "credentials.json"

    var url: String
    var projectID: String
    var apiKey: String
    /// Null in a file from before there were users.
    var email: String?
    var password: String?

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
        return Credentials(
            url: url, projectID: project, apiKey: key, email: json["email"]?.stringValue, password: json["password"]?.stringValue)
    }

    /// Whether the secrets are those of the server there: no other one gets to see them.
    func areFor(_ address: ServerAddress) throws -> Bool { try ServerAddress(url: url) == address }

    /// Nobody but the owner can read it.
    func write(directory: String) throws {
        func quoted(_ text: String?) -> String {
            String(decoding: (text.map { JSONValue.string($0) } ?? .null).bytes, as: UTF8.self)
        }
        let text =
            "{\n  \"url\": \(quoted(url)),\n  \"project_id\": \(quoted(projectID)),\n  \"api_key\": \(quoted(apiKey)),\n"
            + "  \"email\": \(quoted(email)),\n  \"password\": \(quoted(password))\n}\n"
        try PrivateFile.write(Array(text.utf8), to: directory + "/" + Self.fileName, replacing: true)
    }
}

/// Ends a command with a message for its user.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
