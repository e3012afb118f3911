/// What `spandrel login` leaves for the other commands: `spandrel/config.json` in XDG_CONFIG_HOME (default ~/.config), mode 0600, in a
/// folder of mode 0700.
///
///     { "url": "http://127.0.0.1:4318", "email": "...", "organization_id": "..." | null, "project_id": "..." | null,
///       "access_token": "...", "refresh_token": "..." }

import ByteCoding
import FileSystem
import Glibc
import ProcessSetup

struct ClientConfiguration: Equatable {
    var url: String
    var email: String
    /// Where the user belongs: what commands about members mean.
    var organizationID: String?
    /// The project that commands mean when they name none.
    var projectID: String?
    var accessToken: String
    var refreshToken: String

    /// Where the file lies: XDG Base Directory Specification 0.8. Nil without a home directory.
    static var path: String? {
        if let base = EnvironmentDefault.text("XDG_CONFIG_HOME"), base.hasPrefix("/") { return base + "/spandrel/config.json" }
        return EnvironmentDefault.text("HOME").map { $0 + "/.config/spandrel/config.json" }
    }

    /// Nil when nobody has signed in.
    static func read() throws -> ClientConfiguration? {
        guard let path, let bytes = try PrivateFile.read(path, maximumByteCount: 64 << 10) else { return nil }
        let json = try JSONValue.parse(bytes)
        guard let url = json["url"]?.stringValue, let access = json["access_token"]?.stringValue,
            let refresh = json["refresh_token"]?.stringValue
        else { throw CommandFailure("\(path) does not have url, access_token and refresh_token: run `spandrel login` again") }
        return ClientConfiguration(
            url: url, email: json["email"]?.stringValue ?? "", organizationID: json["organization_id"]?.stringValue,
            projectID: json["project_id"]?.stringValue, accessToken: access, refreshToken: refresh)
    }

    func write() throws {
        guard let path = Self.path else { throw CommandFailure("neither XDG_CONFIG_HOME nor HOME is set: there is no place for a session") }
        func text(_ name: String, _ value: String?) -> JSONMember {
            JSONMember(key: name, value: value.map { .string($0) } ?? .null)
        }
        let members = [
            text("url", url), text("email", email), text("organization_id", organizationID), text("project_id", projectID),
            text("access_token", accessToken), text("refresh_token", refreshToken),
        ]
        let folder = FilePath.parent(of: path)
        try LocalFileSystem().createDirectory(FilePath.parent(of: folder))
        mkdir(folder, 0o700)
        try PrivateFile.write(JSONValue.object(members).bytes + [UInt8(ascii: "\n")], to: path, replacing: true)
    }

    /// Forgets the session; nothing to do where there is none.
    static func remove() throws {
        if let path, try LocalFileSystem().exists(path) { try LocalFileSystem().remove(path) }
    }

    /// Runs `body` while no other command does: of two that renewed one session at once the second would end it.
    static func exclusively<T>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> T) async throws -> T {
        guard let path else { return try await body() }
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
            throw CommandFailure("\(path).lock cannot be locked: \(String(cString: strerror(errno)))")
        }
        // Closing lets go of the lock.
        defer { close(descriptor) }
        return try await body()
    }
}
