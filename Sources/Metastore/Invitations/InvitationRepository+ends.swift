/// Invitations that end because of what happened to a member; run in the transaction of that change.

import PostgresClient
import TraceModel

extension InvitationRepository {
    /// Those a member made, except to the roles which the member may still give.
    static func revokeOpen(
        in organization: OrganizationID, madeBy user: UserID, keeping roles: [String], on connection: PostgresConnection
    ) async throws(PostgresError) -> [InvitationID] {
        try await revokeOpen(
            "i.organization_id = $1 AND i.created_by = $2 AND i.role <> ALL ($3)", [organization.value, user.value, .texts(roles)],
            connection)
    }

    /// Those into the organization itself, to a member's address, except to roles the member may have.
    static func revokeOpen(
        in organization: OrganizationID, to user: UserID, keeping roles: [String], on connection: PostgresConnection
    ) async throws(PostgresError) -> [InvitationID] {
        try await revokeOpen(
            "i.organization_id = $1 AND i.email = \(address) AND i.project_id IS NULL AND i.role <> ALL ($3)",
            [organization.value, user.value, .texts(roles)], connection)
    }

    /// All to a member's address into an organization and its projects, or into one of these alone.
    static func revokeOpen(
        in organization: OrganizationID, to user: UserID, project: ProjectID? = nil, on connection: PostgresConnection
    ) async throws(PostgresError) -> [InvitationID] {
        try await revokeOpen(
            "i.organization_id = $1 AND i.email = \(address) AND ($3::uuid IS NULL OR i.project_id = $3)",
            [organization.value, user.value, .optional(project) { $0.value }], connection)
    }

    private static let address = "(SELECT email FROM users WHERE id = $2)"

    private static func revokeOpen(
        _ condition: String, _ parameters: [PostgresValue], _ connection: PostgresConnection
    ) async throws(PostgresError) -> [InvitationID] {
        try await connection.query(
            "UPDATE invitations i SET revoked_at = greatest(now(), i.created_at) WHERE \(open) AND \(condition) RETURNING i.id", parameters
        ).decoded { row throws(PostgresError) in try row.decode("id", as: InvitationID.self) }
    }
}
