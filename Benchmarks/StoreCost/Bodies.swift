import FileSystem

/// The request bodies of a workload, in the order of their names. Read one at a time: a workload may be larger than memory.
struct Bodies {
    let paths: [String]

    init(folder: String) throws {
        paths = try LocalFileSystem().list(folder).filter { $0.hasSuffix(".pb") }.sorted().map { folder + "/" + $0 }
    }

    func body(_ path: String) throws -> [UInt8] { try LocalFileSystem().readWhole(path, maximumByteCount: 64 << 20) }
}
