import ByteCoding
import FileSystem
import GenAIConventions
import OTLP
import Synchronization
import TraceModel

/// Opening a store: lock, manifest, files, replay of the log, in that order.
extension SpanStore {
    /// Opens the store of a data directory, creating it if there is none. Blocks a thread while the log is replayed.
    ///
    /// Memory stays bounded however long the log is: a memtable that fills up during the replay is sealed before the
    /// replay goes on.
    package static func open(_ configuration: StoreConfiguration) throws(StoreError) -> SpanStore {
        let disk = DiskGuard(configuration.disk, fileSystem: configuration.fileSystem, root: configuration.root)
        do throws(StoreError) {
            return try open(configuration, disk)
        } catch {
            // On a full disk the store opens all the same: else nothing could ever be deleted from it.
            guard error.code == .full, giveUp(disk.ballast, for: "the start", configuration) else { throw error }
            return try open(configuration, disk)
        }
    }

    private static func open(_ configuration: StoreConfiguration, _ disk: DiskGuard) throws(StoreError) -> SpanStore {
        do {
            return try open(checked: configuration, disk)
        } catch let error as StoreError {
            throw error
        } catch let error as FileSystemError {
            throw StoreError(error, while: "opening the store")
        } catch {
            throw StoreError(.io, "opening the store failed: \(error)", cause: error)
        }
    }

    private static func open(checked configuration: StoreConfiguration, _ disk: DiskGuard) throws -> SpanStore {
        let fileSystem = configuration.fileSystem, root = configuration.root
        try fileSystem.createDirectory(root)
        let lock = try fileSystem.lockDirectory(root)
        let nodeID = try nodeID(fileSystem, root)
        try removeTemporaries(fileSystem, root)
        let manifest = try ManifestLog.open(fileSystem: fileSystem, directory: StoreFileNames.manifest(root)) {
            giveUp(disk.ballast, for: "a manifest edit", configuration)
        }
        var counters = Counters()
        let damaged = try damagedSegments(manifest.segments, configuration)
        counters.damagedSegmentCount = damaged.count
        try removeOrphans(fileSystem, root, keeping: manifest.segments)

        var walConfiguration = WALConfiguration(
            directory: StoreFileNames.wal(root), quarantineDirectory: StoreFileNames.quarantine(root) + "/wal", nodeID: nodeID)
        configuration.configureWAL(&walConfiguration)
        let compression = try CompressionQueue(recentByteCount: configuration.limits.recentPayloadByteCount)
        let writer = SegmentWriter(
            fileSystem: fileSystem, root: root, nodeID: nodeID, mappingVersion: configuration.mappingVersion,
            limits: configuration.limits)
        let receipts = ReceiptLedger(
            fileSystem: fileSystem, directory: StoreFileNames.receipts(root), limits: configuration.receiptLimits)
        var replay = StoreReplay(
            configuration: configuration,
            state: StoreState(manifest.state, damaged: damaged, fileSystem: fileSystem, root: root),
            sealer: Sealer(manifest: manifest, writer: writer, nextSequence: manifest.state.nextSequence), compression: compression,
            nodeID: nodeID, receipts: receipts)
        for request in manifest.state.recentRequests { replay.recent.restore(request) }
        let recovery = WALRecovery(fileSystem: fileSystem, configuration: walConfiguration, manifest: manifest.state)
        var report = try recovery.run { (entry: WALEntry) throws(StoreError) -> Void in try replay.apply(entry) }
        for damage in report.damages { configuration.log(.error, "the log is damaged: \(damage)") }
        let key = receiptKey(configuration)
        let quarantine = RejectedSpanQuarantine(
            fileSystem: fileSystem, directory: StoreFileNames.quarantine(root) + "/spans", log: configuration.log)
        // Last: from here on its thread works beside this one.
        let wal = try WALWriter(fileSystem: fileSystem, configuration: walConfiguration, after: report)
        // The log's own now. Kept in the report it would live as long as the process: every project with entries in every file.
        report.fileTable = WALFileTable()
        for (partition, lsn) in replay.sealed { wal.release(partition: partition, sealedLSN: lsn) }
        counters.memtablesByteCount = replay.memtablesByteCount
        return SpanStore(
            Parts(
                configuration: configuration, lock: lock, state: replay.state, sealer: replay.sealer, compression: compression,
                disk: disk, recent: replay.recent, wal: wal, recovery: report, nodeID: nodeID,
                walCapacityByteCount: walConfiguration.maximumTotalByteCount, counters: counters,
                quarantine: quarantine, receipts: receipts, receiptKey: key))
    }

