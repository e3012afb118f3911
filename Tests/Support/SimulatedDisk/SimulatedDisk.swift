import FileSystem
import Glibc
import SeededRandom
import Synchronization

/// A disk in memory that does what real ones do at the worst moment, the same way every time for one seed.
///
/// - At a crash, unsynchronized sectors (512 bytes) are there or not, each on its own; unsynchronized names, renames and
///   removals of a directory are there up to some point.
/// - A failed synchronize leaves any part of the data on the platter and counts all of it as clean.
/// - The disk can be full, and writes, reads and synchronizes can fail, by plan (`fail(atOperation:)`) or by chance.
/// - `crash(atOperation:)` stops the machine in the middle of that operation; every later one fails until `restart`.
package final class SimulatedDisk: FileSystem {
    package let seed: UInt64
    private let state: Mutex<State>

    package struct FaultRates: Sendable {
        /// One in so many writes fails half-way with an I/O error; 0: none.
        package var writeOneIn = 0
        /// One in so many synchronizes (of files) fails; 0: none.
        package var synchronizeOneIn = 0
        /// One in so many writes finds the disk full, half-way; 0: none.
        package var noSpaceOneIn = 0
        /// One in so many operations on names (create, rename, remove, synchronize directory) fails; 0: none.
        package var nameOneIn = 0
        /// Reads of one in so many places fail; 0: none.
        package var readOneIn = 0

        package init() {}
    }

    package enum Fault: Sendable {
        case io
        case noSpace
    }

    package init(seed: UInt64) {
        self.seed = seed
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    private init(seed: UInt64, _ state: State) {
        self.seed = seed
        self.state = Mutex(state)
    }

    /// The same files, as a reader sees them, on a disk of their own without faults.
    package func copy() -> SimulatedDisk {
        var copy = state.withLock { $0 }
        copy.restart()
        copy.rates = FaultRates()
        copy.capacity = .max
        copy.faultAt = [:]
        return SimulatedDisk(seed: seed, copy)
    }

    // MARK: - The plan

    package var operationCount: Int { state.withLock { $0.operationCount } }
    package var isDown: Bool { state.withLock { $0.isDown } }

    /// Stops the machine in the middle of the operation of this number, counted from the disk's making.
    package func crash(atOperation number: Int?) { state.withLock { $0.crashAt = number } }

    package func fail(atOperation number: Int, with fault: Fault) { state.withLock { $0.faultAt[number] = fault } }

    package func forgetPlannedFaults() { state.withLock { $0.faultAt = [:] } }

    package func setFaultRates(_ rates: FaultRates) {
        state.withLock { state in
            state.rates = rates
            if rates.readOneIn > 0 { state.readSeed = state.generator.next() }
        }
    }

    /// Bytes of all files.
    package var usedByteCount: Int { state.withLock { $0.usedByteCount } }

    /// Whether a file can have a second name, as on most file systems.
    package func setCanLink(_ canLink: Bool) { state.withLock { $0.canLink = canLink } }

    package func setCapacity(_ byteCount: Int) { state.withLock { $0.capacity = byteCount } }

    /// The machine loses power and comes back: what was not synchronized is there or not.
    package func crash() {
        state.withLock { state in
            for inode in state.inodes.keys.sorted() { state.inodes[inode]?.crash(&state.generator) }
            for directory in state.pendingNames.keys.sorted() {
                let changes = state.pendingNames[directory] ?? []
                for change in changes.prefix(Int.random(in: 0...changes.count, using: &state.generator)) { state.makeDurable(change) }
            }
            state.pendingNames = [:]
            state.names = state.durableNames
            state.restart()
        }
    }

    /// The process dies and the machine goes on: the cache stays, handles and locks are gone.
    package func killProcess() { state.withLock { $0.restart() } }

    /// Flips bits of one byte of a file, on the platter and in the cache.
    package func corrupt(_ path: String, at offset: Int, xor mask: UInt8 = 0x40) {
        state.withLock { state in
            if let inode = state.names[path] { state.inodes[inode]?.corrupt(at: offset, xor: mask) }
        }
    }

    /// The content of a file as a reader sees it; nil if there is none. Counts as no operation.
    package func content(of path: String) -> [UInt8]? {
        state.withLock { state in state.names[path].flatMap { state.inodes[$0]?.cached } }
    }

    // MARK: - FileSystem

    package func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File {
        try operate("open", path) { (state) throws(FileSystemError) in
            let exists = state.names[path] != nil
            switch mode {
            case .read, .readWrite:
                guard exists else { throw FileSystemError(operation: "open", path: path, errno: ENOENT) }
            case .create:
                guard !exists else { throw FileSystemError(operation: "create", path: path, errno: EEXIST) }
            case .readWriteCreating: break
            }
            if !exists {
                guard state.directories.contains(FilePath.parent(of: path)) else {
                    throw FileSystemError(operation: "create", path: path, errno: ENOENT)
                }
                try state.maybeFail("create", path, isName: true)
                let inode = state.nextInode
                state.nextInode += 1
                state.inodes[inode] = SimulatedInode()
                state.change(.set(path, inode: inode), in: FilePath.parent(of: path))
            }
            guard let inode = state.names[path] else { throw FileSystemError(operation: "open", path: path, errno: ENOENT) }
            return SimulatedFile(disk: self, path: path, inode: inode, epoch: state.epoch)
        }
    }

    package func list(_ path: String) throws(FileSystemError) -> [String] {
        try operate("list", path) { (state) throws(FileSystemError) in
            guard state.directories.contains(path) else { throw FileSystemError(operation: "list", path: path, errno: ENOENT) }
            let files = state.names.keys.filter { FilePath.parent(of: $0) == path }
            let folders = state.directories.filter { $0 != path && FilePath.parent(of: $0) == path }
            return (files + folders).map { FilePath.name(of: $0) }.sorted()
        }
    }

    /// Directories are durable at once, as the protocol says.
    package func createDirectory(_ path: String) throws(FileSystemError) {
        try operate("create directory", path) { state in
            var path = path
            while state.directories.insert(path).inserted { path = FilePath.parent(of: path) }
        }
    }

    package func remove(_ path: String) throws(FileSystemError) {
        try operate("remove", path) { (state) throws(FileSystemError) in
            guard state.names[path] != nil else { throw FileSystemError(operation: "remove", path: path, errno: ENOENT) }
            try state.maybeFail("remove", path, isName: true)
            state.change(.remove(path), in: FilePath.parent(of: path))
        }
    }

    package func removeDirectory(_ path: String) throws(FileSystemError) {
        try operate("remove directory", path) { (state) throws(FileSystemError) in
            guard state.directories.contains(path) else { throw FileSystemError(operation: "remove directory", path: path, errno: ENOENT) }
            let isEmpty = !state.names.keys.contains { FilePath.parent(of: $0) == path }
            guard isEmpty else { throw FileSystemError(operation: "remove directory", path: path, errno: ENOTEMPTY) }
            // Durable at once, like its making; and then so is that nothing was left in it.
            for change in state.pendingNames.removeValue(forKey: path) ?? [] { state.makeDurable(change) }
            state.directories.remove(path)
        }
    }

    package func rename(_ from: String, to: String) throws(FileSystemError) {
        try operate("rename", from) { (state) throws(FileSystemError) in
            guard let inode = state.names[from] else { throw FileSystemError(operation: "rename", path: from, errno: ENOENT) }
            try state.maybeFail("rename", from, isName: true)
            let source = FilePath.parent(of: from)
            let target = FilePath.parent(of: to)
            if source == target {
                state.change(.rename(from, to: to, inode: inode), in: source)
            } else {
                state.change(.set(to, inode: inode), in: target)
                state.change(.remove(from), in: source)
            }
        }
    }

    package func link(_ from: String, to: String) throws(FileSystemError) {
        try operate("link", from) { (state) throws(FileSystemError) in
            guard let inode = state.names[from] else { throw FileSystemError(operation: "link", path: from, errno: ENOENT) }
            guard state.names[to] == nil else { throw FileSystemError(operation: "link", path: to, errno: EEXIST) }
            guard state.directories.contains(FilePath.parent(of: to)) else {
                throw FileSystemError(operation: "link", path: to, errno: ENOENT)
            }
            guard state.canLink else { throw FileSystemError(operation: "link", path: from, errno: EXDEV) }
            try state.maybeFail("link", from, isName: true)
            state.change(.set(to, inode: inode), in: FilePath.parent(of: to))
        }
    }

    package func synchronizeDirectory(_ path: String) throws(FileSystemError) {
        try operate("synchronize directory", path) { (state) throws(FileSystemError) in
            guard state.directories.contains(path) else {
                throw FileSystemError(operation: "synchronize directory", path: path, errno: ENOENT)
            }
            try state.maybeFail("synchronize directory", path, isName: true)
            for change in state.pendingNames.removeValue(forKey: path) ?? [] { state.makeDurable(change) }
        }
    }

    package func size(of path: String) throws(FileSystemError) -> Int {
        try operate("look at", path) { (state) throws(FileSystemError) in
            guard let inode = state.names[path], let size = state.inodes[inode]?.cached.count else {
                throw FileSystemError(operation: "look at", path: path, errno: ENOENT)
            }
            return size
        }
    }

    package func exists(_ path: String) throws(FileSystemError) -> Bool {
        try operate("look at", path) { $0.names[path] != nil || $0.directories.contains(path) }
    }

    package func space(at path: String) throws(FileSystemError) -> DiskSpace {
        try operate("look at", path) { state in
            state.capacity == .max
                ? DiskSpace(capacityByteCount: 1 << 40, freeByteCount: 1 << 40)
                : DiskSpace(capacityByteCount: state.capacity, freeByteCount: max(0, state.capacity - state.usedByteCount))
        }
    }

    package func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock {
        // The lock is made outside of the operation: one that the machine's stop discards would otherwise unlock inside of it.
        let epoch = try operate("lock", path) { (state) throws(FileSystemError) in
            guard state.locks.insert(path).inserted else {
                throw FileSystemError(.locked, operation: "lock", path: path, errno: 0, detail: "\(path) is in use by process 1")
            }
            return state.epoch
        }
        return SimulatedLock(disk: self, path: path, epoch: epoch)
    }

    fileprivate func unlock(_ path: String, epoch: Int) {
        state.withLock { state in
            if state.epoch == epoch { state.locks.remove(path) }
        }
    }

    // MARK: - Operations

    /// Counts an operation and stops the machine if it is the planned one. A file's operations also check its epoch.
    func operate<R: Sendable>(
        _ operation: String, _ path: String, epoch: Int? = nil, _ body: (inout State) throws(FileSystemError) -> R
    ) throws(FileSystemError) -> R {
        try state.withLock { (state) throws(FileSystemError) in
            guard !state.isDown, epoch == nil || epoch == state.epoch else {
                throw FileSystemError(.io, operation: operation, path: path, errno: EIO, detail: "the machine has stopped")
            }
            state.operationCount += 1
            guard state.crashAt == state.operationCount else { return try body(&state) }
            // The operation happens or not; its caller never hears of it.
            if Bool.random(using: &state.generator) { _ = try body(&state) }
            state.isDown = true
            throw FileSystemError(.io, operation: operation, path: path, errno: EIO, detail: "the machine stops")
        }
    }
}

/// A lock that ends with the run that took it.
private final class SimulatedLock: DirectoryLock {
    private let disk: SimulatedDisk
    private let path: String
    private let epoch: Int
    /// Once only: the path may be somebody else's by the time this one goes.
    private let isReleased = Atomic<Bool>(false)

    init(disk: SimulatedDisk, path: String, epoch: Int) {
        self.disk = disk
        self.path = path
        self.epoch = epoch
    }

    deinit { release() }

    func release() {
        if !isReleased.exchange(true, ordering: .acquiringAndReleasing) { disk.unlock(path, epoch: epoch) }
    }
}
