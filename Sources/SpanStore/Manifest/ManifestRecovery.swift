import FileSystem

/// Finds the manifest file in force and reads it.
struct ManifestRecovery {
    let fileSystem: any FileSystem
    let directory: String

    /// What the file in force holds (nil for a new store), and the highest number any manifest file has.
    func run() throws(StoreError) -> (contents: ManifestFile.Contents?, lastNumber: UInt64) {
        let names: [String]
        do throws(FileSystemError) {
            names = try fileSystem.list(directory)
        } catch {
            throw StoreError(error, while: "looking for the manifest")
        }
        let numbers = names.compactMap(ManifestFileName.number(of:))
        let lastNumber = numbers.max() ?? 0
        guard names.contains(ManifestLog.currentFileName) else {
            for number in numbers { try checkUnused(ManifestFileName.name(of: number)) }
            return (nil, lastNumber)
        }
        guard let name = ManifestFileName.named(inCurrent: try bytes(of: ManifestLog.currentFileName)) else {
            throw StoreError(
                .corrupt, "\(ManifestLog.currentFileName) in \(directory) is damaged and names no manifest file; restore it from a backup")
        }
        guard names.contains(name) else {
            throw StoreError(
                .corrupt, "\(ManifestLog.currentFileName) in \(directory) names \(name), which is missing; restore it from a backup")
        }
        let contents = try bytes(of: name).withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try ManifestFile.read(UnsafeRawBufferPointer(bytes), name: FilePath.join(directory, name))
        }
        guard ManifestFileName.name(of: contents.number) == name else {
            throw StoreError(.corrupt, "\(name) in \(directory) is another manifest file under a wrong name; restore it from a backup")
        }
        return (contents, lastNumber)
    }

    /// Makes what was read durable without needing space: its last edit may so far be in the system's cache only, and the
    /// log is about to be let go on its word. Written anew in place, because after a failed fdatasync a page counts as
    /// clean without being on disk.
    func settle() throws(StoreError) {
        do throws(FileSystemError) {
            guard try fileSystem.exists(FilePath.join(directory, ManifestLog.currentFileName)) else { return }
        } catch {
            throw StoreError(error, while: "looking for the manifest")
        }
        let current = try bytes(of: ManifestLog.currentFileName)
        guard let name = ManifestFileName.named(inCurrent: current) else { return }
        for (name, bytes) in [(name, try bytes(of: name)), (ManifestLog.currentFileName, current)] {
            do throws(FileSystemError) {
                let file = try fileSystem.open(FilePath.join(directory, name), .readWrite)
                defer { file.close() }
                try file.write(bytes, at: 0)
                try file.synchronizeData()
                try fileSystem.synchronizeDirectory(directory)
            } catch {
                throw StoreError(error, while: "making the manifest durable")
            }
        }
    }

    /// Without `CURRENT`, a manifest file is the beginning of a new store that a crash cut short, and then it holds nothing.
    /// Anything else means that `CURRENT` was lost, and beginning anew would forget every segment.
    private func checkUnused(_ name: String) throws(StoreError) {
        let bytes = try bytes(of: name)
        if bytes.count <= Self.maximumEmptyFileByteCount { return }
        throw StoreError(
            .corrupt,
            "\(directory) holds \(name) and no \(ManifestLog.currentFileName) that says which file is in force; restore it from a backup")
    }

    private func bytes(of name: String) throws(StoreError) -> [UInt8] {
        do throws(FileSystemError) {
            return try fileSystem.readWhole(FilePath.join(directory, name), maximumByteCount: Self.maximumFileByteCount)
        } catch {
            throw StoreError(error, while: "reading the manifest")
        }
    }

    /// Larger than any real manifest; keeps a damaged size from filling memory.
    private static let maximumFileByteCount = 2 << 30
    /// A new store's first file; one segment alone would make it larger.
    private static let maximumEmptyFileByteCount = ManifestFile.emptyFileByteCount
}
