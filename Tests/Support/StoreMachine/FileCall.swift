import FileSystem

/// One call of a store to its file system, as tests count, fail, end and record it.
package struct FileCall: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case open, create, list, createDirectory, remove, removeDirectory, rename, link, synchronizeDirectory, look, lock
        case read, write, synchronize, writeback, truncate

        /// Whether it may change what is on the disk.
        package var changes: Bool {
            switch self {
            case .create, .createDirectory, .remove, .removeDirectory, .rename, .link, .synchronizeDirectory, .write, .synchronize,
                .truncate:
                true
            case .open, .list, .look, .lock, .read, .writeback: false
            }
        }
    }

    package var kind: Kind
    package var path: String
    /// Of a rename or a second name.
    package var target: String?
    /// Of a write.
    package var byteCount = 0
    /// Of a write: its first bytes.
    package var start: [UInt8] = []

    package init(_ kind: Kind, _ path: String, target: String? = nil, byteCount: Int = 0, start: [UInt8] = []) {
        self.kind = kind
        self.path = path
        self.target = target
        self.byteCount = byteCount
        self.start = start
    }

    /// The write of a group of the log whose flags say so (`WALGroupHeader`).
    private var isOfCopies: Bool {
        kind == .write && path.hasSuffix(".wal") && start.starts(with: Array("SPWG".utf8)) && start.dropFirst(20).first == 2
    }

    /// The step of the store that the call belongs to: what is done, and to which of its folders.
    package func step(below root: String) -> String {
        func place(_ path: String) -> String {
            let backup = BackupFolder.of(root)
            if path.hasPrefix(backup) { return "backup " + inside(path.hasPrefix(backup + "/store/") ? backup + "/store" : backup, path) }
            return inside(root, path)
        }
        func inside(_ root: String, _ path: String) -> String {
            let relative = path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path == root ? "." : path
            let parts = relative.split(separator: "/")
            guard let top = parts.first else { return "." }
            switch top {
            case "temporary":
                return parts.count == 1 ? "temporary" : relative.hasSuffix(".spans") ? "temporary spans" : "temporary payloads"
            case "manifest" where parts.count > 1: return parts[1].hasPrefix("CURRENT") ? "manifest/CURRENT" : "manifest file"
            case "wal" where parts.count > 1: return parts[1].hasSuffix(".wal") ? "log file" : "log " + parts[1].replacing(".tmp", with: "")
            default: return String(top)
            }
        }
        return kind.rawValue + " " + (isOfCopies ? "log copies" : place(path)) + (target.map { " -> " + place($0) } ?? "")
    }
}

/// What becomes of a call.
package enum FileVerdict: Sendable {
    case proceed
    case fail(FileSystemError)
    /// Of a write: so many bytes go through before it fails.
    case failAfter(Int, FileSystemError)
}

/// Is asked before every call and told after it.
package protocol FileObserver: Sendable {
    func verdict(on call: FileCall) -> FileVerdict
    func finished(_ call: FileCall, failed: Bool)
}

/// A file system whose calls go past an observer first.
package final class ObservedFileSystem: FileSystem {
    private let base: any FileSystem
    private let observer: any FileObserver

    package init(_ base: any FileSystem, _ observer: any FileObserver) {
        self.base = base
        self.observer = observer
    }

    package func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File {
        var isNew = mode == .create
        if case .readWriteCreating = mode { isNew = !((try? base.exists(path)) ?? false) }
        let file = try observer.perform(FileCall(isNew ? .create : .open, path)) { () throws(FileSystemError) in try base.open(path, mode) }
        return ObservedFile(file, observer)
    }

    package func list(_ path: String) throws(FileSystemError) -> [String] {
        try observer.perform(FileCall(.list, path)) { () throws(FileSystemError) in try base.list(path) }
    }

    package func createDirectory(_ path: String) throws(FileSystemError) {
        try observer.perform(FileCall(.createDirectory, path)) { () throws(FileSystemError) in try base.createDirectory(path) }
    }

    package func remove(_ path: String) throws(FileSystemError) {
        try observer.perform(FileCall(.remove, path)) { () throws(FileSystemError) in try base.remove(path) }
    }

    package func removeDirectory(_ path: String) throws(FileSystemError) {
        try observer.perform(FileCall(.removeDirectory, path)) { () throws(FileSystemError) in try base.removeDirectory(path) }
    }

    package func rename(_ from: String, to: String) throws(FileSystemError) {
        try observer.perform(FileCall(.rename, from, target: to)) { () throws(FileSystemError) in try base.rename(from, to: to) }
    }

    package func link(_ from: String, to: String) throws(FileSystemError) {
        try observer.perform(FileCall(.link, from, target: to)) { () throws(FileSystemError) in try base.link(from, to: to) }
    }

    package func synchronizeDirectory(_ path: String) throws(FileSystemError) {
        try observer.perform(FileCall(.synchronizeDirectory, path)) { () throws(FileSystemError) in try base.synchronizeDirectory(path) }
    }

    package func size(of path: String) throws(FileSystemError) -> Int {
        try observer.perform(FileCall(.look, path)) { () throws(FileSystemError) in try base.size(of: path) }
    }

    package func exists(_ path: String) throws(FileSystemError) -> Bool {
        try observer.perform(FileCall(.look, path)) { () throws(FileSystemError) in try base.exists(path) }
    }

    package func space(at path: String) throws(FileSystemError) -> DiskSpace {
        try observer.perform(FileCall(.look, path)) { () throws(FileSystemError) in try base.space(at: path) }
    }

    package func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock {
        try observer.perform(FileCall(.lock, path)) { () throws(FileSystemError) in try base.lockDirectory(path) }
    }
}

