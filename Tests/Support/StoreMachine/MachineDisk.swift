import FileSystem
import Glibc
import SeededRandom
import SimulatedDisk
import Synchronization

/// The disk a machine's store lies on: files, and what can befall them.
package protocol MachineDisk: AnyObject, Sendable {
    var fileSystem: any FileSystem { get }
    var root: String { get }
    /// The process or the machine has ended in the middle of something.
    var isDown: Bool { get }
    func plan(_ fault: PlannedFault?)
    func setRates(_ rates: DiskRates)
    /// So many bytes more fit on it; nil: as many as there are.
    func setRoom(_ byteCount: Int?)
    /// The process ends; what it had open is closed. With a power cut, what was not synchronized is there or not.
    func end(isPowerCut: Bool)
    /// The same files on another disk, without faults; of the store, or of another folder beside it.
    func copy(ofStore root: String) throws -> any MachineDisk
    /// Whether others fill it as well.
    var isReal: Bool { get }
    func flip(_ path: String, at offset: Int, mask: UInt8) throws
    func discard()
    /// What the process holds open of the disk's files; nil where nobody can tell.
    var openFileCount: Int? { get }
}

extension MachineDisk {
    func copy() throws -> any MachineDisk { try copy(ofStore: root) }

    /// Relative paths of all files, sorted.
    func files() throws -> [String] { try StoreCheck.files(fileSystem, root, "") }

    /// Writes all files into a folder of this machine, to be looked at.
    package func keep(in folder: String) throws {
        for path in try files() {
            try LocalFileSystem().createDirectory(FilePath.parent(of: folder + "/" + path))
            let source = try fileSystem.open(root + "/" + path, .read)
            let target = try LocalFileSystem().open(folder + "/" + path, .readWriteCreating)
            defer { target.close() }
            try target.write(source.read(count: source.size(), at: 0), at: 0)
        }
    }
}

/// A disk in memory.
package final class SimulatedMachineDisk: MachineDisk {
    private let disk: SimulatedDisk
    package let root: String
    private let planned = Mutex<PlannedFault?>(nil)

    package init(seed: UInt64) {
        disk = SimulatedDisk(seed: seed)
        root = "/data/store"
    }

    private init(_ disk: SimulatedDisk, root: String) {
        self.disk = disk
        self.root = root
    }

    package var isReal: Bool { false }

    package var fileSystem: any FileSystem { disk }
    package var isDown: Bool { disk.isDown }
    package var openFileCount: Int? { nil }

    package func plan(_ fault: PlannedFault?) {
        planned.withLock { $0 = fault }
        disk.crash(atOperation: nil)
        disk.forgetPlannedFaults()
        switch fault {
        case nil: break
        case .powerCut(let calls), .killed(let calls): disk.crash(atOperation: disk.operationCount + calls)
        case .io(let calls): disk.fail(atOperation: disk.operationCount + calls, with: .io)
        case .noSpace(let calls): disk.fail(atOperation: disk.operationCount + calls, with: .noSpace)
        }
    }

    package func setRates(_ rates: DiskRates) {
        var all = SimulatedDisk.FaultRates()
        all.writeOneIn = rates.write
        all.synchronizeOneIn = rates.synchronize
        all.noSpaceOneIn = rates.noSpace
        all.nameOneIn = rates.name
        all.readOneIn = rates.read
        disk.setFaultRates(all)
    }

    package func setRoom(_ byteCount: Int?) {
        disk.setCapacity(byteCount.map { disk.usedByteCount + $0 } ?? .max)
    }

    package func end(isPowerCut: Bool) { if isPowerCut { disk.crash() } else { disk.killProcess() } }

    package func copy(ofStore root: String) -> any MachineDisk { SimulatedMachineDisk(disk.copy(), root: root) }

    package func flip(_ path: String, at offset: Int, mask: UInt8) { disk.corrupt(root + "/" + path, at: offset, xor: mask) }

    package func discard() {}
}

