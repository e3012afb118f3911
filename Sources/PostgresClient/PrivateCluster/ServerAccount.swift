/// Who the private server runs as. PostgreSQL refuses to run as root, so root has to become somebody else first.

import Glibc

package enum ServerAccount: Sendable, Equatable {
    /// This process's own user, which is not root.
    case same
    /// Another account, taken on with setpriv: Debian's `postgres`, or whoever owns an existing cluster.
    case other(userID: UInt32, groupID: UInt32)
    /// Root inside a user namespace in which it is number 1000: for systems without the account, or where that account may
    /// not enter the data directory. The files belong to root.
    case userNamespace

    /// The account for a cluster in `directory`: an existing one keeps its owner. Errors: `cluster` when root finds no way.
    static func choose(for directory: ClusterDirectory) throws(PostgresError) -> ServerAccount {
        guard geteuid() == 0 else { return .same }
        if let owner = ownerOfFile(directory.data) {
            return owner.userID == 0 ? try userNamespaceIfAllowed() : .other(userID: owner.userID, groupID: owner.groupID)
        }
        if let account = accountNumbers(name: "postgres"), directory.isReachable(userID: account.userID, groupID: account.groupID) {
            return .other(userID: account.userID, groupID: account.groupID)
        }
        return try userNamespaceIfAllowed()
    }

    /// The arguments in front of a program: they change the user and exec, so the process id stays the program's own.
    /// `endsWithParent`: a SIGINT (fast shutdown) follows the end of the thread that started it. setpriv stands last, as the
    /// kernel forgets that wish when credentials change.
    func commandPrefix(endsWithParent: Bool) -> [String] {
        let ending = endsWithParent ? ["--pdeathsig", "INT"] : []
        switch self {
        case .same: return endsWithParent ? ["/usr/bin/setpriv"] + ending : []
        case .other(let userID, let groupID):
            return ["/usr/bin/setpriv", "--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups", "--inh-caps=-all"] + ending
        case .userNamespace:
            return ["/usr/bin/unshare", "-U", "--map-user=1000", "--map-group=1000"] + (endsWithParent ? ["/usr/bin/setpriv"] + ending : [])
        }
    }

    /// Owner for the files the server must own; nil where this process's own is right.
    var fileOwner: (userID: UInt32, groupID: UInt32)? {
        if case .other(let userID, let groupID) = self { (userID, groupID) } else { nil }
    }

    private static func userNamespaceIfAllowed() throws(PostgresError) -> ServerAccount {
        let command = ServerAccount.userNamespace.commandPrefix(endsWithParent: false) + ["/usr/bin/true"]
        if access("/usr/bin/unshare", X_OK) == 0, try Subprocess.run(command).succeeded { return .userNamespace }
        throw PostgresError(
            .cluster,
            "PostgreSQL cannot run as root, no `postgres` account may enter the data directory, and user namespaces are not allowed",
            advice: "run as another user, or let `postgres` search the directories above DATA_DIR/postgres, or give --database-url")
    }

    private static func accountNumbers(name: String) -> (userID: UInt32, groupID: UInt32)? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &result) == 0, result != nil else { return nil }
        return (entry.pw_uid, entry.pw_gid)
    }
}

/// Owner and group of a file; nil if there is none.
func ownerOfFile(_ path: String) -> (userID: UInt32, groupID: UInt32)? {
    var status = stat()
    return stat(path, &status) == 0 ? (status.st_uid, status.st_gid) : nil
}