private final class ObservedFile: File {
    private let base: any File
    private let observer: any FileObserver

    init(_ base: any File, _ observer: any FileObserver) {
        self.base = base
        self.observer = observer
    }

    var path: String { base.path }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileSystemError) -> Int {
        try observer.perform(FileCall(.read, path, byteCount: buffer.count)) { () throws(FileSystemError) in
            try base.read(into: buffer, at: offset)
        }
    }

    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileSystemError) {
        try write(buffers, at: offset) { () throws(FileSystemError) in try base.write(buffers, at: offset) }
    }

    func writeDirectly(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileSystemError) {
        try write([bytes], at: offset) { () throws(FileSystemError) in try base.writeDirectly(bytes, at: offset) }
    }

    private func write(
        _ buffers: [UnsafeRawBufferPointer], at offset: Int, _ carryOut: () throws(FileSystemError) -> Void
    ) throws(FileSystemError) {
        let call = FileCall(
            .write, path, byteCount: buffers.reduce(0) { $0 + $1.count }, start: buffers.first.map { Array($0.prefix(24)) } ?? [])
        let verdict = observer.verdict(on: call)
        if case .fail(let error) = verdict {
            observer.finished(call, failed: true)
            throw error
        }
        guard case .failAfter(let count, let error) = verdict else {
            return try observer.carryOut(call, carryOut)
        }
        var rest = count
        let part = buffers.compactMap { buffer -> UnsafeRawBufferPointer? in
            guard rest > 0 else { return nil }
            defer { rest -= min(rest, buffer.count) }
            return UnsafeRawBufferPointer(rebasing: buffer[..<min(rest, buffer.count)])
        }
        try? base.write(part, at: offset)
        observer.finished(call, failed: true)
        throw error
    }

    func writeZeros(at offset: Int, count: Int) throws(FileSystemError) {
        let call = FileCall(.write, path, byteCount: count, start: Array(repeating: 0, count: min(16, count)))
        switch observer.verdict(on: call) {
        case .proceed: try observer.carryOut(call) { () throws(FileSystemError) in try base.writeZeros(at: offset, count: count) }
        case .fail(let error):
            observer.finished(call, failed: true)
            throw error
        case .failAfter(let part, let error):
            try? base.writeZeros(at: offset, count: part)
            observer.finished(call, failed: true)
            throw error
        }
    }

    func synchronizeData() throws(FileSystemError) {
        try observer.perform(FileCall(.synchronize, path)) { () throws(FileSystemError) in try base.synchronizeData() }
    }

    func beginWriteback(offset: Int, count: Int) throws(FileSystemError) {
        try observer.perform(FileCall(.writeback, path)) { () throws(FileSystemError) in
            try base.beginWriteback(offset: offset, count: count)
        }
    }

    func size() throws(FileSystemError) -> Int {
        try observer.perform(FileCall(.look, path)) { () throws(FileSystemError) in try base.size() }
    }

    func truncate(to size: Int) throws(FileSystemError) {
        try observer.perform(FileCall(.truncate, path)) { () throws(FileSystemError) in try base.truncate(to: size) }
    }

    func close() { base.close() }
}

extension FileObserver {
    fileprivate func perform<R>(_ call: FileCall, _ body: () throws(FileSystemError) -> R) throws(FileSystemError) -> R {
        switch verdict(on: call) {
        case .proceed: return try carryOut(call, body)
        case .fail(let error), .failAfter(_, let error):
            finished(call, failed: true)
            throw error
        }
    }

    fileprivate func carryOut<R>(_ call: FileCall, _ body: () throws(FileSystemError) -> R) throws(FileSystemError) -> R {
        do throws(FileSystemError) {
            let result = try body()
            finished(call, failed: false)
            return result
        } catch {
            finished(call, failed: true)
            throw error
        }
    }
}
