/// `spandrel key`: create, list, rotate, revoke API keys of a project.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Creates, lists, rotates and revokes API keys.",
        subcommands: [Create.self, List.self, Rotate.self, Revoke.self])

    fileprivate static let columns = ["id", "name", "prefix", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at"]

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Creates a key and shows its secret, this once.",
            discussion: "Example: spandrel key create collector --scopes ingest --expires-at 2027-01-01T00:00:00Z")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "A name to know it by.")
        var name: String

        @Option(help: "What it allows, with commas between: ingest, read, write, run, admin.")
        var scopes: String

        @Option(name: .customLong("expires-at"), help: "When it ends: 2027-01-01T00:00:00Z. (default: never)")
        var expiresAt: String?

        @Option(name: .customLong("network"), help: "A network it may be used from, like 192.0.2.0/24; may be given again. (default: any)")
        var networks: [String] = []

        @Option(name: .customLong("requests-per-second"), help: "How often it may ask. (default: no limit)")
        var requestsPerSecond: Int64?

        @Option(name: .customLong("bytes-per-second"), help: "Bytes of its requests' bodies. (default: no limit)")
        var bytesPerSecond: Int64?

        @Option(name: .customLong("concurrency"), help: "Requests at the same time. (default: no limit)")
        var concurrency: Int64?

        @Flag(
            name: .customLong("reaches-organization"),
            help: "Let its scope admin list and create projects of the organization and manage their keys.")
        var reachesOrganization = false

        @Option(
            name: .customLong("further-project"),
            help: "Another project of the organization, by its id, that the key may choose to send to; may be given again.")
        var furtherProjects: [String] = []

        func run() async throws {
            let list = scopes.split(separator: ",").map { JSONValue.string(String($0.filter { $0 != " " })) }
            var members = [JSONMember(key: "name", value: .string(name)), JSONMember(key: "scopes", value: .array(list))]
            if let expiresAt { members.append(JSONMember(key: "expires_at", value: .string(expiresAt))) }
            if !networks.isEmpty { members.append(JSONMember(key: "allowed_networks", value: .array(networks.map { .string($0) }))) }
            if reachesOrganization { members.append(JSONMember(key: "reaches_organization", value: .bool(true))) }
            if !furtherProjects.isEmpty {
                members.append(JSONMember(key: "further_projects", value: .array(furtherProjects.map { .string($0) })))
            }
            for (name, limit) in [
                ("requests_per_second", requestsPerSecond), ("bytes_per_second", bytesPerSecond), ("maximum_concurrency", concurrency),
            ] {
                if let limit { members.append(JSONMember(key: name, value: .integer(limit))) }
            }
            let key = try await server.client().json(.POST, "/api/v1/api-keys", body: .object(members))
            if output.json { return output.print([key], columns: []) }
            output.print([key], columns: ["id", "name", "scopes", "expires_at"])
            print("\nThe key, shown this once:\n\(key["key"]?.stringValue ?? "")")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Shows the project's keys, without their secrets.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.print(try await server.client().everyItem("/api/v1/api-keys"), columns: columns)
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Ends a key's use, at once.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "The key's id, or the beginning of the key as lists show it.")
        var key: String

        func run() async throws {
            let client = try server.client()
            let id = try await KeyCommand.id(of: key, client)
            output.print([try await client.json(.DELETE, "/api/v1/api-keys/" + id)], columns: columns)
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Makes a key that takes over from another, which ends after an overlap.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "The key's id, or the beginning of the key as lists show it.")
        var key: String

        @Option(help: "Seconds for which both work.")
        var overlap: Int64 = 86_400

        func run() async throws {
            let client = try server.client()
            let id = try await KeyCommand.id(of: key, client)
            let new = try await client.json(
                .POST, "/api/v1/api-keys/\(id)/rotation",
                body: .object([JSONMember(key: "overlap_seconds", value: .integer(overlap))]))
            if output.json { return output.print([new], columns: []) }
            output.print([new], columns: ["id", "name", "scopes", "expires_at"])
            print("\nThe new key, shown this once:\n\(new["key"]?.stringValue ?? "")")
        }
    }

    /// Of a key given by its id or by the beginning that lists show.
    fileprivate static func id(of key: String, _ client: APIClient) async throws -> String {
        guard key.hasPrefix("spdrl_") else { return key }
        let matching = try await client.everyItem("/api/v1/api-keys").filter { $0["prefix"]?.stringValue == key }
        guard matching.count == 1, let id = matching[0]["id"]?.stringValue else {
            throw CommandFailure(matching.isEmpty ? "the project has no key \(key)" : "several keys begin with \(key): give the id")
        }
        return id
    }
}
