/// `spandrel login` and `spandrel logout`: a session for the other commands.

import ArgumentParser
import ByteCoding
@preconcurrency import Glibc
import NIOHTTP1
import ProcessSetup

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Signs in; the other commands then need neither URL nor key.",
        discussion: """
            The session is kept in spandrel/config.json in XDG_CONFIG_HOME (default ~/.config). The password is asked for, or read from
            standard input when that is no terminal. Without --email the owner of a server on this machine signs in, with what
            credentials.json of its data directory says.
            """)

    @Option(help: "The server's URL. [SPANDREL_URL] (default: that of credentials.json, else http://127.0.0.1:4318)")
    var url: String?

    @Option(help: "Your e-mail address. (default: that of credentials.json)")
    var email: String?

    @Option(help: "The project that commands mean when they name none: id or name. (default: the only or oldest one)")
    var project: String?

    @Option(name: .customLong("data-dir"), help: "Where credentials.json lies. [SPANDREL_DATA_DIR]")
    var dataDirectory = EnvironmentDefault.text("SPANDREL_DATA_DIR", "./data")

    func run() async throws {
        let stored = email == nil ? try Credentials.read(directory: dataDirectory) : nil
        let url = url ?? EnvironmentDefault.text("SPANDREL_URL") ?? stored?.url ?? "http://127.0.0.1:4318"
        let address = try ServerAddress(url: url)
        // Another server is never shown this one's password.
        let known = try stored?.areFor(address) == true ? stored : nil
        guard let email = email ?? known?.email else {
            let reason = stored.map { "; \(dataDirectory)/\(Credentials.fileName) is for \($0.url)" } ?? ""
            throw CommandFailure("give --email, or --data-dir of a server on this machine\(reason)")
        }
        let password = try known?.password ?? PasswordPrompt.read("Password for \(email): ")
        let anonymous = APIClient(address: address, credentials: .anonymous)
        let signedIn = try await anonymous.json(
            .POST, "/api/v1/auth/sign-in",
            body: .object([JSONMember(key: "email", value: .string(email)), JSONMember(key: "password", value: .string(password))]))
        guard let access = signedIn["access_token"]?.stringValue, let refresh = signedIn["refresh_token"]?.stringValue else {
            throw CommandFailure("\(url) did not answer with a session; is it a Spandrel server of this version?")
        }
        var session = ClientConfiguration(url: url, email: email, accessToken: access, refreshToken: refresh)
        let client = APIClient(address: address, credentials: .session(ClientSession(session)))
        let me = try await client.json(.GET, "/api/v1/users/me")
        let organizations = me["organizations"]?.arrayValue ?? []
        session.organizationID = organizations.first { $0["role"]?.isNull == false }?["organization_id"]?.stringValue
        let (id, name) = try await chooseProject(client, me)
        session.projectID = id
        try session.write()
        print("Signed in to \(url) as \(email)\(name.map { ", project \($0)" } ?? "").")
    }

    /// Of the organization's projects, or of those where the user has a role of their own.
    private func chooseProject(_ client: APIClient, _ me: JSONValue) async throws -> (id: String?, name: String?) {
        let isMember = me["organizations"]?.arrayValue?.contains { $0["role"]?.isNull == false } ?? false
        guard isMember else {
            let ids = (me["projects"]?.arrayValue ?? []).compactMap { $0["project_id"]?.stringValue }
            if let project, !ids.contains(project) { throw CommandFailure("you have no role in a project with the id \(project)") }
            return (project ?? ids.first, nil)
        }
        let projects = try await client.everyItem("/api/v1/projects")
        let chosen =
            project == nil
            ? projects.last : projects.first { [$0["id"]?.stringValue, $0["name"]?.stringValue].contains(project) }
        if let project, chosen == nil { throw CommandFailure("you have no project \(project)") }
        return (chosen?["id"]?.stringValue, chosen?["name"]?.stringValue)
    }
}

struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "logout", abstract: "Ends the session of `spandrel login`.")

    @Flag(help: "End every session of this user, on every machine.")
    var everywhere = false

    func run() async throws {
        guard let session = try ClientConfiguration.read() else { return print("Nobody is signed in.") }
        let client = APIClient(address: try ServerAddress(url: session.url), credentials: .session(ClientSession(session)))
        do {
            try await client.done(.POST, everywhere ? "/api/v1/auth/sign-out-everywhere" : "/api/v1/auth/sign-out")
        } catch {
            // The tokens are forgotten here all the same; whoever wanted every session ended has to know.
            if everywhere { throw error }
        }
        try ClientConfiguration.remove()
        print("Signed out.")
    }
}

/// Reads a password without showing it.
enum PasswordPrompt {
    static func read(_ prompt: String) throws -> String {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var before = termios()
        if isTerminal {
            fputs(prompt, stderr)
            tcgetattr(STDIN_FILENO, &before)
            var silent = before
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        }
        defer {
            if isTerminal {
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
                fputs("\n", stderr)
            }
        }
        guard let line = readLine(strippingNewline: true), !line.isEmpty else { throw CommandFailure("no password was given") }
        return line
    }
}
