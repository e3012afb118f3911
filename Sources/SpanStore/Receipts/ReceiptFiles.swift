import ByteCoding
import FileSystem
import TraceModel

/// One project's receipts on disk: numbered files of blocks (see ReceiptBlockCoding), each of one receive day and at most an eighth of what
/// is allowed. When there is too much the oldest file goes. Nothing is appended to a file of an earlier run.
struct ReceiptFiles: Sendable {
    private struct Block: Sendable {
        var payloadOffset: Int
        var header: ReceiptBlockCoding.Header
    }

    private struct Listed: Sendable {
        var number: UInt64
        var byteCount: Int
        var count = 0
        var blocks: [Block] = []

        mutating func add(_ header: ReceiptBlockCoding.Header, at payloadOffset: Int) {
            blocks.append(Block(payloadOffset: payloadOffset, header: header))
            count += header.count
        }
    }

    private let fileSystem: any FileSystem
    private let directory: String
    private let limits: ReceiptLimits
    /// Oldest first.
    private var files: [Listed] = []
    /// Whether the last file may be added to. It is opened for each addition: ten thousand projects would hold as many descriptors.
    private var hasCurrent = false
    private var currentDay: Int32 = 0
    private var nextNumber: UInt64 = 1
    /// Every receipt of the project up to here is in these files, durably, or was once. Not known before `isProven`.
    private var coveredThroughLSN: UInt64 = 0
    /// Receive time of the last of them: should a log ever begin anew at lower LSNs, its entries are younger.
    private var coveredThroughUnixNano: UInt64 = 0
    private var isProven = false

    private static let suffix = ".receipts"
    private static let fileCount = 8

    /// Reads the headers of what is there. A file that cannot be read, or is of another version, has no blocks and goes with age.
    init(fileSystem: any FileSystem, directory: String, limits: ReceiptLimits) throws(FileSystemError) {
        self.fileSystem = fileSystem
        self.directory = directory
        self.limits = limits
        guard try fileSystem.exists(directory) else { return }
        for number in try Self.numbers(fileSystem, directory) {
            files.append((try? listed(number)) ?? Listed(number: number, byteCount: 0))
            nextNumber = max(nextNumber, number + 1)
        }
    }

    private func listed(_ number: UInt64) throws(FileSystemError) -> Listed {
        let file = try fileSystem.open(path(number), .read)
        defer { file.close() }
        let byteCount = try file.size()
        var listed = Listed(number: number, byteCount: byteCount)
        guard try file.read(count: ReceiptBlockCoding.fileHeaderByteCount, at: 0) == ReceiptBlockCoding.fileHeader else { return listed }
        var offset = ReceiptBlockCoding.fileHeaderByteCount
        while offset + ReceiptBlockCoding.headerByteCount <= byteCount {
            let bytes = try file.read(count: ReceiptBlockCoding.headerByteCount, at: offset)
            guard let header = ReceiptBlockCoding.header(bytes) else { break }
            offset += ReceiptBlockCoding.headerByteCount
            guard offset + header.payloadByteCount <= byteCount else { break }
            listed.add(header, at: offset)
            offset += header.payloadByteCount
        }
        return listed
    }

    /// Whether a receipt is in these files, durably, or was once. Asked in the order of LSNs, from the oldest that the log holds.
    mutating func covers(_ receipt: ExportReceipt) -> Bool {
        if !isProven { prove(from: receipt.lsn) }
        return receipt.lsn <= coveredThroughLSN && receipt.receivedUnixNano <= coveredThroughUnixNano
    }

    /// Finds out what of the receipts from an LSN on is durable: of those before, the log has let go.
    ///
    /// A file that could not be written was given up, and the next one begins with the same receipts: from there on it proves nothing.
    private mutating func prove(from lsn: UInt64) {
        isProven = true
        var provenEnd = UInt64.max, isYoungest = true
        for listed in files.reversed() {
            guard let first = listed.blocks.first else { continue }
            var blocks = listed.blocks.prefix { $0.header.lsns.upperBound < provenEnd }
            if isYoungest { blocks = blocks.prefix(madeDurable(listed, from: lsn)) }
            if let last = blocks.last?.header {
                coveredThroughLSN = max(coveredThroughLSN, last.lsns.upperBound)
                coveredThroughUnixNano = max(coveredThroughUnixNano, last.lastReceivedUnixNano)
            }
            isYoungest = false
            provenEnd = min(provenEnd, first.header.lsns.lowerBound)
        }
    }

