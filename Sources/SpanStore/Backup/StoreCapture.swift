import FileSystem

/// Takes a store's files as they are at one moment, beside the server that goes on writing: the moment is one state of the manifest.
///
/// Segments never change and their numbers are never used twice, so a second name for each file that the manifest names holds the moment
/// fast, whatever compaction, retention or a deletion do afterwards. A file that went before it had its second name means that the manifest
/// has gone on: it is read again, and the newer moment is the one that is taken. The log is not taken: whoever calls has had the memtables
/// sealed first, so that every entry that was acknowledged before is in a segment.
package struct StoreCapture {
    private let fileSystem: any FileSystem
    private let root: String
    private let target: String

    /// What was taken.
    package struct Result: Sendable {
        package var nodeID: UInt64
        package var state: ManifestState
        /// Relative to the target, sorted.
        package var files: [CapturedFile]
    }

    /// How often the manifest is read again. Each time some segment has gone, and those that have their second name stay.
    private static let maximumAttemptCount = 1_000
    /// How often a file is read that seems to be written to just now.
    private static let maximumReadCount = 20

    /// - Parameters:
    ///   - root: the store's folder.
    ///   - target: an empty folder on the same file system, or one that is not there yet; what is taken becomes a whole store in it.
    package init(fileSystem: any FileSystem, root: String, target: String) {
        self.fileSystem = fileSystem
        self.root = root
        self.target = target
    }

    /// Errors: `corrupt` where the store itself is damaged, `io` and `full` from the disk, `busy` where the manifest went on all the time.
    package func run() throws(StoreError) -> Result {
        do {
            return try capture()
        } catch let error as StoreError {
            throw error
        } catch let error as FileSystemError {
            throw StoreError(error, while: "taking the store's files for a backup")
        } catch {
            throw StoreError(.io, "the store's files could not be taken: \(error)", cause: error)
        }
    }

    private func capture() throws -> Result {
        try fileSystem.createDirectory(target)
        let node = try fileSystem.readWhole(FilePath.join(root, "NODE"), maximumByteCount: 64)
        guard let nodeID = UInt64(String(decoding: node, as: UTF8.self).filter { !$0.isWhitespace }, radix: 16) else {
            throw StoreError(.corrupt, "\(root)/NODE does not hold a node id")
        }
        try write(node, "NODE")
        var files = [CapturedFile(path: "NODE", byteCount: node.count, isSegment: false)]
        let state = try takeSegments(&files)
        let manifest = try ManifestLog.open(fileSystem: fileSystem, directory: StoreFileNames.manifest(target))
        try manifest.append(state.checkpoint)
        manifest.close()
        for name in try fileSystem.list(StoreFileNames.manifest(target)) {
            try files.append(captured("manifest/" + name))
        }
        try takeSideFiles(&files)
        return Result(nodeID: nodeID, state: state, files: files.sorted { $0.path < $1.path })
    }

    // MARK: Segments

    private func takeSegments(_ files: inout [CapturedFile]) throws -> ManifestState {
        var taken: [UInt64: [CapturedFile]] = [:], folders = Set<String>()
        for _ in 0..<Self.maximumAttemptCount {
            let state = try manifestState()
            // The youngest are merged soonest.
            let missing = state.segments.values.filter { taken[$0.sequence] == nil }.sorted { $0.sequence > $1.sequence }
            if try take(missing, &taken, &folders) {
                for (sequence, gone) in taken where state.segments[sequence] == nil {
                    for file in gone { try fileSystem.remove(FilePath.join(target, file.path)) }
                    taken[sequence] = nil
                }
                files += taken.values.joined()
                return state
            }
        }
        throw StoreError(.busy, "segments were merged faster than they could be taken; try again")
    }

    /// False where a file has gone.
    private func take(
        _ segments: [SegmentDescriptor], _ taken: inout [UInt64: [CapturedFile]], _ folders: inout Set<String>
    ) throws -> Bool {
        for segment in segments {
            var files = [
                CapturedFile(
                    path: StoreFileNames.spans(segment.partition, segment.sequence), byteCount: segment.spanFileByteCount, isSegment: true)
            ]
            if segment.payloadFileByteCount > 0 {
                files.append(
                    CapturedFile(
                        path: StoreFileNames.payloads(segment.partition, segment.sequence), byteCount: segment.payloadFileByteCount,
                        isSegment: true))
            }
            for (place, file) in files.enumerated() {
                let folder = FilePath.parent(of: FilePath.join(target, file.path))
                if folders.insert(folder).inserted { try fileSystem.createDirectory(folder) }
                guard try linkOrCopy(file.path) else {
                    for other in files[..<place] { try fileSystem.remove(FilePath.join(target, other.path)) }
                    if try manifestState().segments[segment.sequence] != nil, try !fileSystem.exists(FilePath.join(root, file.path)) {
                        throw StoreError(.corrupt, "\(root)/\(file.path) is missing; run `spandrel inspect store`")
                    }
                    return false
                }
                guard try fileSystem.size(of: FilePath.join(target, file.path)) == file.byteCount else {
                    throw StoreError(.corrupt, "\(root)/\(file.path) is not whole; run `spandrel inspect store`")
                }
            }
            taken[segment.sequence] = files
        }
        return true
    }

    /// False where there is no such file.
    private func linkOrCopy(_ path: String) throws -> Bool {
        let source = FilePath.join(root, path), target = FilePath.join(target, path)
        do throws(FileSystemError) {
            try fileSystem.link(source, to: target)
            return true
        } catch {
            switch error.code {
            case .notFound: return false
            case .noSpace, .io, .exists: throw error
            // A file system without second names for files.
            case .permission, .locked, .other: break
            }
        }
        do throws(FileSystemError) {
            try fileSystem.copy(source, to: target)
            return true
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
    }

    /// As a start would read it. While the server begins a new manifest file, the one before goes.
    private func manifestState() throws(StoreError) -> ManifestState {
        var last: StoreError?
        for _ in 0..<Self.maximumReadCount {
            do throws(StoreError) {
                let recovery = ManifestRecovery(fileSystem: fileSystem, directory: StoreFileNames.manifest(root))
                return try recovery.run().contents?.state ?? ManifestState()
            } catch {
                if error.code == .newerFormat { throw error }
                last = error
            }
        }
        throw last ?? StoreError(.busy, "the manifest could not be read")
    }

    // MARK: What lies beside

    /// Refused spans, receipts, and what recoveries have put aside: copies of what is whole of them, as they are appended to.
    private func takeSideFiles(_ files: inout [CapturedFile]) throws {
        for folder in [StoreFileNames.quarantine(""), StoreFileNames.receipts("")].map({ String($0.dropFirst()) }) {
            for name in try fileSystem.files(below: FilePath.join(root, folder)) where !name.hasSuffix(".tmp") {
                let path = folder + "/" + name
                do throws(FileSystemError) {
                    let bytes = try wholeContent(of: path)
                    try fileSystem.createDirectory(FilePath.parent(of: FilePath.join(target, path)))
                    try write(bytes, path)
                    files.append(CapturedFile(path: path, byteCount: bytes.count, isSegment: false))
                } catch {
                    // Too old, or replaced meanwhile by one that is shorter.
                    if error.code != .notFound { throw error }
                }
            }
        }
    }

    private func wholeContent(of path: String) throws(FileSystemError) -> [UInt8] {
        let source = FilePath.join(root, path)
        func read() throws(FileSystemError) -> [UInt8] { try fileSystem.readWhole(source, maximumByteCount: 1 << 30) }
        var bytes = try read()
        if path.hasSuffix(".receipts") { return Array(bytes.prefix(ReceiptBlockCoding.wholeByteCount(of: bytes))) }
        guard path.hasSuffix(".rejected") else { return bytes }
        for _ in 0..<Self.maximumReadCount {
            if RejectedSpanCoding.decode(bytes, ids: 0 ..< .max).damagedRecordCount == 0 { break }
            bytes = try read()
        }
        return bytes
    }

    private func write(_ bytes: [UInt8], _ path: String) throws(FileSystemError) {
        let file = try fileSystem.open(FilePath.join(target, path), .create)
        defer { file.close() }
        try file.write(bytes, at: 0)
        try file.synchronizeData()
    }

    private func captured(_ path: String) throws(FileSystemError) -> CapturedFile {
        CapturedFile(path: path, byteCount: try fileSystem.size(of: FilePath.join(target, path)), isSegment: false)
    }
}

/// A file that was taken.
package struct CapturedFile: Sendable, Hashable {
    /// Relative to the store's folder.
    package var path: String
    package var byteCount: Int
    /// Of a segment: never changes, and its name is never used again.
    package var isSegment: Bool

    package init(path: String, byteCount: Int, isSegment: Bool) {
        self.path = path
        self.byteCount = byteCount
        self.isSegment = isSegment
    }
}

extension ReceiptBlockCoding {
    /// Bytes up to where the last block ends that is whole: what stands behind is being written, or was when a process ended.
    static func wholeByteCount(of bytes: [UInt8]) -> Int {
        var end = fileHeaderByteCount
        while end + headerByteCount <= bytes.count, let header = header(Array(bytes[end..<end + headerByteCount])) {
            let next = end + headerByteCount + header.payloadByteCount
            guard next <= bytes.count, isWhole(Array(bytes[end + headerByteCount..<next]), header) else { break }
            end = next
        }
        return min(end, bytes.count)
    }
}
