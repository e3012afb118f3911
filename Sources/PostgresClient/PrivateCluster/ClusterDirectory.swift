/// The files of a private cluster, under DATA_DIR/postgres:
///
///     data/            the cluster; appears whole, renamed from data.new/ once initdb is done
///     sock/            the Unix socket; elsewhere when its path would be too long (see `socketDirectoryNote`)
///     sock.path        the directory made elsewhere, so that the next start can remove it
///     server.log(.1)   what the server wrote, bounded

import Glibc

struct ClusterDirectory: Sendable {
    let root: String
    var data: String { root + "/data" }
    var unfinishedData: String { root + "/data.new" }
    var log: String { root + "/server.log" }
    var socketDirectoryNote: String { root + "/sock.path" }
    var versionFile: String { data + "/PG_VERSION" }
    var processFile: String { data + "/postmaster.pid" }

    /// `root`: absolute or relative to the working directory; it need not exist yet. Errors: `cluster`.
    init(_ root: String) throws(PostgresError) {
        if root.hasPrefix("/") {
            self.root = root
        } else {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            guard getcwd(&buffer, buffer.count) != nil else { throw PostgresError(.cluster, "the working directory is gone") }
            self.root = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/" + root
        }
    }

    /// Major version of the cluster that is there; nil for none. Errors: `cluster` for a directory that is no cluster.
    func clusterVersion() throws(PostgresError) -> Int? {
        guard access(data, F_OK) == 0 else { return nil }
        guard let text = readSmallFile(versionFile), let version = Int(text.prefix { $0.isNumber }) else {
            throw PostgresError(.cluster, "\(data) is not a PostgreSQL cluster", advice: "move it away, or restore it from a backup")
        }
        return version
    }

    /// Makes the directories above the root, as this process's umask has them, so that `isReachable` sees what is there.
    func makeParents() {
        var parent = ""
        for component in root.split(separator: "/").dropLast() {
            parent += "/" + component
            mkdir(parent, 0o755)
        }
    }

    /// Makes the root with mode 0700 for the server's account. Errors: `cluster`.
    func prepare(for account: ServerAccount) throws(PostgresError) {
        try makeDirectory(root, for: account)
    }

    /// Makes the directory the socket will be in: root/sock, or one with a short path. Errors: `cluster`.
    func makeSocketDirectory(for account: ServerAccount) throws(PostgresError) -> String {
        removeForeignSocketDirectory()
        let own = root + "/sock"
        if (own + Self.socketName).utf8.count <= PostgresLimits.maximumSocketPathByteCount {
            try makeDirectory(own, for: account)
            return own
        }
        // mkdtemp: a name nobody could know before, mode 0700. XDG_RUNTIME_DIR is not enterable by another account.
        let parent = account.fileOwner == nil ? getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? "/tmp" : "/tmp"
        var template = Array((parent.utf8.count < 60 ? parent : "/tmp").utf8CString.dropLast()) + Array("/spandrel-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw PostgresError(.cluster, "no directory for the server's socket in \(parent): \(systemErrorText(errno))")
        }
        let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if let owner = account.fileOwner, chown(path, owner.userID, owner.groupID) != 0 {
            throw PostgresError(.cluster, "the owner of \(path) cannot be changed: \(systemErrorText(errno))")
        }
        writeSmallFile(socketDirectoryNote, path)
        return path
    }

    /// Where the server that runs now has its socket.
    var currentSocketDirectory: String { readSmallFile(socketDirectoryNote) ?? root + "/sock" }

    /// Removes a socket directory outside of the root, made by this or an earlier run.
    func removeForeignSocketDirectory() {
        guard let path = readSmallFile(socketDirectoryNote) else { return }
        // The note lies where only we and the server write; still, nothing but the two names of a socket is ever removed.
        if path.contains("/spandrel-") {
            unlink(path + Self.socketName)
            unlink(path + Self.socketName + ".lock")
            rmdir(path)
        }
        unlink(socketDirectoryNote)
    }

    /// Whether an account may search every directory above the root.
    func isReachable(userID: UInt32, groupID: UInt32) -> Bool {
        var path = ""
        for component in root.split(separator: "/").dropLast() {
            path += "/" + component
            var status = stat()
            guard stat(path, &status) == 0 else { return false }
            let shift: UInt32 = status.st_uid == userID ? 6 : status.st_gid == groupID ? 3 : 0
            if status.st_mode >> shift & 1 == 0 { return false }
        }
        return true
    }

    static let socketName = "/.s.PGSQL.5432"

    private func makeDirectory(_ path: String, for account: ServerAccount) throws(PostgresError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw PostgresError(.cluster, "\(path) cannot be made: \(systemErrorText(errno))", advice: "check the data directory's owner")
        }
        let owner = account.fileOwner ?? (geteuid(), getegid())
        guard chown(path, owner.userID, owner.groupID) == 0, chmod(path, 0o700) == 0 else {
            throw PostgresError(
                .cluster, "\(path) belongs to another user: \(systemErrorText(errno))", advice: "start as its owner, or as root")
        }
    }
}

/// The first 4 KiB of a file; nil if it cannot be read. Follows no symbolic link.
func readSmallFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
}

/// Writes a file anew. A failure shows where the file is needed.
func writeSmallFile(_ path: String, _ text: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    _ = write(descriptor, bytes, bytes.count)
}
