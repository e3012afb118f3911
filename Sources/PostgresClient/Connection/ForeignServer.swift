/// Servers that a user of this one names. Whatever the text says, the connection takes nothing from this process: no files, no
/// environment, no settings that load or run anything.

import CLibpq

extension PostgresConfiguration {
    /// The hosts that a text names, in its order: names, addresses, directories of Unix sockets. Errors: `configuration`, whose text never
    /// repeats anything of the given one.
    package static func hosts(ofForeignServer connectionString: String) throws(PostgresError) -> [String] {
        try ForeignSettings(connectionString).hosts
    }

    /// `addresses`: at which IP addresses each host is to be found; whatever its name means by the time of the connection, nothing else is
    /// connected to. A host without any may not be reached. Errors: `configuration`, whose text never repeats anything of the given one.
    package init(foreignServer connectionString: String, addresses: [String: [String]]) throws(PostgresError) {
        try self.init(connectionString: connectionString)
        let settings = try ForeignSettings(connectionString)
        hasPassword = settings.hasPassword
        isForeign = true
        var places: [(host: String, address: String, port: String)] = []
        for (host, port) in zip(settings.hosts, settings.ports) {
            guard let found = addresses[host], !found.isEmpty else {
                throw PostgresError(.configuration, "the database URL names a host that may not be reached from here")
            }
            places += found.map { (host, $0, port) }
        }
        // The names stay: they are what a server's certificate is checked against.
        fixedPlace = [
            ("host", places.map(\.host).joined(separator: ",")), ("hostaddr", places.map(\.address).joined(separator: ",")),
            ("port", places.map(\.port).joined(separator: ",")),
        ]
    }
}

/// What a text says about where a foreign server is.
private struct ForeignSettings {
    /// Keywords that say where a server is and who asks. Not among them: `hostaddr`, which would go past the check of hosts, and all that
    /// name files or services of this machine.
    private static let keywords: Set<String> = ["host", "port", "dbname", "user", "password", "sslmode", "connect_timeout"]

    private(set) var hosts: [String] = []
    /// As many as hosts.
    private(set) var ports: [String] = []
    private(set) var hasPassword = false

    /// Errors: `configuration`, whose text never repeats anything of the given one.
    init(_ connectionString: String) throws(PostgresError) {
        guard let options = PQconninfoParse(connectionString, nil) else {
            throw PostgresError(.configuration, "the database URL cannot be read")
        }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            defer { option += 1 }
            guard let value = option.pointee.val, value.pointee != 0 else { continue }
            let name = String(cString: keyword)
            guard Self.keywords.contains(name) else {
                throw PostgresError(
                    .configuration, "the database URL has the setting \(name), which is not taken here",
                    advice: "only \(Self.keywords.sorted().joined(separator: ", ")) are")
            }
            func list() -> [String] { String(cString: value).split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            if name == "host" { hosts = list() }
            if name == "port" { ports = list() }
            if name == "password" { hasPassword = true }
        }
        guard !hosts.isEmpty, hosts.allSatisfy({ !$0.isEmpty }) else {
            throw PostgresError(.configuration, "the database URL names no host")
        }
        // As libpq has it: none, one for all hosts, or one for each.
        if ports.count <= 1 { ports = Array(repeating: ports.first ?? "5432", count: hosts.count) }
        guard ports.count == hosts.count else {
            throw PostgresError(.configuration, "the database URL has more ports than hosts, or fewer")
        }
    }
}
