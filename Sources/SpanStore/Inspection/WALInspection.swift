import ByteCoding
import FileSystem
import OTLP
import TraceModel

/// Reads a log as a start would and changes nothing: every group and entry, the chain of files, what is torn and what is damaged.
///
/// Judges by the same rule as `WALRecovery`: bytes that are no group are damage at or below what is known to have been durable, and the
/// tail of a crash above. Works beside a running server: files that are recycled meanwhile are left out. One group is in memory at a time.
package struct WALInspection {
    private let fileSystem: any FileSystem
    /// Of the store.
    private let root: String
    /// What the store calls itself; nil where that is not known.
    private let nodeID: UInt64?
    /// Says which entries are sealed; nil where it cannot be read.
    private let manifest: ManifestState?
    private let observer: InspectionObserver

    package struct Report: Sendable, Equatable {
        package var files: [FileReport] = []
        package var findings = InspectionFindings()
        package var groupCount = 0
        package var entryCount = 0
        /// Entries of older files that stand in a newer one, too (`WALCopies`); not among `entryCount`.
        package var copiedEntryCount = 0
        package var bodyByteCount = 0
        /// Entries that no segment holds yet.
        package var unsealedEntryCount = 0
        /// In groups that had failed: nobody was told that they are stored.
        package var abandonedEntryCount = 0
        package var firstLSN: UInt64?
        package var lastLSN: UInt64?
        package var endedCleanly = false
        package var hasTornTail = false
        /// Groups at the log's end behind which nothing says that they were durable: damage to them cannot be told from a crash.
        package var unproven: [UnprovenGroup] = []
    }

    package struct UnprovenGroup: Sendable, Equatable {
        /// Of the file, in the log's folder.
        package var name: String
        package var bytes: Range<Int>
        package var lsns: ClosedRange<UInt64>
    }

    package struct FileReport: Sendable, Equatable {
        package enum Use: String, Sendable {
            case inUse = "in_use"
            /// Written over next; what it holds counts for nobody.
            case spare
            case damaged
        }

        package var name: String
        package var byteCount: Int
        package var use: Use
        package var firstLSN: UInt64?
        package var lastLSN: UInt64?
        package var groupCount = 0
        package var entryCount = 0
        /// Up to the end of its last group that counts: nobody reads what is behind.
        package var usedByteCount = 0
    }

    package init(
        fileSystem: any FileSystem, root: String, nodeID: UInt64?, manifest: ManifestState?, observer: InspectionObserver
    ) {
        self.fileSystem = fileSystem
        self.root = root
        self.nodeID = nodeID
        self.manifest = manifest
        self.observer = observer
    }

    /// Errors: the folder cannot be read.
    package func run() throws(FileSystemError) -> Report {
        var report = Report()
        let directory = StoreFileNames.wal(root)
        guard try fileSystem.exists(directory) else {
            report.findings.note("wal", "there is no log")
            return report
        }
        let (headers, spares) = try survey(directory, &report)
        let chain = WALChain(headers: headers)
        let damaged = Set(report.files.map(\.name))
        for number in chain.missing where !spares.contains(number) && !damaged.contains(WALFileName.name(of: number)) {
            report.findings.damage(Self.name(number), "the file is missing")
        }
        for number in chain.unused + spares { addSpare(number, directory, &report) }
        var progress = Progress(firstLSN: chain.links.first?.header.firstLSN ?? 0)
        for (index, link) in chain.links.enumerated() {
            try read(link, isLast: index == chain.links.count - 1, directory, &progress, &report)
        }
        report.files.sort { $0.name < $1.name }
        return report
    }

    private static func name(_ number: UInt64) -> String { "wal/" + WALFileName.name(of: number) }

    // MARK: Headers

    private func survey(
        _ directory: String, _ report: inout Report
    ) throws(FileSystemError) -> (headers: [WALFileHeader], spares: [UInt64]) {
        var headers: [WALFileHeader] = []
        var spares: [UInt64] = []
        for fileName in try fileSystem.list(directory) {
            guard let number = WALFileName.number(of: fileName) else {
                if fileName != ReplayMarker.fileName, fileName != WALScrubber.fileName {
                    report.findings.note("wal/" + fileName, "this is no file of the log")
                }
                continue
            }
            guard let (page, byteCount) = try headerPage(FilePath.join(directory, fileName)) else { continue }
            let name = Self.name(number)
            switch page.withUnsafeBytes({ WALFileHeader.read(page: $0, fileNumber: number) }) {
            case .begun(let header):
                if let nodeID, header.nodeID != nodeID {
                    report.findings.damage(name, at: 0, "node \(hex(header.nodeID)) wrote it, and this store is node \(hex(nodeID))")
                }
                check(page, header, name, &report)
                headers.append(header)
            case .notBegun: spares.append(number)
            case .newerVersion(let version):
                report.findings.unreadable(name, "it has log format \(version); this program reads up to \(WALFileHeader.version)")
            case .damaged:
                report.findings.damage(name, at: 0, "both copies of the file's header are damaged")
                report.files.append(FileReport(name: fileName, byteCount: byteCount, use: .damaged))
            }
        }
        return (headers, spares)
    }

    /// Nil for a file that is gone by now.
    private func headerPage(_ path: String) throws(FileSystemError) -> (page: [UInt8], byteCount: Int)? {
        do throws(FileSystemError) {
            let file = try fileSystem.open(path, .read)
            defer { file.close() }
            return (try file.read(count: WALFileHeader.pageByteCount, at: 0), try file.size())
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// Two copies that are alike, and zeros.
    private func check(_ page: [UInt8], _ header: WALFileHeader, _ name: String, _ report: inout Report) {
        let expected = header.encoded()
        guard page != expected else { return }
        for offset in WALFileHeader.copyOffsets {
            let range = offset..<offset + WALFileHeader.byteCount
            guard range.upperBound <= page.count else {
                report.findings.note(
                    name, at: page.count, "the file ends inside its header: beginning it was cut off by a crash or a full disk")
                break
            }
            guard page[range] != expected[range] else { continue }
            // What a crash leaves while a file is used again is the whole header of the use before.
            let other = page.withUnsafeBytes { raw in
                WALFileHeader.read(page: UnsafeRawBufferPointer(rebasing: raw[range]), fileNumber: header.fileNumber)
            }
            if other == .notBegun {
                report.findings.note(
                    name, at: offset, "one copy of the header is that of an earlier use of the file: a crash began it anew")
            } else {
                report.findings.damage(name, at: offset, "one of the two copies of the header is damaged; the other one is whole")
            }
        }
        let rest = (0..<page.count).first { index in
            page[index] != 0 && !WALFileHeader.copyOffsets.contains { ($0..<$0 + WALFileHeader.byteCount).contains(index) }
        }
        if let rest { report.findings.note(name, at: rest, "bytes of the header's page that are zeros when it is written are not") }
    }

    private func addSpare(_ number: UInt64, _ directory: String, _ report: inout Report) {
        let fileName = WALFileName.name(of: number)
        // One that is gone by now was recycled.
        guard let byteCount = try? fileSystem.size(of: FilePath.join(directory, fileName)) else { return }
        report.files.append(FileReport(name: fileName, byteCount: byteCount, use: .spare))
    }
}

/// The groups.
extension WALInspection {
    /// What goes on from file to file.
    private struct Progress {
        var lastReceivedUnixNano: UInt64 = 0
        var durableLSN: UInt64 = 0
        /// Of the oldest file: what is older is there as a copy or not at all.
        let firstLSN: UInt64
        var copiedLSNs: Set<UInt64> = []
    }

    private func read(
        _ link: WALChain.Link, isLast: Bool, _ directory: String, _ progress: inout Progress, _ report: inout Report
    ) throws(FileSystemError) {
        let fileName = WALFileName.name(of: link.header.fileNumber)
        let path = FilePath.join(directory, fileName)
        // Both are put back if the file turns out to have been taken away while it was read.
        let before = (report, progress)
        do throws(FileSystemError) {
            let file = try fileSystem.open(path, .read)
            defer { file.close() }
            try read(link, file, isLast: isLast, &progress, &report)
            guard !report.findings.isSound, before.0.findings.isSound else { return }
            if try headerPage(path)?.page.withUnsafeBytes({ WALFileHeader.read(page: $0, fileNumber: link.header.fileNumber) })
                == .begun(link.header)
            {
                return
            }
        } catch {
            guard error.code == .notFound else { throw error }
        }
        (report, progress) = before
        report.findings.note("wal/" + fileName, "it was taken away by the running server while it was read")
    }

    private func read(
        _ link: WALChain.Link, _ file: any File, isLast: Bool, _ progress: inout Progress, _ report: inout Report
    ) throws(FileSystemError) {
        let name = Self.name(link.header.fileNumber)
        var reader = try WALFileReader(file: file, header: link.header)
        var fileReport = FileReport(name: WALFileName.name(of: link.header.fileNumber), byteCount: reader.byteCount, use: .inUse)
        defer { report.files.append(fileReport) }
        report.endedCleanly = false
        report.hasTornTail = false
        report.unproven = []
        fileReport.usedByteCount = WALFileHeader.pageByteCount
        // Behind damage the LSNs that are missing were told already.
        var isBehindDamage = false
        reading: while true {
            let lastLSN = reader.lastLSN
            switch try reader.next() {
            case .group(let group, let payload):
                observer.progress(group.paddedByteCount)
                defer { isBehindDamage = false }
                if group.firstLSN != lastLSN + 1, !isBehindDamage {
                    report.findings.damage(name, at: group.byteOffset, "LSN \(group.firstLSN) follows LSN \(lastLSN)")
                }
                try checkPadding(of: group, in: file, name, &report)
                if let limit = link.validThroughLSN, group.firstLSN > limit, group.kind != .copies {
                    report.abandonedEntryCount += group.entryCount
                    if !group.isFinalMarker {
                        report.findings.note(
                            name, at: group.byteOffset, "\(group.entryCount) entries of a group that failed were never acknowledged")
                    }
                    continue
                }
                if group.durableLSN < progress.durableLSN {
                    report.findings.damage(
                        name, at: group.byteOffset, "it calls LSN \(group.durableLSN) durable where \(progress.durableLSN) was before")
                }
                progress.durableLSN = max(progress.durableLSN, group.durableLSN)
                report.groupCount += 1
                fileReport.groupCount += 1
                fileReport.usedByteCount = group.byteOffset + group.paddedByteCount
                report.endedCleanly = group.isFinalMarker
                noteProof(by: group, fileReport.name, isLast: isLast, &report)
                if !group.isFinalMarker { check(group, payload, name, &progress, &fileReport, &report) }
            case .gap(let gap):
                let next = gap.next.flatMap { next in link.validThroughLSN.map { next.firstLSN > $0 } ?? false ? nil : next }
                let promised = max(next?.durableLSN ?? 0, link.validThroughLSN ?? 0)
                guard promised > lastLSN || next != nil || gap.byteOffset < link.endByteOffset ?? 0 else {
                    if isLast && !report.endedCleanly { try noteTail(gap, in: file, name, &report) }
                    break reading
                }
                let missing = next.map { $0.firstLSN - 1 } ?? promised
                let lsns = missing > lastLSN ? "LSN \(lastLSN + 1) to \(missing)" : "copies of older ones"
                report.findings.damage(name, at: gap.byteOffset, "acknowledged entries are damaged: \(lsns), \(gap.byteCount) bytes")
                report.endedCleanly = false
                isBehindDamage = true
                if next == nil { break reading }
            }
        }
    }

    /// Every group says how far the log was durable when it was written.
    private func noteProof(by group: WALGroupHeader, _ fileName: String, isLast: Bool, _ report: inout Report) {
        report.unproven.removeAll { $0.lsns.upperBound <= group.durableLSN }
        guard isLast, group.kind == .entries else { return }
        report.unproven.append(
            UnprovenGroup(
                name: fileName, bytes: group.byteOffset..<group.byteOffset + group.paddedByteCount, lsns: group.firstLSN...group.lastLSN))
    }

    /// A log that ends without its marker: a crash, or a server that runs.
    private func noteTail(_ gap: WALGap, in file: any File, _ name: String, _ report: inout Report) throws(FileSystemError) {
        if gap.broken != nil {
            report.hasTornTail = true
            report.findings.note(
                name, at: gap.byteOffset,
                "the last group is cut off: a crash before it was acknowledged, or one that is being written (damage to this one group cannot "
                    + "be told from that)")
        } else if report.groupCount > 0 {
            report.findings.note(
                name, at: gap.byteOffset, "the log ends here without its final marker: the server runs, or it ended without order")
        }
    }

    private func checkPadding(
        of group: WALGroupHeader, in file: any File, _ name: String, _ report: inout Report
    ) throws(FileSystemError) {
        let used = WALGroupHeader.byteCount + group.payloadByteCount
        let padding = try file.read(count: group.paddedByteCount - used, at: group.byteOffset + used)
        if let place = padding.firstIndex(where: { $0 != 0 }) {
            report.findings.note(name, at: group.byteOffset + used + place, "padding behind a group is not zeros")
        }
    }

    /// The entries of a group whose checksums hold.
    private func check(
        _ group: WALGroupHeader, _ payload: [UInt8], _ name: String, _ progress: inout Progress, _ fileReport: inout FileReport,
        _ report: inout Report
    ) {
        let areCopies = group.kind == .copies
        var offset = 0, previousLSN: UInt64 = areCopies ? 0 : group.firstLSN - 1
        for _ in 0..<group.entryCount {
            let entryOffset = group.byteOffset + WALGroupHeader.byteCount + offset
            let entry: WALEntry
            do throws(WALDecodingError) {
                entry = try payload.withUnsafeBufferPointer { (bytes) throws(WALDecodingError) in
                    var reader = ByteReader(UnsafeRawBufferPointer(bytes), offset: offset)
                    defer { offset = reader.offset }
                    return try WALEntryCoding.decode(&reader)
                }
            } catch {
                switch error {
                case .malformed(let reason): report.findings.damage(name, at: entryOffset, reason)
                case .unknown(let what): report.findings.unreadable(name, "the log holds \(what), which this program does not know")
                }
                return
            }
            guard areCopies ? entry.lsn > previousLSN && entry.lsn < group.firstLSN : entry.lsn == previousLSN + 1 else {
                return report.findings.damage(name, at: entryOffset, "entry \(entry.lsn) stands out of order")
            }
            previousLSN = entry.lsn
            let isSealed = manifest.map { entry.lsn < $0.logStartLSN || entry.lsn <= $0.sealedLSN[entry.partition] ?? 0 } ?? false
            let spanCount = checkBody(of: entry, name, entryOffset, &report)
            observer.item?(
                WALEntryLine.members(
                    entry, name, entryOffset, spanCount: spanCount, isSealed: manifest == nil ? nil : isSealed, isCopy: areCopies))
            if areCopies {
                report.copiedEntryCount += 1
                let isAlone = entry.lsn < progress.firstLSN && progress.copiedLSNs.insert(entry.lsn).inserted
                if isAlone, !isSealed { report.unsealedEntryCount += 1 }
                continue
            }
            if entry.receivedUnixNano < progress.lastReceivedUnixNano {
                report.findings.damage(name, at: entryOffset, "entry \(entry.lsn) was received before the entry in front of it")
            }
            progress.lastReceivedUnixNano = max(progress.lastReceivedUnixNano, entry.receivedUnixNano)
            report.entryCount += 1
            fileReport.entryCount += 1
            report.bodyByteCount += entry.bodyLength
            report.firstLSN = report.firstLSN ?? entry.lsn
            report.lastLSN = entry.lsn
            fileReport.firstLSN = fileReport.firstLSN ?? entry.lsn
            fileReport.lastLSN = entry.lsn
            if !isSealed { report.unsealedEntryCount += 1 }
        }
        if offset != payload.count {
            report.findings.damage(name, at: group.byteOffset, "the group has \(payload.count - offset) bytes behind its last entry")
        }
    }

    /// What a replay would make of the body. Answers how many spans it has, without those that were refused.
    private func checkBody(of entry: WALEntry, _ name: String, _ offset: Int, _ report: inout Report) -> Int? {
        do {
            let batch =
                entry.codec == .otlpJSON
                ? try ExportTraceRequestDecoder.decodeJSON(entry.bytes, limits: .unlimited)
                : try ExportTraceRequestDecoder.decodeProtobuf(entry.bytes, limits: .unlimited)
            return batch.spanCount + batch.rejections.count - entry.rejectedOrdinals.count
        } catch {
            report.findings.damage(name, at: offset, "the body of entry \(entry.lsn) cannot be decoded: \(error)")
            return nil
        }
    }

    private func hex(_ number: UInt64) -> String { String(number, radix: 16) }
}

/// An entry as a line of a listing.
enum WALEntryLine {
    static func members(_ entry: WALEntry, _ file: String, _ offset: Int, spanCount: Int?, isSealed: Bool?, isCopy: Bool) -> [JSONMember] {
        [
            JSONMember(key: "file", value: .string(file)),
            JSONMember(key: "offset", value: .integer(Int64(offset))),
            JSONMember(key: "lsn", value: .integer(Int64(clamping: entry.lsn))),
            JSONMember(key: "project", value: .string(entry.project.uuid)),
            JSONMember(key: "received_unix_nano", value: .string(String(entry.receivedUnixNano))),
            JSONMember(key: "kind", value: .string(entry.kind == .spans ? "spans" : "events")),
            JSONMember(key: "codec", value: .string(codec(entry.codec))),
            JSONMember(key: "decoder", value: .integer(Int64(entry.decoderVersion))),
            JSONMember(key: "spans", value: spanCount.map { .integer(Int64($0)) } ?? .null),
            JSONMember(key: "rejected", value: .integer(Int64(entry.rejectedOrdinals.count))),
            JSONMember(key: "enrichment_bytes", value: .integer(Int64(entry.enrichment.count))),
            JSONMember(key: "body_bytes", value: .integer(Int64(entry.bodyLength))),
            JSONMember(key: "is_sealed", value: isSealed.map { .bool($0) } ?? .null),
            JSONMember(key: "is_copy", value: .bool(isCopy)),
        ]
    }

    private static func codec(_ codec: WALEntry.Codec) -> String {
        switch codec {
        case .otlpProtobuf: "otlp_protobuf"
        case .otlpJSON: "otlp_json"
        case .rewrittenProtobuf: "rewritten_protobuf"
        }
    }
}
