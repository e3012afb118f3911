/// How many files and sockets the process may have open.

import Glibc

package enum DescriptorLimit {
    /// The usual soft limit of 1,024 is there for programs that use `select`; a connection and a segment take one descriptor each,
    /// so the server takes what the hard limit gives.
    package static func raise() {
        var limit = rlimit()
        guard getrlimit(.init(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(.init(RLIMIT_NOFILE.rawValue), &limit)
    }
}
