import ByteCoding
import FileSystem

/// Overwrites files of the log with zeros once a deletion asks for it and nothing in them is needed any more.
///
/// What is to be scrubbed are all files up to a number, which stands in the file `scrub` of the log's folder until all are done, so that
/// it is not forgotten by a restart. A file's header goes first, durably: a start that finds such a file takes it for one that was being
/// recycled, and misses none of its entries. Oldest first, as files are recycled. Log's thread only.
struct WALScrubber {
    static let fileName = "scrub"
    /// Written at a time, so that an entry that comes meanwhile waits a few milliseconds.
    private static let stepByteCount = 4 << 20

    private let fileSystem: any FileSystem
    private let directory: String
    /// Files up to this one; nil where nothing is to be scrubbed.
    private var throughFile: UInt64?
    private var done: Set<UInt64> = []
    /// The file under way and how much of it is zero.
    private var current: (number: UInt64, byteCount: Int)?
    private(set) var scrubbedFileCount = 0

    init(fileSystem: any FileSystem, directory: String) {
        self.fileSystem = fileSystem
        self.directory = directory
        // One that cannot be read says the most: every file that is there.
        let path = FilePath.join(directory, Self.fileName)
        guard (try? fileSystem.exists(path)) ?? false else { return }
        let text = (try? fileSystem.readWhole(path, maximumByteCount: 64)).map { String(decoding: $0, as: UTF8.self) }
        throughFile = text.flatMap { UInt64($0.filter { !$0.isWhitespace }) } ?? .max
    }

    mutating func begin(throughFile number: UInt64) throws(FileSystemError) {
        try fileSystem.replace(FilePath.join(directory, Self.fileName), with: Array("\(number)\n".utf8))
        throughFile = number
        done = []
        current = nil
    }

    /// The first file that is to be scrubbed and is not yet; nil where none is.
    func firstDue(_ table: SharedWALFileTable) -> UInt64? {
        guard throughFile != nil else { return nil }
        return table.withLock { $0.numbers }.filter { isDue($0) }.min()
    }

    func isDue(_ number: UInt64) -> Bool { throughFile.map { number <= $0 } ?? false && !done.contains(number) }

    /// Some of the oldest spare file that is due. False where none is.
    mutating func step(_ table: SharedWALFileTable) throws(FileSystemError) -> Bool {
        guard throughFile != nil else { return false }
        let (spares, numbers) = table.withLock { ($0.spares, $0.numbers) }
        if let spare = spares.filter({ isDue($0.number) }).min(by: { $0.number < $1.number }) {
            _ = try step(on: spare)
            return true
        }
        // Those that are left still hold entries that are not sealed.
        if numbers.contains(where: { isDue($0) }) { return false }
        try fileSystem.remove(FilePath.join(directory, Self.fileName))
        throughFile = nil
        done = []
        return false
    }

    /// Some of a file; true once it is all zeros, durably.
    mutating func step(on spare: WALFileTable.Spare) throws(FileSystemError) -> Bool {
        let path = FilePath.join(directory, WALFileName.name(of: spare.number))
        let file = try fileSystem.open(path, .readWrite)
        defer { file.close() }
        let size = try file.size()
        var start = current?.number == spare.number ? current?.byteCount ?? 0 : 0
        if start == 0 {
            start = min(size, WALFileHeader.pageByteCount)
            try file.writeZeros(at: 0, count: start)
            try file.synchronizeData()
        }
        let end = min(size, start + Self.stepByteCount)
        try file.writeZeros(at: start, count: end - start)
        current = (spare.number, end)
        guard end == size else {
            try file.beginWriteback(offset: start, count: end - start)
            return false
        }
        try file.synchronizeData()
        current = nil
        done.insert(spare.number)
        scrubbedFileCount += 1
        return true
    }
}
