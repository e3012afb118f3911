/// The process' own figures under the names Prometheus' client libraries give them, out of `/proc/self`.

import Glibc
import TelemetryExport

extension MetricReport {
    package mutating func process() {
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            let seconds =
                Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
            counter("process_cpu_seconds_total", "CPU time of the server, user and system.", seconds)
        }
        let pages = Self.firstLine("/proc/self/statm").split(separator: " ").compactMap { Double($0) }
        if pages.count > 1 {
            let pageByteCount = Double(sysconf(Int32(_SC_PAGESIZE)))
            gauge("process_virtual_memory_bytes", "Address space.", pages[0] * pageByteCount)
            gauge("process_resident_memory_bytes", "Memory in use, shared pages included.", pages[1] * pageByteCount)
        }
        if let count = Self.openDescriptorCount() { gauge("process_open_fds", "Open file descriptors.", count) }
    }

    private static func firstLine(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 512) { buffer, count in
            // `read` initializes as many bytes as it returns.
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func openDescriptorCount() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // `.`, `..` and the descriptor of the listing itself.
        return count - 3
    }
}
