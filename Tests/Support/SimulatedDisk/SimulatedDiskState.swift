import FileSystem
import Glibc
import SeededRandom

/// What a simulated disk consists of: names as they are and as a crash would leave them, contents, and the plan of faults.
extension SimulatedDisk {
    enum NameChange {
        case set(String, inode: Int)
        case remove(String)
        case rename(String, to: String, inode: Int)
    }

    struct State {
        var generator: SeededGenerator
        var inodes: [Int: SimulatedInode] = [:]
        var nextInode = 1
        var names: [String: Int] = [:]
        var directories: Set<String> = ["/", "."]
        var durableNames: [String: Int] = [:]
        /// Changes of names not yet durable, by directory, in order.
        var pendingNames: [String: [NameChange]] = [:]
        var operationCount = 0
        var crashAt: Int?
        var faultAt: [Int: Fault] = [:]
        var rates = FaultRates()
        /// Where reads fail while the rates are as they are: the same place every time, whoever reads first.
        var readSeed: UInt64 = 0
        var capacity = Int.max
        var canLink = true
        var isDown = false
        /// Handles and locks of an earlier run are dead.
        var epoch = 0
        var locks: Set<String> = []
    }
}

extension SimulatedDisk.State {
    /// Of files that have a name: a removed one's bytes are free at once.
    var usedByteCount: Int { Set(names.values).reduce(0) { $0 + (inodes[$1]?.cached.count ?? 0) } }

    mutating func change(_ change: SimulatedDisk.NameChange, in directory: String) {
        Self.apply(change, to: &names)
        pendingNames[directory, default: []].append(change)
        dropUnnamed()
    }

    mutating func makeDurable(_ change: SimulatedDisk.NameChange) { Self.apply(change, to: &durableNames) }

    private static func apply(_ change: SimulatedDisk.NameChange, to names: inout [String: Int]) {
        switch change {
        case .set(let path, let inode): names[path] = inode
        case .remove(let path): names[path] = nil
        case .rename(let from, let to, let inode):
            if names[from] == inode { names[from] = nil }
            names[to] = inode
        }
    }

    /// Content lives as long as a name, durable or not, may lead to it.
    private mutating func dropUnnamed() {
        guard inodes.count > 64 else { return }
        var alive = Set(names.values).union(durableNames.values)
        for changes in pendingNames.values {
            for change in changes {
                switch change {
                case .set(_, let inode), .rename(_, _, let inode): alive.insert(inode)
                case .remove: break
                }
            }
        }
        inodes = inodes.filter { alive.contains($0.key) }
    }

    mutating func restart() {
        epoch += 1
        locks = []
        isDown = false
        crashAt = nil
    }

    func readFails(inode: Int, offset: Int) -> Bool {
        guard rates.readOneIn > 0 else { return false }
        var generator = SeededGenerator(seed: readSeed ^ UInt64(inode) << 40 ^ UInt64(offset))
        return generator.oneIn(rates.readOneIn)
    }

    /// Throws if this operation is to fail, by plan or by chance.
    mutating func maybeFail(_ operation: String, _ path: String, isName: Bool = false, oneIn rate: Int = 0) throws(FileSystemError) {
        let rate = isName ? rates.nameOneIn : rate
        let planned = faultAt.removeValue(forKey: operationCount)
        if planned == .noSpace { throw FileSystemError(operation: operation, path: path, errno: ENOSPC) }
        if planned == .io || (rate > 0 && generator.oneIn(rate)) { throw FileSystemError(operation: operation, path: path, errno: EIO) }
    }
}