    /// What the process before wrote last may so far live in the system's cache alone, or be torn. Written anew in place, because after a
    /// failed fdatasync a page counts as clean without being on disk. Answers how many blocks are durable then, from the first.
    private func madeDurable(_ listed: Listed, from lsn: UInt64) -> Int {
        guard let start = listed.blocks.firstIndex(where: { $0.header.lsns.upperBound >= lsn }) else { return listed.blocks.count }
        do throws(FileSystemError) {
            let file = try fileSystem.open(path(listed.number), .readWrite)
            defer { file.close() }
            var end = start
            for block in listed.blocks[start...] {
                let offset = block.payloadOffset - ReceiptBlockCoding.headerByteCount
                let bytes = try file.read(count: ReceiptBlockCoding.headerByteCount + block.header.payloadByteCount, at: offset)
                guard ReceiptBlockCoding.isWhole(Array(bytes.dropFirst(ReceiptBlockCoding.headerByteCount)), block.header) else { break }
                try file.write(bytes, at: offset)
                end += 1
            }
            try file.synchronizeData()
            try fileSystem.synchronizeDirectory(directory)
            return end
        } catch {
            return start
        }
    }

    /// The receipt of an LSN; nil when it is not here (any more), or damaged.
    func find(_ lsn: UInt64) throws(FileSystemError) -> ExportReceipt? {
        for listed in files.reversed() {
            for block in listed.blocks.reversed() where block.header.lsns.contains(lsn) {
                let file = try fileSystem.open(path(listed.number), .read)
                defer { file.close() }
                let payload = try file.read(count: block.header.payloadByteCount, at: block.payloadOffset)
                if let receipt = ReceiptBlockCoding.receipt(lsn, in: payload, block.header) { return receipt }
            }
        }
        return nil
    }

    // MARK: Adding

    /// Makes receipts durable, which are in the order of their LSNs. Returns how many older ones had to go.
    mutating func append(_ receipts: [ExportReceipt]) throws(FileSystemError) -> Int {
        var rest = receipts[...]
        while let first = rest.first {
            let day = CalendarDay.daysSince1970(unixNano: first.receivedUnixNano)
            let ofDay = rest.prefix { CalendarDay.daysSince1970(unixNano: $0.receivedUnixNano) == day }
            rest = rest.dropFirst(ofDay.count)
            try write(ofDay, day: day)
        }
        return evict()
    }

    private mutating func write(_ receipts: ArraySlice<ExportReceipt>, day: Int32) throws(FileSystemError) {
        guard let first = receipts.first, let last = receipts.last else { return }
        let file = try currentFile(day: day, receivedUnixNano: first.receivedUnixNano)
        defer { file.close() }
        var listed = files[files.count - 1]
        let start = listed.byteCount
        var writer = ByteWriter()
        var rest = receipts
        while !rest.isEmpty {
            let block = nextBlock(of: rest)
            rest = rest.dropFirst(block.count)
            guard let header = ReceiptBlockCoding.encode(block, into: &writer) else { break }
            listed.add(header, at: start + writer.count - header.payloadByteCount)
        }
        do throws(FileSystemError) {
            try file.write(writer.bytes, at: start)
            try file.synchronizeData()
        } catch {
            // What is in the file now is not known: the next try begins another.
            giveUpCurrent()
            throw error
        }
        listed.byteCount += writer.count
        files[files.count - 1] = listed
        coveredThroughLSN = max(coveredThroughLSN, last.lsn)
        coveredThroughUnixNano = max(coveredThroughUnixNano, last.receivedUnixNano)
    }

    private func nextBlock(of receipts: ArraySlice<ExportReceipt>) -> ArraySlice<ExportReceipt> {
        var byteCount = 0, count = 0
        for receipt in receipts {
            byteCount += receipt.variableByteCount
            guard count == 0 || count < limits.maximumBlockCount && byteCount <= limits.maximumBlockByteCount else { break }
            count += 1
        }
        return receipts.prefix(count)
    }

    private mutating func currentFile(day: Int32, receivedUnixNano: UInt64) throws(FileSystemError) -> any File {
        if hasCurrent, let last = files.last, currentDay == day, last.byteCount < limits.maximumByteCount / Self.fileCount,
            last.count < max(1, limits.maximumCount / Self.fileCount)
        {
            return try fileSystem.open(path(last.number), .readWrite)
        }
        hasCurrent = false
        try fileSystem.createDirectory(directory)
        // Seconds since 1970: a file's age can be told from its name.
        let number = max(nextNumber, receivedUnixNano / 1_000_000_000)
        // Also where it fails: a file that could not be removed again must not be in the way for ever.
        nextNumber = number + 1
        let file = try fileSystem.open(path(number), .create)
        let header = ReceiptBlockCoding.fileHeader
        do throws(FileSystemError) {
            try file.write(header, at: 0)
            try file.synchronizeData()
            try fileSystem.synchronizeDirectory(directory)
        } catch {
            file.close()
            // On a full disk every try would leave an empty file.
            try? fileSystem.remove(path(number))
            throw error
        }
        files.append(Listed(number: number, byteCount: header.count))
        hasCurrent = true
        currentDay = day
        return file
    }

