import FileSystem
import Synchronization

/// A file of zeros that is there to be given up: a full disk on which nothing can be written cannot delete either.
///
/// Written out, because a hole in a file takes no blocks. Grown a step at a time on the disk queue; any thread that meets a full disk on
/// behalf of a deletion gives it up.
final class Ballast: Sendable {
    private let fileSystem: any FileSystem
    private let path: String
    private let known = Mutex(Known())

    private struct Known {
        /// On disk; nil while nobody has looked.
        var byteCount: Int?
        var givenUpCount = 0
    }

    init(fileSystem: any FileSystem, root: String) {
        self.fileSystem = fileSystem
        path = StoreFileNames.ballast(root)
    }

    /// As far as it is written; 0 where there is none.
    var byteCount: Int { known.withLock { size(&$0) } }

    /// How often it was given up for want of room.
    var givenUpCount: Int { known.withLock { $0.givenUpCount } }

    /// Makes room; false where there is nothing to give up.
    func giveUp() -> Bool {
        known.withLock { known in
            guard size(&known) > 0, remove(&known) else { return false }
            known.givenUpCount += 1
            return true
        }
    }

    /// Brings the file a step nearer to a size; 0 removes it. A disk that has no room for it after all gets back what was written.
    func approach(_ byteCount: Int, stepByteCount: Int) throws(FileSystemError) {
        try known.withLock { (known) throws(FileSystemError) in
            let written = size(&known)
            if byteCount == 0 || byteCount < written {
                _ = remove(&known)
                return
            }
            do throws(FileSystemError) {
                let file = try fileSystem.open(path, .readWriteCreating)
                defer { file.close() }
                let count = min(stepByteCount, byteCount - written)
                try file.writeZeros(at: written, count: count)
                try file.synchronizeData()
                if written == 0 { try fileSystem.synchronizeDirectory(FilePath.parent(of: path)) }
                known.byteCount = written + count
            } catch {
                known.byteCount = nil
                if error.code == .noSpace { _ = remove(&known) }
                throw error
            }
        }
    }

    private func size(_ known: inout Known) -> Int {
        if let byteCount = known.byteCount { return byteCount }
        // What cannot be looked at cannot be given up either.
        let byteCount = (try? fileSystem.size(of: path)) ?? 0
        known.byteCount = byteCount
        return byteCount
    }

    private func remove(_ known: inout Known) -> Bool {
        do throws(FileSystemError) {
            try fileSystem.remove(path)
        } catch {
            guard error.code == .notFound else { return false }
        }
        known.byteCount = 0
        return true
    }
}
