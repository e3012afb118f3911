/// `spandrel login` and `spandrel logout`: a session for the other commands.

import ArgumentParser
import ByteCoding
@preconcurrency import Glibc
import NIOHTTP1

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Signs in; the other commands then need neither URL nor key.",
        discussion: """
            The session is kept in spandrel/config.json in XDG_CONFIG_HOME (default ~/.config). The password is asked for, or read from
            standard input when that is no terminal.
            """)

    @Option(help: "The server's URL. [SPANDREL_URL]")
    var url = EnvironmentDefault.text("SPANDREL_URL", "http://127.0.0.1:4318")

    @Option(help: "Your e-mail address.")
    var email: String

    @Option(help: "The project that commands mean when they name none: id or name. (default: the only or oldest one)")
    var project: String?

    func run() async throws {
        let password = try PasswordPrompt.read("Password for \(email): ")
        let anonymous = APIClient(address: try ServerAddress(url: url), authorization: nil)
        let signedIn = try await anonymous.json(
            .POST, "/api/v1/auth/sign-in",
            body: .object([JSONMember(key: "email", value: .string(email)), JSONMember(key: "password", value: .string(password))]))
        guard let access = signedIn["access_token"]?.stringValue, let refresh = signedIn["refresh_token"]?.stringValue else {
            throw CommandFailure("\(url) did not answer with a session; is it a Spandrel server of this version?")
        }
        var session = ClientConfiguration(url: url, email: email, projectID: nil, accessToken: access, refreshToken: refresh)
        let client = APIClient(address: try ServerAddress(url: url), authorization: .bearer(access))
        let projects = try await client.everyItem("/api/v1/projects")
        let chosen: JSONValue?
        if let project {
            chosen = projects.first { [$0["id"]?.stringValue, $0["name"]?.stringValue].contains(project) }
            if chosen == nil { throw CommandFailure("you have no project \(project)") }
        } else {
            chosen = projects.last
        }
        session.projectID = chosen?["id"]?.stringValue
        try session.write()
        let name = chosen?["name"]?.stringValue.map { ", project \($0)" } ?? ""
        print("Signed in to \(url) as \(email)\(name).")
    }
}

struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "logout", abstract: "Ends the session of `spandrel login`.")

    @Flag(help: "End every session of this user, on every machine.")
    var everywhere = false

    func run() async throws {
        guard let session = try ClientConfiguration.read() else { return print("Nobody is signed in.") }
        let client = try APIClient(session: session)
        do {
            _ = try await client.json(.POST, everywhere ? "/api/v1/auth/sign-out-everywhere" : "/api/v1/auth/sign-out")
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
