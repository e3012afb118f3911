/// `spandrel user invite`.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "user", abstract: "Invites people.", subcommands: [Invite.self])

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "invite", abstract: "Invites somebody to the organization, or to one project of it.",
            discussion: "Needs `spandrel login`. The link goes out by e-mail where the server has a mail server, and is shown here.")

        @OptionGroup var server: ServerOptions
        @OptionGroup var output: OutputOptions

        @Argument(help: "The e-mail address.")
        var email: String

        @Option(help: "owner, admin, member or viewer.")
        var role = "member"

        @Flag(name: .customLong("only-project"), help: "A role in the current project instead of the whole organization.")
        var onlyProject = false

        func run() async throws {
            let client = try server.client()
            guard case .session(let session) = client.credentials else {
                throw CommandFailure("people are invited by people, not by API keys: run `spandrel login` first")
            }
            let configuration = await session.configuration
            guard let organization = configuration.organizationID else { throw CommandFailure("you belong to no organization") }
            var members = [JSONMember(key: "email", value: .string(email)), JSONMember(key: "role", value: .string(role))]
            if onlyProject {
                guard let project = configuration.projectID else {
                    throw CommandFailure("no project is chosen: give --project to `spandrel login`")
                }
                members.append(JSONMember(key: "project_id", value: .string(project)))
            }
            let invitation = try await client.json(.POST, "/api/v1/organizations/\(organization)/invitations", body: .object(members))
            output.print([invitation], columns: ["id", "email", "role", "expires_at"])
            if !output.json, let link = invitation["url"]?.stringValue { print("\nPass this link on; it works once:\n\(link)") }
        }
    }
}
