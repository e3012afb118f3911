import FileSystem
import Synchronization

/// A store's disk that says of itself to be as full as a history wants it, and emptier as the store's files go.
package final class GaugedFileSystem: FileSystem {
    private let base: any FileSystem
    package let root: String
    /// What the disk says while nothing else is wanted; nil: what it says of itself.
    private let plainSpace: DiskSpace?
    private let capacityByteCount = Mutex<Int?>(nil)

    /// - Parameter isReal: a disk that others fill as well: what it says plays no part.
    package init(_ base: any FileSystem, root: String, isReal: Bool) {
        self.base = base
        self.root = root
        plainSpace = isReal ? DiskSpace(capacityByteCount: 1 << 40, freeByteCount: 1 << 40) : nil
    }

    /// With what the store has now, so much of the disk is in use; nil: as it is.
    func setUsedPercent(_ percent: Int?) throws(FileSystemError) {
        guard let percent else { return capacityByteCount.withLock { $0 = nil } }
        let used = try usedByteCount()
        capacityByteCount.withLock { $0 = max(1, used * 100 / percent) }
    }

    /// Whether it says another size than it has.
    var isSmall: Bool { capacityByteCount.withLock { $0 != nil } }

    private func usedByteCount() throws(FileSystemError) -> Int {
        var sum = 0
        for path in try base.files(below: root) {
            do throws(FileSystemError) { sum += try base.size(of: root + "/" + path) } catch {
                if error.code != .notFound { throw error }
            }
        }
        return sum
    }

    package func space(at path: String) throws(FileSystemError) -> DiskSpace {
        guard let capacity = capacityByteCount.withLock({ $0 }) else {
            if let plainSpace { return plainSpace }
            return try base.space(at: path)
        }
        return DiskSpace(capacityByteCount: capacity, freeByteCount: max(0, capacity - (try usedByteCount())))
    }

    package func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File { try base.open(path, mode) }
    package func list(_ path: String) throws(FileSystemError) -> [String] { try base.list(path) }
    package func createDirectory(_ path: String) throws(FileSystemError) { try base.createDirectory(path) }
    package func remove(_ path: String) throws(FileSystemError) { try base.remove(path) }
    package func removeDirectory(_ path: String) throws(FileSystemError) { try base.removeDirectory(path) }
    package func rename(_ from: String, to: String) throws(FileSystemError) { try base.rename(from, to: to) }
    package func link(_ from: String, to: String) throws(FileSystemError) { try base.link(from, to: to) }
    package func synchronizeDirectory(_ path: String) throws(FileSystemError) { try base.synchronizeDirectory(path) }
    package func size(of path: String) throws(FileSystemError) -> Int { try base.size(of: path) }
    package func exists(_ path: String) throws(FileSystemError) -> Bool { try base.exists(path) }
    package func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock { try base.lockDirectory(path) }
}
