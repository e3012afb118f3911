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
        do {
            return try open(checked: configuration)
        } catch let error as StoreError {
            throw error
        } catch let error as FileSystemError {
            throw StoreError(error, while: "opening the store")
        } catch {
            throw StoreError(.io, "opening the store failed: \(error)", cause: error)
        }
    }

    private static func open(checked configuration: StoreConfiguration) throws -> SpanStore {
        let fileSystem = configuration.fileSystem, root = configuration.root
        try fileSystem.createDirectory(root)
        let lock = try fileSystem.lockDirectory(root)
        let nodeID = try nodeID(fileSystem, root)
        try removeTemporaries(fileSystem, root)
        let manifest = try ManifestLog.open(fileSystem: fileSystem, directory: StoreFileNames.manifest(root))
        var counters = Counters()
        let segments = try publishedSegments(manifest.state, configuration, damagedCount: &counters.damagedSegmentCount)
        try removeOrphans(fileSystem, root, keeping: manifest.state)

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
            state: StoreState(registries: manifest.state.promotedKeys.mapValues { PromotionRegistry(adding: $0) }, segments: segments),
            sealer: Sealer(
                manifest: manifest, writer: writer, nextSequence: manifest.state.nextSequence, fileSystem: configuration.fileSystem,
                root: configuration.root), compression: compression,
            nodeID: nodeID, receipts: receipts)
        for request in manifest.state.recentRequests { replay.recent.restore(request) }
        let recovery = WALRecovery(fileSystem: fileSystem, configuration: walConfiguration, manifest: manifest.state)
        let report = try recovery.run { (entry: WALEntry) throws(StoreError) -> Void in try replay.apply(entry) }
        for damage in report.damages { configuration.log(.error, "the log is damaged: \(damage)") }
        let wal = try WALWriter(fileSystem: fileSystem, configuration: walConfiguration, after: report)
        for (partition, lsn) in replay.sealed { wal.release(partition: partition, sealedLSN: lsn) }
        counters.memtablesByteCount = replay.state.active.values.reduce(0) { $0 + $1.account() }
        return SpanStore(
            Parts(
                configuration: configuration, lock: lock, state: replay.state, sealer: replay.sealer, compression: compression,
                recent: replay.recent, wal: wal, recovery: report, nodeID: nodeID,
                walCapacityByteCount: walConfiguration.maximumTotalByteCount, counters: counters,
                quarantine: RejectedSpanQuarantine(
                    fileSystem: fileSystem, directory: StoreFileNames.quarantine(root) + "/spans", log: configuration.log),
                receipts: receipts, receiptKey: receiptKey(configuration)))
    }

    /// Eight random bytes, chosen once for the directory.
    private static func nodeID(_ fileSystem: any FileSystem, _ root: String) throws -> UInt64 {
        let path = root + "/NODE"
        if try fileSystem.exists(path) {
            let text = String(decoding: try fileSystem.readWhole(path, maximumByteCount: 64), as: UTF8.self)
            guard let id = UInt64(text.filter { !$0.isWhitespace }, radix: 16) else {
                throw StoreError(.corrupt, "\(path) does not hold a node id")
            }
            return id
        }
        let id = UInt64.random(in: 1 ... .max)
        try fileSystem.replace(path, with: Array((String(id, radix: 16) + "\n").utf8))
        return id
    }

    /// What was being written when the process ended.
    private static func removeTemporaries(_ fileSystem: any FileSystem, _ root: String) throws {
        let directory = StoreFileNames.temporary(root)
        try fileSystem.createDirectory(directory)
        for name in try fileSystem.list(directory) { try fileSystem.remove(directory + "/" + name) }
    }

    /// Segments whose files are there and whole. Others are reported and left out, never half read.
    private static func publishedSegments(
        _ manifest: ManifestState, _ configuration: StoreConfiguration, damagedCount: inout Int
    ) throws -> [SegmentHandle] {
        var handles: [SegmentHandle] = []
        for descriptor in manifest.segments.values.sorted(by: { $0.sequence < $1.sequence }) {
            let spans = configuration.root + "/" + StoreFileNames.spans(descriptor.partition, descriptor.sequence)
            let payloads = configuration.root + "/" + StoreFileNames.payloads(descriptor.partition, descriptor.sequence)
            let isWhole =
                try configuration.fileSystem.exists(spans) && configuration.fileSystem.size(of: spans) == descriptor.spanFileByteCount
                && (descriptor.payloadFileByteCount == 0
                    || configuration.fileSystem.exists(payloads)
                        && configuration.fileSystem.size(of: payloads) == descriptor.payloadFileByteCount)
            guard isWhole else {
                damagedCount += 1
                configuration.log(
                    .error, "segment \(descriptor.sequence) of \(descriptor.spanRowCount) spans is missing or not whole: \(spans)")
                continue
            }
            handles.append(
                SegmentHandle(
                    descriptor, fileSystem: configuration.fileSystem, root: configuration.root,
                    mask: manifest.rowMasks[descriptor.sequence]?.rows.rows ?? []))
        }
        return handles
    }

    /// Removes files that were renamed into place but whose manifest edit never became durable, and files of dropped
    /// segments that a crash left behind.
    private static func removeOrphans(_ fileSystem: any FileSystem, _ root: String, keeping manifest: ManifestState) throws {
        var known = Set<String>()
        for descriptor in manifest.segments.values {
            known.insert(StoreFileNames.spans(descriptor.partition, descriptor.sequence))
            known.insert(StoreFileNames.payloads(descriptor.partition, descriptor.sequence))
        }
        for top in ["spans", "payloads"] where try fileSystem.exists(root + "/" + top) {
            for project in try fileSystem.list(root + "/" + top) {
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
        let limits = configuration.limits
        let total = state.active.values.reduce(0) { $0 + $1.byteCount }
        if memtable.rowCount >= limits.maximumMemtableRowCount || memtable.byteCount >= limits.maximumMemtableByteCount
            || !memtable.hasArenaRoom
        {
            try seal(entry.partition)
        } else if total >= limits.maximumMemtablesByteCount / 2,
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
        guard let memtable = state.freeze(partition) else { return }
        do {
            try receipts.flush(partition.project)
            let handle = try sealer.seal(
                memtable,
                recent: recent.requests(of: partition, throughLSN: memtable.maximumLSN, nowUnixNano: configuration.now()))
            state.publish(handle, replacing: memtable, promoting: [])
            sealed.append((partition, memtable.maximumLSN))
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.io, "sealing during the replay failed: \(error)", cause: error)
        }
    }
}
