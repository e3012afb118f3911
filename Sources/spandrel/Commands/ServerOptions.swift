/// Which server a command talks to, and as whom: flags and environment, then the session of `spandrel login`, then the data directory's
/// credentials.json. A data directory that is named comes before the session. What credentials.json holds goes to its own server only.

import ArgumentParser
import ByteCoding
import ProcessSetup

struct ServerOptions: ParsableArguments {
    @Option(help: "The server's URL. [SPANDREL_URL] (default: the session's, or that of credentials.json)")
    var url: String?

    @Option(
        name: .customLong("api-key"),
        help: "The key to use. [SPANDREL_API_KEY] (default: the session's user, or the key of credentials.json)")
    var apiKey: String?

    @Option(name: .customLong("data-dir"), help: "Where credentials.json lies. [SPANDREL_DATA_DIR] (default: ./data)")
    var dataDirectory: String?

    func client() throws -> APIClient {
        let url = url ?? EnvironmentDefault.text("SPANDREL_URL"), apiKey = apiKey ?? EnvironmentDefault.text("SPANDREL_API_KEY")
        let named = dataDirectory ?? EnvironmentDefault.text("SPANDREL_DATA_DIR")
        return try client(url, apiKey, named)
    }

    /// For commands that read a data directory themselves: its own server is meant, and no other one's session.
    func client(inDataDirectory directory: String) throws -> APIClient {
        try client(url ?? EnvironmentDefault.text("SPANDREL_URL"), apiKey ?? EnvironmentDefault.text("SPANDREL_API_KEY"), directory)
    }

    private func client(_ url: String?, _ apiKey: String?, _ named: String?) throws -> APIClient {
        if let url, let apiKey { return APIClient(address: try ServerAddress(url: url), credentials: .key(apiKey)) }
        if named == nil, apiKey == nil, let session = try ClientConfiguration.read(), url == nil || url == session.url {
            return APIClient(address: try ServerAddress(url: session.url), credentials: .session(ClientSession(session)))
        }
        let directory = named ?? "./data"
        guard let credentials = try Credentials.read(directory: directory) else {
            throw CommandFailure(
                "\(directory)/\(Credentials.fileName) does not exist: run `spandrel login`, give --url and --api-key, or --data-dir of a "
                    + "server on this machine")
        }
        let address = try ServerAddress(url: url ?? credentials.url)
        if let apiKey { return APIClient(address: address, credentials: .key(apiKey)) }
        guard try credentials.areFor(address) else {
            throw CommandFailure(
                "the key in \(directory)/\(Credentials.fileName) is for \(credentials.url), and is not sent to \(address.url): run "
                    + "`spandrel login`, or give --api-key")
        }
        return APIClient(address: address, credentials: .key(credentials.apiKey))
    }
}

/// How a command shows its answer.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the server's JSON instead of a table.")
    var json = false

    /// Items as a table of these columns, or as JSON: one object a line.
    func print(_ items: [JSONValue], columns: [String]) {
        if json {
            for item in items { Swift.print(String(decoding: item.bytes, as: UTF8.self)) }
        } else {
            Swift.print(TextTable(columns: columns, rows: items.map { item in columns.map { item[$0] ?? .null } }).text)
        }
    }
}
