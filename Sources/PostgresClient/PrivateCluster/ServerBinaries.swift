/// Where PostgreSQL's programs are.

import Glibc

struct ServerBinaries: Sendable, Equatable {
    let directory: String
    /// 15 for 15.20.
    let majorVersion: Int

    var postgres: String { directory + "/postgres" }
    var initdb: String { directory + "/initdb" }

    /// The programs for a cluster of `clusterVersion`, or the newest for a new one (nil). `roots`: directories holding one
    /// directory per version with `bin` inside, as Debian and Red Hat lay them out. Errors: `cluster`, naming the package.
    static func find(
        clusterVersion: Int?, roots: [(directory: String, prefix: String)] = [("/usr/lib/postgresql", ""), ("/usr", "pgsql-")]
    ) throws(PostgresError) -> ServerBinaries {
        var found: [ServerBinaries] = []
        for root in roots {
            for name in directoryEntries(root.directory) where name.hasPrefix(root.prefix) {
                guard let version = Int(name.dropFirst(root.prefix.count)) else { continue }
                let candidate = ServerBinaries(directory: "\(root.directory)/\(name)/bin", majorVersion: version)
                if access(candidate.postgres, X_OK) == 0 && access(candidate.initdb, X_OK) == 0 { found.append(candidate) }
            }
        }
        found.sort { $0.majorVersion < $1.majorVersion }
        if let clusterVersion {
            if let match = found.last(where: { $0.majorVersion == clusterVersion }) { return match }
            throw PostgresError(
                .cluster, "the data directory was made by PostgreSQL \(clusterVersion), which is not installed",
                advice: "install the package postgresql-\(clusterVersion), or upgrade the cluster with pg_upgrade")
        }
        // 13 is the oldest version the schema was written for: gen_random_uuid and sha256 are built in.
        guard let newest = found.last, newest.majorVersion >= 13 else {
            throw PostgresError(
                .cluster, "PostgreSQL's server programs are not installed",
                advice: "run `apt-get install postgresql-15` (Debian 12), or give a server with --database-url")
        }
        return newest
    }
}

/// Names in a directory, none if it cannot be read.
func directoryEntries(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}
