/// `spandrel project`: list and create.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project", abstract: "Lists and creates projects.", subcommands: [List.self, Create.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Shows the projects you can see.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            output.print(try await server.client().everyItem("/api/v1/projects"), columns: ["id", "name", "retention_days", "created_at"])
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "create", abstract: "Creates a project.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "Its name, unique in the organization.")
        var name: String

        @Option(name: .customLong("retention-days"), help: "Days after which its spans are dropped. (default: kept for ever)")
        var retentionDays: Int?

        func run() async throws {
            var members = [JSONMember(key: "name", value: .string(name))]
            if let retentionDays { members.append(JSONMember(key: "retention_days", value: .integer(Int64(retentionDays)))) }
            let project = try await server.client().json(.POST, "/api/v1/projects", body: .object(members))
            output.print([project], columns: ["id", "name", "retention_days", "created_at"])
        }
    }
}
