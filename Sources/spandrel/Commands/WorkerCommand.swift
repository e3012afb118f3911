/// `spandrel worker`: create, list, revoke the credentials of worker processes.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Creates, lists and revokes credentials of worker processes.",
        discussion: "Only whoever decides about the whole installation may: the first organization's admins, and keys that reach it.",
        subcommands: [Create.self, List.self, Revoke.self])

    fileprivate static let root = "/api/v1/worker-credentials"
    fileprivate static let columns = ["id", "name", "created_at", "revoked_at"]

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Creates a credential and shows its token, this once.",
            discussion: "Example: spandrel worker create machine-2")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "A name to know it by.")
        var name: String

        func run() async throws {
            let made = try await server.client().json(
                .POST, root, body: .object([JSONMember(key: "name", value: .string(name))]))
            if output.json { return output.print([made], columns: []) }
            output.print([made], columns: columns)
            print("\nThe token, shown this once:\n\(made["token"]?.stringValue ?? "")")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "Shows the credentials, without their tokens.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        func run() async throws { output.print(try await server.client().everyItem(root), columns: columns) }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Ends a credential's use, at once.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "The credential's id.")
        var id: String

        func run() async throws {
            output.print([try await server.client().json(.DELETE, root + "/" + id)], columns: columns)
        }
    }
}
