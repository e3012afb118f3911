import FileSystem
import Glibc
import SeededRandom
import Synchronization

/// A handle to a simulated file: dead after `close` and after the run it was opened in.
final class SimulatedFile: File {
    let path: String
    private let disk: SimulatedDisk
    private let inode: Int
    private let epoch: Int
    private let isClosed = Atomic(false)

    init(disk: SimulatedDisk, path: String, inode: Int, epoch: Int) {
        self.disk = disk
        self.path = path
        self.inode = inode
        self.epoch = epoch
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileSystemError) -> Int {
        let bytes = try operate("read from") { (state) throws(FileSystemError) in
            try state.maybeFail("read from", path)
            guard !state.readFails(inode: inode, offset: offset) else {
                throw FileSystemError(operation: "read from", path: path, errno: EIO)
            }
            let cached = state.inodes[inode]?.cached ?? []
            guard offset < cached.count else { return [UInt8]() }
            return Array(cached[offset..<min(cached.count, offset + buffer.count)])
        }
        buffer.copyBytes(from: bytes)
        return bytes.count
    }

    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileSystemError) {
        let bytes = buffers.flatMap { Array($0) }
        try operate("write to") { (state) throws(FileSystemError) in
            let growth = max(0, offset + bytes.count - (state.inodes[inode]?.cached.count ?? 0))
            let isFull = growth > 0 && state.capacity != .max && state.usedByteCount + growth > state.capacity
            let rates = state.rates
            do throws(FileSystemError) {
                if isFull || (rates.noSpaceOneIn > 0 && state.generator.oneIn(rates.noSpaceOneIn)) {
                    throw FileSystemError(operation: "write to", path: path, errno: ENOSPC)
                }
                try state.maybeFail("write to", path, oneIn: rates.writeOneIn)
            } catch {
                // Part of it went through.
                let room = isFull ? max(0, bytes.count - growth) : bytes.count
                let count = Int.random(in: 0...room, using: &state.generator)
                bytes.withUnsafeBytes { state.inodes[inode]?.write(UnsafeRawBufferPointer(rebasing: $0[..<count]), at: offset) }
                throw error
            }
            bytes.withUnsafeBytes { state.inodes[inode]?.write($0, at: offset) }
        }
    }

    func synchronizeData() throws(FileSystemError) {
        try operate("synchronize") { (state) throws(FileSystemError) in
            do throws(FileSystemError) {
                try state.maybeFail("synchronize", path, oneIn: state.rates.synchronizeOneIn)
            } catch {
                state.inodes[inode]?.failSynchronize(&state.generator)
                throw error
            }
            state.inodes[inode]?.synchronize()
        }
    }

    func beginWriteback(offset: Int, count: Int) throws(FileSystemError) {
        try operate("write back") { _ in }
    }

    func size() throws(FileSystemError) -> Int {
        try operate("look at") { $0.inodes[inode]?.cached.count ?? 0 }
    }

    func truncate(to size: Int) throws(FileSystemError) {
        try operate("truncate") { $0.inodes[inode]?.truncate(to: size) }
    }

    func close() { isClosed.store(true, ordering: .relaxed) }

    private func operate<R: Sendable>(
        _ operation: String, _ body: (inout SimulatedDisk.State) throws(FileSystemError) -> R
    ) throws(FileSystemError) -> R {
        guard !isClosed.load(ordering: .relaxed) else {
            throw FileSystemError(.other, operation: operation, path: path, errno: EBADF, detail: "the file was closed")
        }
        return try disk.operate(operation, path, epoch: epoch, body)
    }
}
