/// The command lines of the private cluster: how it is made and how it is run.

struct ServerCommand: Sendable {
    let binaries: ServerBinaries
    let account: ServerAccount
    let directory: ClusterDirectory
    let maximumConnectionCount: Int

    /// The cluster's only role, its superuser, and the database of everything.
    static let user = "spandrel"
    static let database = "spandrel"

    /// Authentication is `trust`, as the socket lies in a directory of mode 0700: whoever reaches it is the server's own
    /// account or root, both of which could read the files directly. There is no TCP port.
    var initdb: [String] {
        account.commandPrefix(endsWithParent: true) + [
            binaries.initdb, "--pgdata=\(directory.unfinishedData)", "--username=\(Self.user)", "--encoding=UTF8", "--locale=C.UTF-8",
            "--auth=trust", "--data-checksums", "--no-instructions",
        ]
    }

    func postgres(socketDirectory: String) -> [String] {
        account.commandPrefix(endsWithParent: true) + [binaries.postgres, "-D", directory.data]
            + settings(socketDirectory: socketDirectory).flatMap { ["-c", "\($0.name)=\($0.value)"] }
    }

    /// Given on the command line, so that they are the program's, not a file's which somebody once wrote.
    private func settings(socketDirectory: String) -> [(name: String, value: String)] {
        [
            ("listen_addresses", ""), ("port", "5432"), ("unix_socket_directories", Self.quoted(socketDirectory)),
            ("unix_socket_permissions", "0700"),
            // Small rows, few of them: the metadata of a large installation fits into this many times over.
            ("shared_buffers", "32MB"), ("work_mem", "4MB"), ("maintenance_work_mem", "16MB"), ("huge_pages", "off"),
            ("max_connections", String(maximumConnectionCount)),
            // Compiling a statement takes longer than any of ours runs.
            ("jit", "off"), ("max_worker_processes", "2"), ("max_parallel_workers", "0"), ("max_parallel_workers_per_gather", "0"),
            // No replicas: fewer processes and less WAL.
            ("wal_level", "minimal"), ("max_wal_senders", "0"), ("max_logical_replication_workers", "0"), ("max_wal_size", "256MB"),
            // A queue of jobs leaves thousands of dead rows a second behind: a look each minute is too few.
            ("autovacuum_max_workers", "1"), ("autovacuum_naptime", "10s"), ("timezone", "UTC"), ("log_timezone", "UTC"),
            ("lc_messages", "C"),
            ("log_line_prefix", "%m [%p] "), ("log_destination", "stderr"), ("logging_collector", "off"),
            // Our errors carry what is needed; the log keeps the server's own affairs, not statements with people's texts.
            ("log_min_error_statement", "panic"), ("log_parameter_max_length_on_error", "0"), ("log_error_verbosity", "terse"),
        ]
    }

    /// A directory name inside a list setting: in double quotes, where a double quote is written twice.
    private static func quoted(_ path: String) -> String { "\"" + path.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\"" }
}