/// A folder of this machine. A process that ends is one whose calls fail from then on; what it wrote stays.
package final class LocalMachineDisk: MachineDisk {
    package let root: String
    private let folder: String
    private let current: Mutex<(fileSystem: ObservedFileSystem, faults: ChanceFaults)>
    private let settings: Mutex<(seed: UInt64, rates: DiskRates, room: Int?)>

    /// `folder` is made, and removed by `discard`.
    package init(folder: String, seed: UInt64) throws {
        self.folder = folder
        root = folder + "/store"
        try LocalFileSystem().createDirectory(folder)
        settings = Mutex((seed, .none, nil))
        let faults = ChanceFaults(seed: seed)
        current = Mutex((ObservedFileSystem(LocalFileSystem(), faults), faults))
    }

    package var fileSystem: any FileSystem { current.withLock { $0.fileSystem } }
    package var isDown: Bool { current.withLock { $0.faults.isDown } }
    package func plan(_ fault: PlannedFault?) { current.withLock { $0.faults.plan(fault) } }

    package func setRates(_ rates: DiskRates) {
        settings.withLock { $0.rates = rates }
        current.withLock { $0.faults.setRates(rates) }
    }

    package func setRoom(_ byteCount: Int?) {
        settings.withLock { $0.room = byteCount }
        current.withLock { $0.faults.setRoom(byteCount) }
    }

    package func end(isPowerCut: Bool) {
        let (seed, rates, room) = settings.withLock { settings in
            settings.seed &+= 1
            return settings
        }
        let faults = ChanceFaults(seed: seed)
        faults.setRates(rates)
        faults.setRoom(room)
        current.withLock { current in
            current.faults.end()
            current = (ObservedFileSystem(LocalFileSystem(), faults), faults)
        }
    }

    package var isReal: Bool { true }

    package func copy(ofStore root: String) throws -> any MachineDisk {
        let copy = try LocalMachineDisk(folder: folder + "-copy", seed: 1)
        try FolderCopy.copy(root, to: copy.root)
        return copy
    }

    package func flip(_ path: String, at offset: Int, mask: UInt8) throws {
        let file = try LocalFileSystem().open(root + "/" + path, .readWrite)
        defer { file.close() }
        let byte = try file.read(count: 1, at: offset)
        try file.write(byte.map { $0 ^ mask }, at: offset)
    }

    package func discard() { FolderCopy.remove(folder) }

    package var openFileCount: Int? {
        guard let names = try? LocalFileSystem().list("/proc/self/fd") else { return nil }
        return names.count { name in
            var target = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/self/fd/" + name, &target, target.count - 1)
            return count > 0 && String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self).hasPrefix(root + "/")
        }
    }
}

/// Whole folders of real files.
package enum FolderCopy {
    package static func copy(_ from: String, to: String) throws {
        let files = LocalFileSystem()
        try files.createDirectory(to)
        for name in try files.list(from) {
            if (try? files.list(from + "/" + name)) != nil {
                try copy(from + "/" + name, to: to + "/" + name)
                continue
            }
            let source = try files.open(from + "/" + name, .read), target = try files.open(to + "/" + name, .create)
            defer {
                source.close()
                target.close()
            }
            try target.write(source.read(count: source.size(), at: 0), at: 0)
        }
    }

    package static func remove(_ folder: String) {
        let files = LocalFileSystem()
        for name in (try? files.list(folder)) ?? [] {
            let path = folder + "/" + name
            if (try? files.list(path)) != nil { remove(path) } else { try? files.remove(path) }
        }
        try? files.removeDirectory(folder)
    }
}

/// Faults of real files, planned and by chance; and the end of a process, after which nothing succeeds.
final class ChanceFaults: FileObserver {
    private struct State {
        var random: SeededGenerator
        var rates = DiskRates.none
        var room: Int?
        var plan: PlannedFault?
        var callCount = 0
        var isDown = false
        var hasEnded = false
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(random: SeededGenerator(seed: seed))) }

    var isDown: Bool { state.withLock { $0.isDown } }
    func setRates(_ rates: DiskRates) { state.withLock { $0.rates = rates } }
    func setRoom(_ byteCount: Int?) { state.withLock { $0.room = byteCount } }
    func end() { state.withLock { $0.isDown = true } }

    func plan(_ fault: PlannedFault?) {
        state.withLock { state in
            state.plan = fault
            state.callCount = 0
        }
    }

    func verdict(on call: FileCall) -> FileVerdict { state.withLock { Self.verdict(on: call, &$0) } }

    func finished(_ call: FileCall, failed: Bool) {}

    private static func verdict(on call: FileCall, _ state: inout State) -> FileVerdict {
        func error(_ number: Int32) -> FileSystemError { FileSystemError(operation: call.kind.rawValue, path: call.path, errno: number) }
        func failed(_ number: Int32) -> FileVerdict {
            guard call.kind == .write else { return .fail(error(number)) }
            return .failAfter(Int.random(in: 0...call.byteCount, using: &state.random), error(number))
        }
        guard !state.isDown else { return .fail(error(EIO)) }
        state.callCount += 1
        switch state.plan {
        case .killed(state.callCount), .powerCut(state.callCount):
            state.isDown = true
            return failed(EIO)
        case .io(state.callCount) where call.kind.changes || call.kind == .read: return failed(EIO)
        case .noSpace(state.callCount) where call.kind.changes && call.kind != .synchronize: return failed(ENOSPC)
        default: break
        }
        func happens(_ rate: Int) -> Bool { rate > 0 && state.random.oneIn(rate) }
        switch call.kind {
        case .write:
            if let room = state.room {
                guard call.byteCount <= room else { return failed(ENOSPC) }
                state.room = room - call.byteCount
            }
            return happens(state.rates.noSpace) ? failed(ENOSPC) : happens(state.rates.write) ? failed(EIO) : .proceed
        case .synchronize: return happens(state.rates.synchronize) ? failed(EIO) : .proceed
        case .create, .remove, .rename, .synchronizeDirectory: return happens(state.rates.name) ? failed(EIO) : .proceed
        case .read: return happens(state.rates.read) ? failed(EIO) : .proceed
        default: return .proceed
        }
    }
}
