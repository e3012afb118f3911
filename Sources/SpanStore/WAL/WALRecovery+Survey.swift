import FileSystem

/// The first pass of a recovery, over the headers alone: which files are in use and in what order, which may be written
/// over, and which are damaged or missing.
extension WALRecovery {
    /// Looks at every file's header: the order of those in use, and what may be written over.
    mutating func survey() throws(StoreError) -> (WALChain, [WALFileTable.Spare]) {
        var headers: [WALFileHeader] = []
        var sizes: [UInt64: Int] = [:]
        var notBegun: [UInt64] = []
        var damaged: Set<UInt64> = []
        for name in try onDisk("listing the log", { () throws(FileSystemError) in try fileSystem.list(configuration.directory) }) {
            guard let number = WALFileName.number(of: name) else { continue }
            report.position.nextFileNumber = max(report.position.nextFileNumber, number + 1)
            let path = FilePath.join(configuration.directory, name)
            let (reading, byteCount) = try onDisk("reading the header of a log file") { () throws(FileSystemError) in
                let file = try fileSystem.open(path, .read)
                defer { file.close() }
                let page = try file.read(count: WALFileHeader.pageByteCount, at: 0)
                return (page.withUnsafeBytes { WALFileHeader.read(page: $0, fileNumber: number) }, try file.size())
            }
            sizes[number] = byteCount
            switch reading {
            case .begun(let header):
                guard header.nodeID == configuration.nodeID else {
                    throw StoreError(
                        .corrupt, "\(path) was written by node \(header.nodeID) and this is node \(configuration.nodeID); move it away")
                }
                headers.append(header)
            case .notBegun:
                notBegun.append(number)
            case .newerVersion(let version):
                throw StoreError(
                    .newerFormat,
                    "\(path) has log format \(version), this program reads up to \(WALFileHeader.version); use the newer program")
            case .damaged:
                damaged.insert(number)
                let kept = try onDisk("putting a damaged log file aside") { () throws(FileSystemError) in
                    try quarantine.keep(wholeFile: path, fileNumber: number)
                }
                report.damages.append(
                    WALDamage(
                        fileName: name, byteOffset: 0, byteCount: byteCount, firstLSN: nil, lastLSN: nil,
                        reason: "both copies of the file header are damaged", quarantinePath: kept))
            }
        }
        // What is seen now must be what the next start sees, whatever was begun or removed just before the last one ended.
        try onDisk("making the log's file names durable") { () throws(FileSystemError) in
            try fileSystem.synchronizeDirectory(configuration.directory)
        }
        let chain = WALChain(headers: headers)
        // A file that is there without a header of its own was being recycled when the last start ended.
        for number in chain.missing where !damaged.contains(number) && !notBegun.contains(number) {
            report.damages.append(
                WALDamage(
                    fileName: WALFileName.name(of: number), byteOffset: 0, byteCount: 0, firstLSN: nil, lastLSN: nil,
                    reason: "the file is missing", quarantinePath: nil))
        }
        return (chain, (notBegun + chain.unused).map { WALFileTable.Spare(number: $0, byteCount: sizes[$0] ?? 0) })
    }
}
