/// As whom a session works: with fewer rights than whoever owns the tables, where that can be had.

package enum EverydayRole: Sendable, Equatable {
    /// The user of the connection string.
    case connectingUser
    /// `SET ROLE` after connecting: guards against mistakes, but a session can set it back.
    case switched(to: String)
    /// Connects as another user from the start: nothing leads back.
    case login(as: String)

    /// The role's name in the database; the private cluster makes it, on other servers the schema tries to.
    package static let name = "spandrel_app"

    /// The beginning of a session's first statement.
    var sessionSQL: String {
        guard case .switched(let role) = self else { return "" }
        return "SET ROLE \"\(role.map { $0 == "\"" ? "\"\"" : String($0) }.joined())\"; "
    }
}
