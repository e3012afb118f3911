import Access
import HTTPTesting
import Metastore
import TraceModel

/// People and keys of an installation with two organizations: the first with somebody in every role, the second to look in from outside.
struct Team {
    static let password = "correct horse battery"

    let installation: TestInstallation
    /// Access tokens of the first organization, by role.
    let tokens: [Role: String]
    let users: [Role: UserID]
    /// The owner of the second organization, and what it has.
    let strangerToken: String
    let strangerKey: String
    let strangerProject: ProjectID

    static func make(_ installation: TestInstallation) async throws -> Team {
        let accounts = installation.accounts
        let owner = try await accounts.signIn.signIn(
            email: FirstStart.ownerEmail, password: installation.first.password.text, origin: RequestOrigin())
        var tokens = [Role.owner: owner.accessToken], users = [Role.owner: owner.userID]
        let principal = try await accounts.authenticator.authenticate(Credential(owner.accessToken))
        for role in [Role.admin, .member, .viewer] {
            let user = try await join(accounts, "\(role.rawValue)@team.example", role, by: principal)
            tokens[role] = user.accessToken
            users[role] = user.userID
        }
        // Someone who leaves again, to own the other organization.
        let stranger = try await join(accounts, "stranger@other.example", .viewer, by: principal)
        let other = try await installation.metastore.organizations.create(
            name: "Other", owner: stranger.userID, audit: .system("createOrganization"))
        _ = try await accounts.members.remove(stranger.userID, by: principal, audit: .system("removeMember"))
        let project = try await installation.metastore.projects.create(name: "Theirs", in: other.id)
        return Team(
            installation: installation, tokens: tokens, users: users, strangerToken: stranger.accessToken,
            strangerKey: try await installation.key(Set(Scope.allCases), of: project.id), strangerProject: project.id)
    }

    private static func join(_ accounts: Accounts, _ email: String, _ role: Role, by principal: Principal) async throws -> SignedIn {
        let made = try await accounts.invitations.invite(
            email: email, role: role, project: nil, by: principal, audit: .system("createInvitation"))
        let (_, user) = try await accounts.invitations.accept(
            token: made.token.text, name: role.rawValue, password: password, origin: RequestOrigin())
        return try await accounts.signIn.signIn(user.id, origin: RequestOrigin())
    }
}
