import Glibc

/// What this process holds, from /proc, and what lies below a folder.
enum ProcessFigures {
    static var pssKilobytes: Int { value(of: "Pss:", in: "/proc/self/smaps_rollup") }
    static var threadCount: Int { value(of: "Threads:", in: "/proc/self/status") }

    static var descriptorCount: Int {
        // The one that reads the folder is not counted.
        names(in: "/proc/self/fd").count - 1
    }

    /// As the server does when memtables were sealed.
    static func giveMemoryBack() {
        // Swift's Glibc module leaves malloc.h out; the manual page's signature is `int malloc_trim(size_t)`.
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
    }

    /// User and system time of all threads.
    static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func files(below root: String) -> (count: Int, byteCount: Int) {
        var count = 0, byteCount = 0, folders = [root]
        while let folder = folders.popLast() {
            for name in names(in: folder) {
                var status = stat()
                let path = folder + "/" + name
                guard lstat(path, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    folders.append(path)
                } else {
                    count += 1
                    // As the disk has it: a small file takes a block.
                    byteCount += Int(status.st_blocks) * 512
                }
            }
        }
        return (count, byteCount)
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func value(of member: String, in path: String) -> Int {
        guard let file = fopen(path, "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix(member) { return Int(text.dropFirst(member.count).filter(\.isNumber)) ?? 0 }
        }
        return 0
    }
}