    /// Eight random bytes, chosen once for the directory. Sixteen digits, so that the same rows make files of the same size everywhere.
    private static func nodeID(_ fileSystem: any FileSystem, _ root: String) throws -> UInt64 {
        let path = root + "/NODE"
        if try fileSystem.exists(path) {
            let text = String(decoding: try fileSystem.readWhole(path, maximumByteCount: 64), as: UTF8.self)
            guard let id = UInt64(text.filter { !$0.isWhitespace }, radix: 16) else {
                throw StoreError(.corrupt, "\(path) does not hold a node id")
            }
            return id
        }
        let id = UInt64.random(in: 1 << 60 ... .max)
        try fileSystem.replace(path, with: Array((String(id, radix: 16) + "\n").utf8))
        return id
    }

    /// What was being written when the process ended: segments, and small files that were about to be replaced.
    private static func removeTemporaries(_ fileSystem: any FileSystem, _ root: String) throws {
        let directory = StoreFileNames.temporary(root)
        try fileSystem.createDirectory(directory)
        for name in try fileSystem.list(directory) { try fileSystem.remove(directory + "/" + name) }
        let others = [root, StoreFileNames.wal(root), StoreFileNames.manifest(root), StoreFileNames.receipts(root)]
        for directory in others + [StoreFileNames.quarantine(root) + "/wal"] where try fileSystem.exists(directory) {
            for name in try fileSystem.list(directory) where name.hasSuffix(".tmp") { try fileSystem.remove(directory + "/" + name) }
        }
    }

    /// Segments whose files are not there or not whole: they are reported and left out, never half read. Asks for sizes, and opens nothing:
    /// a start does not wait for footers.
    private static func damagedSegments(_ segments: SegmentTable, _ configuration: StoreConfiguration) throws -> [SegmentDescriptor] {
        var damaged: [SegmentDescriptor] = []
        for descriptor in segments {
            let spans = configuration.root + "/" + StoreFileNames.spans(descriptor.partition, descriptor.sequence)
            let payloads = configuration.root + "/" + StoreFileNames.payloads(descriptor.partition, descriptor.sequence)
            func isWhole(_ path: String, _ byteCount: Int) throws -> Bool {
                do throws(FileSystemError) {
                    return try configuration.fileSystem.size(of: path) == byteCount
                } catch {
                    guard error.code == .notFound else { throw error }
                    return false
                }
            }
            guard
                try isWhole(spans, descriptor.spanFileByteCount)
                    && (descriptor.payloadFileByteCount == 0 || isWhole(payloads, descriptor.payloadFileByteCount))
            else {
                configuration.log(
                    .error, "segment \(descriptor.sequence) of \(descriptor.spanRowCount) spans is missing or not whole: \(spans)")
                damaged.append(descriptor)
                continue
            }
        }
        return damaged
    }

    /// Removes files that were renamed into place but whose manifest edit never became durable, and files of dropped
    /// segments that a crash left behind. Folder by folder: the names of all files would be a great deal of memory.
    private static func removeOrphans(_ fileSystem: any FileSystem, _ root: String, keeping segments: SegmentTable) throws {
        for top in ["spans", "payloads"] where try fileSystem.exists(root + "/" + top) {
            for project in try fileSystem.list(root + "/" + top) {
                var known = Set<String>()
                for descriptor in StoreFileNames.project(ofFolder: project).map({ segments.segments(of: $0) }) ?? [] {
                    known.insert(StoreFileNames.spans(descriptor.partition, descriptor.sequence))
                    known.insert(StoreFileNames.payloads(descriptor.partition, descriptor.sequence))
                }
                for day in try fileSystem.list("\(root)/\(top)/\(project)") {
                    for name in try fileSystem.list("\(root)/\(top)/\(project)/\(day)") {
                        let path = "\(top)/\(project)/\(day)/\(name)"
                        if !known.contains(path) { try fileSystem.remove(root + "/" + path) }
                    }
                }
            }
        }
    }
}

/// Rebuilds memtables from the log's entries, sealing those that fill up.
private struct StoreReplay {
    let configuration: StoreConfiguration
    var state: StoreState
    var sealer: Sealer
    let compression: CompressionQueue
    let nodeID: UInt64
    let receipts: ReceiptLedger
    var recent = RecentRequests()
    /// What was sealed on the way, for the log to let go of.
    var sealed: [(PartitionID, UInt64)] = []
    /// Of the memtables that are not sealed.
    private(set) var memtablesByteCount = 0
    private let seed = UInt64.random(in: 0 ... .max)