    private mutating func giveUpCurrent() {
        hasCurrent = false
        guard let last = files.last, last.blocks.isEmpty else { return }
        try? fileSystem.remove(path(last.number))
        files.removeLast()
    }

    // MARK: Taking away

    /// Removes the oldest files while there is too much, but never the youngest. What cannot be removed is tried again the next time.
    private mutating func evict() -> Int {
        var evictedCount = 0
        while files.count > 1, let oldest = files.first,
            files.count > limits.maximumFileCount || files.reduce(0, { $0 + $1.byteCount }) > limits.maximumByteCount
                || files.reduce(0, { $0 + $1.count }) > limits.maximumCount
        {
            guard (try? fileSystem.remove(path(oldest.number))) != nil else { break }
            evictedCount += oldest.count
            files.removeFirst()
        }
        return evictedCount
    }

    /// Removes the files of days before one.
    mutating func removeFiles(beforeDay day: Int32) throws(FileSystemError) {
        while let oldest = files.first, Self.day(of: oldest.number) < day {
            if files.count == 1 { hasCurrent = false }
            try fileSystem.remove(path(oldest.number))
            files.removeFirst()
        }
    }

    /// The same for a project whose files nobody has asked for: by their names.
    static func removeFiles(beforeDay day: Int32, _ fileSystem: any FileSystem, directory: String) throws(FileSystemError) {
        for number in try numbers(fileSystem, directory) where self.day(of: number) < day {
            try fileSystem.remove(path(number, directory))
        }
    }

    /// Takes the ids of traces out of the receipts, which stay: a file that names one is written anew and takes the old one's place.
    mutating func forget(_ traces: Set<TraceID>) throws(FileSystemError) {
        for (place, listed) in files.enumerated() where !listed.blocks.isEmpty {
            guard let changed = try without(traces, listed) else { continue }
            try fileSystem.replace(path(listed.number), with: changed.bytes)
            files[place] = changed.listed
        }
    }

    /// Nil where nothing of them is in the file. A block that cannot be read stays as it is.
    private func without(_ traces: Set<TraceID>, _ listed: Listed) throws(FileSystemError) -> (bytes: [UInt8], listed: Listed)? {
        let file = try fileSystem.open(path(listed.number), .read)
        defer { file.close() }
        var writer = ByteWriter()
        writer.append(ReceiptBlockCoding.fileHeader)
        var new = Listed(number: listed.number, byteCount: 0)
        var isChanged = false
        for block in listed.blocks {
            let payload = try file.read(count: block.header.payloadByteCount, at: block.payloadOffset)
            guard var receipts = ReceiptBlockCoding.receipts(in: payload, block.header) else {
                writer.append(
                    try file.read(
                        count: ReceiptBlockCoding.headerByteCount, at: block.payloadOffset - ReceiptBlockCoding.headerByteCount))
                new.add(block.header, at: writer.count)
                writer.append(payload)
                continue
            }
            for index in receipts.indices { isChanged = receipts[index].forget(traces) || isChanged }
            guard let header = ReceiptBlockCoding.encode(receipts[...], into: &writer) else { continue }
            new.add(header, at: writer.count - header.payloadByteCount)
        }
        new.byteCount = writer.count
        return isChanged ? (writer.bytes, new) : nil
    }

    // MARK: Names

    private static func day(of number: UInt64) -> Int32 { Int32(clamping: number / 86_400) }

    private static func numbers(_ fileSystem: any FileSystem, _ directory: String) throws(FileSystemError) -> [UInt64] {
        try fileSystem.list(directory).compactMap { name in
            name.hasSuffix(suffix) ? UInt64(name.dropLast(suffix.count)) : nil
        }.filter { $0 < .max }.sorted()
    }

    private func path(_ number: UInt64) -> String { Self.path(number, directory) }

    private static func path(_ number: UInt64, _ directory: String) -> String {
        let digits = String(number)
        return FilePath.join(directory, String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits + suffix)
    }
}
