/// Folders with what is in them: listing, copying a file, removing.

extension FileSystem {
    /// Every file below a folder, sorted; paths are relative to it. None where there is no such folder; what goes away meanwhile is left
    /// out.
    package func files(below directory: String) throws(FileSystemError) -> [String] {
        var found: [String] = []
        for name in try namesIfPresent(directory) {
            let path = FilePath.join(directory, name)
            // Only of a folder can the names be listed.
            if (try? list(path)) != nil {
                found += try files(below: path).map { name + "/" + $0 }
            } else {
                found.append(name)
            }
        }
        return found.sorted()
    }

    private func namesIfPresent(_ directory: String) throws(FileSystemError) -> [String] {
        do throws(FileSystemError) { return try list(directory) } catch {
            if error.code == .notFound { return [] }
            throw error
        }
    }

    /// Writes a new file with the content of another, as far as it goes when it is read, and makes it durable; its name is the caller's to
    /// make durable. Answers the number of bytes.
    ///
    /// - Parameter observe: gets every piece, in order.
    @discardableResult
    package func copy(
        _ source: String, to target: String, observe: (UnsafeRawBufferPointer) -> Void = { _ in }
    ) throws(FileSystemError) -> Int {
        let from = try open(source, .read)
        defer { from.close() }
        let into = try open(target, .create)
        defer { into.close() }
        var offset = 0
        while true {
            let piece = try from.read(count: copyPieceByteCount, at: offset)
            if piece.isEmpty { break }
            piece.withUnsafeBytes { observe($0) }
            try into.write(piece, at: offset)
            offset += piece.count
        }
        try into.synchronizeData()
        return offset
    }

    /// Hands over a file's content piece by piece; answers the number of bytes.
    @discardableResult
    package func read(_ path: String, observe: (UnsafeRawBufferPointer) -> Void) throws(FileSystemError) -> Int {
        let file = try open(path, .read)
        defer { file.close() }
        var offset = 0
        while true {
            let piece = try file.read(count: copyPieceByteCount, at: offset)
            if piece.isEmpty { return offset }
            piece.withUnsafeBytes { observe($0) }
            offset += piece.count
        }
    }

    /// Removes a folder and everything in it. One that is not there is fine.
    package func removeTree(_ directory: String) throws(FileSystemError) {
        guard try exists(directory) else { return }
        for name in try list(directory) {
            let path = FilePath.join(directory, name)
            if (try? list(path)) != nil { try removeTree(path) } else { try remove(path) }
        }
        try removeDirectory(directory)
    }
}

/// Held in memory at a time by a copy.
private let copyPieceByteCount = 1 << 20
