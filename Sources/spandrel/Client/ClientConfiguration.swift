/// What `spandrel login` leaves for the other commands: `spandrel/config.json` in XDG_CONFIG_HOME (default ~/.config), mode 0600, in a
/// folder of mode 0700.
///
///     { "url": "http://127.0.0.1:4318", "email": "...", "project_id": "..." | null, "access_token": "...", "refresh_token": "..." }

import ByteCoding
import FileSystem
import Glibc

struct ClientConfiguration: Equatable {
    var url: String
    var email: String
    /// The project that commands mean when they name none.
    var projectID: String?
    var accessToken: String
    var refreshToken: String

    /// Where the file lies: XDG Base Directory Specification 0.8. Nil without a home directory.
    static var path: String? {
        if let base = EnvironmentDefault.text("XDG_CONFIG_HOME"), base.hasPrefix("/") { return base + "/spandrel/config.json" }
        return EnvironmentDefault.text("HOME").map { $0 + "/.config/spandrel/config.json" }
    }

    /// Nil when nobody has logged in.
    static func read(_ path: String? = path) throws -> ClientConfiguration? {
        let files = LocalFileSystem()
        guard let path, try files.exists(path) else { return nil }
        let json = try JSONValue.parse(try files.readWhole(path, maximumByteCount: 64 << 10))
        guard let url = json["url"]?.stringValue, let access = json["access_token"]?.stringValue,
            let refresh = json["refresh_token"]?.stringValue
        else { throw CommandFailure("\(path) does not have url, access_token and refresh_token: run `spandrel login` again") }
        return ClientConfiguration(
            url: url, email: json["email"]?.stringValue ?? "", projectID: json["project_id"]?.stringValue, accessToken: access,
            refreshToken: refresh)
    }

    func write(_ path: String? = path) throws {
        guard let path else { throw CommandFailure("neither XDG_CONFIG_HOME nor HOME is set: there is no place to keep a session") }
        let members: [JSONMember] = [
            JSONMember(key: "url", value: .string(url)), JSONMember(key: "email", value: .string(email)),
            JSONMember(key: "project_id", value: projectID.map { .string($0) } ?? .null),
            JSONMember(key: "access_token", value: .string(accessToken)), JSONMember(key: "refresh_token", value: .string(refreshToken)),
        ]
        try PrivateFile.write(JSONValue.object(members).bytes + [UInt8(ascii: "\n")], to: path, makingFolder: true)
    }

    /// Forgets the session; nothing to do where there is none.
    static func remove() throws {
        if let path, try LocalFileSystem().exists(path) { try LocalFileSystem().remove(path) }
    }
}