    init(
        configuration: StoreConfiguration, state: StoreState, sealer: Sealer, compression: CompressionQueue, nodeID: UInt64,
        receipts: ReceiptLedger
    ) {
        self.configuration = configuration
        self.state = state
        self.sealer = sealer
        self.compression = compression
        self.nodeID = nodeID
        self.receipts = receipts
    }

    /// No limit that was raised or lowered since plays a part: what was accepted is accepted, what was refused is not.
    mutating func apply(_ entry: WALEntry) throws(StoreError) {
        let hash = entry.bytes.withUnsafeBytes {
            ContentHash(of: UnsafeRawBufferPointer(rebasing: $0[0..<entry.bodyLength]), seed: nodeID)
        }
        recent.restore(
            RecentRequest(project: entry.project, hash: hash, lsn: entry.lsn, receivedUnixNano: entry.receivedUnixNano, reply: entry.reply))
        var batch: SpanBatch
        do {
            let body = entry.bytes.count == entry.bodyLength ? entry.bytes : Array(entry.bytes[0..<entry.bodyLength])
            switch entry.codec {
            case .otlpProtobuf, .rewrittenProtobuf: batch = try ExportTraceRequestDecoder.decodeProtobuf(body, limits: .unlimited)
            case .otlpJSON: batch = try ExportTraceRequestDecoder.decodeJSON(body, limits: .unlimited)
            }
        } catch {
            throw StoreError(
                .corrupt, "log entry \(entry.lsn), accepted by decoder \(entry.decoderVersion), cannot be decoded: \(error)", cause: error)
        }
        batch.record = entry.kind == .events ? .event : .span
        let rejected = Set(entry.rejectedOrdinals)
        let ordinals = batch.ordinals
        if !rejected.isEmpty { batch.keepSpans { !rejected.contains(ordinals[$0]) } }
        let kept = rejected.isEmpty ? ordinals : ordinals.filter { !rejected.contains($0) }
        var fields = AttributeMapping.current.apply(to: &batch)
        do {
            try Enrichment.decode(entry.enrichment, ordinals: kept, into: &fields)
        } catch {
            throw StoreError(.corrupt, "the costs of log entry \(entry.lsn) cannot be read", cause: error)
        }
        restoreReceipt(of: entry, storedSpanCount: batch.spanCount)
        let memtable = memtable(of: entry.partition)
        memtable.append(batch, fields: fields, lsn: entry.lsn, receivedUnixNano: entry.receivedUnixNano)
        memtablesByteCount += memtable.account()
        let limits = configuration.limits
        if memtable.rowCount >= limits.maximumMemtableRowCount || memtable.byteCount >= limits.maximumMemtableByteCount
            || !memtable.hasArenaRoom
        {
            try seal(entry.partition)
        } else if memtablesByteCount >= limits.maximumMemtablesByteCount / 2,
            let largest = state.active.max(by: { $0.value.byteCount < $1.value.byteCount })
        {
            try seal(largest.key)
        }
    }

    private func restoreReceipt(of entry: WALEntry, storedSpanCount: Int) {
        // A list that cannot be read is no reason to refuse the entry's spans.
        var rejections = (try? Enrichment.rejections(in: entry.enrichment)) ?? []
        if rejections.isEmpty {
            rejections = entry.rejectedOrdinals.prefix(ReceiptLimits.maximumListedRejectionCount).map {
                ReceiptRejection(ordinal: $0, reason: "")
            }
        }
        receipts.restore(
            ExportReceipt(
                lsn: entry.lsn, receivedUnixNano: entry.receivedUnixNano, visibleUnixNano: configuration.now(),
                storedSpanCount: storedSpanCount, reply: entry.reply, rejections: rejections), of: entry.project)
    }

    private mutating func memtable(of partition: PartitionID) -> Memtable {
        if let memtable = state.active[partition] { return memtable }
        let memtable = Memtable(partition: partition, registry: state.registry(of: partition.project), compression: compression, seed: seed)
        state.begin(memtable, nowUnixNano: configuration.now())
        return memtable
    }

    private mutating func seal(_ partition: PartitionID) throws(StoreError) {
        guard let memtable = state.active[partition] else { return }
        _ = state.freeze([partition])
        do {
            try receipts.flush(partition.project)
            let segment = try sealer.seal(
                memtable,
                recent: recent.requests(of: partition, throughLSN: memtable.maximumLSN, nowUnixNano: configuration.now()))
            state.publish(segment, replacing: memtable, leadingTo: sealer.manifest)
            memtablesByteCount -= memtable.accountedByteCount
            sealed.append((partition, memtable.maximumLSN))
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.io, "sealing during the replay failed: \(error)", cause: error)
        }
    }
}
