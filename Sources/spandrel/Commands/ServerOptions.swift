/// Which server a command talks to, and with which key: flags, then environment, then the data directory's credentials.json.

import ArgumentParser
import ByteCoding

struct ServerOptions: ParsableArguments {
    @Option(help: "The server's URL. [SPANDREL_URL] (default: that of credentials.json)")
    var url: String?

    @Option(name: .customLong("api-key"), help: "The key to use. [SPANDREL_API_KEY] (default: that of credentials.json)")
    var apiKey: String?

    @Option(name: .customLong("data-dir"), help: "Where credentials.json lies. [SPANDREL_DATA_DIR]")
    var dataDirectory = EnvironmentDefault.text("SPANDREL_DATA_DIR", "./data")

    func client() throws -> APIClient {
        let url = url ?? EnvironmentDefault.text("SPANDREL_URL"), apiKey = apiKey ?? EnvironmentDefault.text("SPANDREL_API_KEY")
        if let url, let apiKey { return APIClient(address: try ServerAddress(url: url), key: apiKey) }
        guard let credentials = try Credentials.read(directory: dataDirectory) else {
            throw CommandFailure(
                "\(dataDirectory)/\(Credentials.fileName) does not exist: give --url and --api-key, or --data-dir of a server on this machine"
            )
        }
        return APIClient(address: try ServerAddress(url: url ?? credentials.url), key: apiKey ?? credentials.apiKey)
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
