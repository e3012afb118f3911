import ByteCoding
import FileSystem
import Synchronization
import TraceModel

/// The manifest on disk: a log of edits, checkpointed into a new file now and then; `CURRENT` names the file in force.
///
/// `CURRENT` holds the file's name, a space, the CRC-32C of the name in eight hex digits and a newline. It is replaced by
/// rename, so after a crash one of two whole files is in force. Every open begins a new file: what it found may so far
/// live in the system's cache alone, and a checkpoint makes it durable in one stroke.
///
/// An edit that cannot be written does not take effect, and a new file without it is put in force at once, so that it
/// cannot come back. If that fails too, its outcome is undecided until a later `append` succeeds: the error says
/// `.poisoned`, and files the edit names must be kept until then.
package final class ManifestLog: Sendable {
    private let fileSystem: any FileSystem
    private let directory: String
    private let maximumEditCount: Int
    /// Frees bytes of a full disk; false where there are none to free.
    private let makeRoom: @Sendable () -> Bool
    private let writer: Mutex<Writer>
    private let published: Mutex<ManifestState>

    private struct Writer {
        var file: (any File)?
        var number: UInt64
        var salt: UInt64 = 0
        var position = 0
        var editNumber: UInt64
        /// In the file in force, the checkpoint included.
        var editCount = 0
        /// Where the checkpoint of the file in force ends.
        var checkpointEnd = 0
        /// No file may be appended to before a new one is in force: at the beginning, and when the one in force may be
        /// another than `file`.
        var needsFile = true
        /// The file in force may end in an edit that failed.
        var mayHoldFailedEdit = false
        var isClosed = false
    }

    /// Edits after which a new file is begun, once they take as many bytes as the checkpoint before them: keeps what a start has to read
    /// small, and what checkpoints write in proportion where there are many segments.
    package static let defaultMaximumEditCount = 1_000
    static let currentFileName = "CURRENT"

    /// Reads the manifest of `directory` (made if missing), or begins an empty one.
    package static func open(
        fileSystem: any FileSystem, directory: String, maximumEditCount: Int = defaultMaximumEditCount,
        makeRoom: @escaping @Sendable () -> Bool = { false }
    ) throws(StoreError) -> ManifestLog {
        do throws(FileSystemError) {
            try fileSystem.createDirectory(directory)
        } catch {
            throw StoreError(error, while: "making the manifest's folder")
        }
        let recovery = ManifestRecovery(fileSystem: fileSystem, directory: directory)
        let (contents, lastNumber) = try recovery.run()
        let log = ManifestLog(
            fileSystem: fileSystem, directory: directory, maximumEditCount: maximumEditCount, state: contents?.state ?? ManifestState(),
            makeRoom: makeRoom, writer: Writer(number: lastNumber, editNumber: contents?.editNumber ?? 0))
        try log.writer.withLock { (writer) throws(StoreError) in
            do throws(FileSystemError) {
                try log.beginFile(&writer, with: log.state)
            } catch {
                // On a full disk reading goes on with what is there; the next append tries again.
                guard error.code == .noSpace else { throw StoreError(error, while: "beginning a manifest file") }
                try recovery.settle()
            }
        }
        return log
    }

    private init(
        fileSystem: any FileSystem, directory: String, maximumEditCount: Int, state: ManifestState,
        makeRoom: @escaping @Sendable () -> Bool,
        writer: consuming Writer
    ) {
        self.makeRoom = makeRoom
        self.fileSystem = fileSystem
        self.directory = directory
        self.maximumEditCount = maximumEditCount
        self.writer = Mutex(writer)
        published = Mutex(state)
    }

    /// As of the last durable edit. Never waits for a write.
    package var state: ManifestState { published.withLock { $0 } }
    /// The same, for those who need no more.
    var segments: SegmentTable { published.withLock { $0.segments.values } }
    func contains(_ sequence: UInt64) -> Bool { published.withLock { $0.segments.contains(sequence) } }
    func promotedKeys(of project: ProjectID) -> [PromotedKey] { published.withLock { $0.promotedKeys[project] ?? [] } }
    func maskHorizonLSN(ofSegment sequence: UInt64) -> UInt64? { published.withLock { $0.rowMasks[sequence]?.horizonLSN } }

    /// Makes an edit durable and then visible in `state`. Blocks for an fdatasync; edits of several threads go one by one.
    /// On a full disk `makeRoom` is asked, and the edit is tried once more.
    /// Throws `.invalid` (does not fit, nothing happened), `.full` or `.io` (nothing happened), `.poisoned` (undecided),
    /// `.closed`.
    @discardableResult
    package func append(_ edit: ManifestEdit) throws(StoreError) -> ManifestState {
        try writer.withLock { (writer) throws(StoreError) in
            if writer.isClosed { throw StoreError(.closed, "the store is closed") }
            try published.withLock { (state) throws(StoreError) in try state.check(edit) }
            do throws(StoreError) {
                try decideAndWrite(edit, &writer)
            } catch {
                guard (error.cause as? FileSystemError)?.code == .noSpace, makeRoom() else { throw error }
                try decideAndWrite(edit, &writer)
            }
            // In place, and it was checked: edits come one by one.
            try published.withLock { (state) throws(StoreError) in try state.apply(edit) }
            if writer.editCount > maximumEditCount, writer.position >= 2 * writer.checkpointEnd {
                // The edit is durable either way. If the new file fails, the next append tries again.
                try? beginFile(&writer, with: state)
            }
            return state
        }
    }

    /// After this every call fails with `.closed`.
    package func close() {
        writer.withLock { writer in
            writer.isClosed = true
            writer.file?.close()
            writer.file = nil
        }
    }

    private func decideAndWrite(_ edit: ManifestEdit, _ writer: inout Writer) throws(StoreError) {
        if writer.needsFile { try decide(&writer) }
        try write(edit, &writer)
    }

    private func write(_ edit: ManifestEdit, _ writer: inout Writer) throws(StoreError) {
        guard let file = writer.file else { throw StoreError(.closed, "the store is closed") }
        let bytes = ManifestFile.encodeEdit(ManifestRecordCoding.encode(edit), number: writer.editNumber + 1, salt: writer.salt)
        do throws(FileSystemError) {
            try file.write(bytes, at: writer.position)
            try file.synchronizeData()
        } catch {
            writer.needsFile = true
            writer.mayHoldFailedEdit = true
            try decide(&writer)
            throw StoreError(error, while: "writing the manifest (the edit did not take effect)")
        }
        writer.position += bytes.count
        writer.editNumber += 1
        writer.editCount += 1
    }

    /// Puts a file in force that holds exactly the published state.
    private func decide(_ writer: inout Writer) throws(StoreError) {
        do throws(FileSystemError) {
            try beginFile(&writer, with: state)
        } catch {
            guard writer.mayHoldFailedEdit else { throw StoreError(error, while: "beginning a manifest file (nothing took effect)") }
            throw StoreError(
                .poisoned,
                "the manifest cannot be written, and whether its last edit took effect shows only when it can be again: \(error)",
                cause: error)
        }
    }

    /// Begins the next file with a checkpoint of `state` and puts it in force.
    private func beginFile(_ writer: inout Writer, with state: ManifestState) throws(FileSystemError) {
        writer.number += 1
        let salt = UInt64.random(in: 1...UInt64.max)
        let editNumber = writer.editNumber + 1
        let bytes =
            ManifestFile.encodeHeader(number: writer.number, salt: salt)
            + ManifestFile.encodeEdit(ManifestRecordCoding.encodeCheckpoint(of: state), number: editNumber, salt: salt)
        let name = ManifestFileName.name(of: writer.number)
        let path = FilePath.join(directory, name)
        let file: any File
        do throws(FileSystemError) {
            file = try fileSystem.open(path, .create)
            try file.write(bytes, at: 0)
            try file.synchronizeData()
            try fileSystem.synchronizeDirectory(directory)
        } catch {
            try? fileSystem.remove(path)
            throw error
        }
        // From the rename on nobody knows which file a crash would find in force, until the directory is synchronized.
        writer.needsFile = true
        try fileSystem.replace(FilePath.join(directory, Self.currentFileName), with: ManifestFileName.current(name))
        writer.file?.close()
        writer.file = file
        writer.salt = salt
        writer.position = bytes.count
        writer.checkpointEnd = bytes.count
        writer.editNumber = editNumber
        writer.editCount = 1
        writer.needsFile = false
        writer.mayHoldFailedEdit = false
        removeOldFiles(except: name)
    }

    /// Files not in force are of no use; one that cannot be removed is tried again next time.
    private func removeOldFiles(except name: String) {
        guard let names = try? fileSystem.list(directory) else { return }
        for other in names where other != name && ManifestFileName.number(of: other) != nil {
            try? fileSystem.remove(FilePath.join(directory, other))
        }
    }
}
