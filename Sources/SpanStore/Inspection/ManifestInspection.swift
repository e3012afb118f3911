import ByteCoding
import FileSystem
import TraceModel

/// Reads the manifest in force edit by edit and changes nothing: checksums, numbers, whether each edit fits the ones before, and whether
/// what they add up to is in itself possible. One edit and the state are in memory.
package struct ManifestInspection {
    private let fileSystem: any FileSystem
    private let root: String
    private let observer: InspectionObserver

    package struct Report: Sendable, Equatable {
        /// The file in force; nil when that cannot be told.
        package var fileName: String?
        package var editCount = 0
        package var lastEditNumber: UInt64 = 0
        package var hasTornTail = false
        /// What the edits add up to; nil where they cannot be read. A store without a manifest has an empty one.
        package var state: ManifestState?
        package var findings = InspectionFindings()
    }

    package init(fileSystem: any FileSystem, root: String, observer: InspectionObserver) {
        self.fileSystem = fileSystem
        self.root = root
        self.observer = observer
    }

    private var directory: String { StoreFileNames.manifest(root) }

    /// A running server begins a new file now and then and removes the old one: then this begins anew.
    private static let maximumAttemptCount = 5

    /// Errors: the folder cannot be read.
    package func run() throws(FileSystemError) -> Report {
        var report = Report()
        for _ in 0..<Self.maximumAttemptCount {
            report = try attempt()
            guard !report.findings.isSound, let fileName = report.fileName else { break }
            // What is wrong with a file that is not in force any more matters to nobody.
            if try current().flatMap({ ManifestFileName.named(inCurrent: $0) }) == fileName { break }
        }
        if let state = report.state { check(state, report.fileName ?? ManifestLog.currentFileName, &report.findings) }
        return report
    }

    /// Nil where there is none.
    private func current() throws(FileSystemError) -> [UInt8]? {
        do throws(FileSystemError) {
            return try fileSystem.readWhole(FilePath.join(directory, ManifestLog.currentFileName), maximumByteCount: 4096)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    private func attempt() throws(FileSystemError) -> Report {
        var report = Report()
        let currentName = "manifest/" + ManifestLog.currentFileName
        guard try fileSystem.exists(directory) else {
            report.state = ManifestState()
            report.findings.note("manifest", "there is no manifest: the store is new")
            return report
        }
        let names = try fileSystem.list(directory)
        guard let current = try current() else {
            let files = names.filter { ManifestFileName.number(of: $0) != nil }
            if files.isEmpty {
                report.state = ManifestState()
            } else {
                report.findings.damage(currentName, "it is missing beside \(files.joined(separator: ", ")): which file is in force is lost")
            }
            return report
        }
        guard let fileName = ManifestFileName.named(inCurrent: current) else {
            report.findings.damage(currentName, at: 0, "it is damaged and names no manifest file; restore it from a backup")
            return report
        }
        report.fileName = fileName
        for name in names where name != fileName && name != ManifestLog.currentFileName {
            report.findings.note("manifest/" + name, "it is not in force; the next start removes it")
        }
        do throws(FileSystemError) {
            let file = try fileSystem.open(FilePath.join(directory, fileName), .read)
            defer { file.close() }
            try read(file, "manifest/" + fileName, ManifestFileName.number(of: fileName) ?? 0, &report)
        } catch {
            guard error.code == .notFound else { throw error }
            report.findings.damage("manifest/" + fileName, "it is in force and missing; restore it from a backup")
        }
        return report
    }

    private func read(_ file: any File, _ name: String, _ number: UInt64, _ report: inout Report) throws(FileSystemError) {
        let byteCount = try file.size()
        let header = try file.read(count: ManifestFile.headerByteCount, at: 0)
        let salt: UInt64
        do throws(StoreError) {
            let read = try header.withUnsafeBufferPointer { (bytes) throws(StoreError) in
                try ManifestFile.readHeader(UnsafeRawBufferPointer(bytes), name: name)
            }
            guard read.number == number else {
                return report.findings.damage(name, at: 0, "it is manifest file \(read.number) under a wrong name")
            }
            salt = read.salt
        } catch {
            if error.code == .newerFormat { return report.findings.unreadable(name, error.message) }
            return report.findings.damage(name, at: 0, "its header is damaged")
        }
        observer.progress(header.count)
        var state = ManifestState()
        var offset = ManifestFile.headerByteCount
        while let bytes = try edit(in: file, at: offset, byteCount: byteCount, salt: salt) {
            let isRead = bytes.withUnsafeBytes { raw -> Bool in
                guard let edit = ManifestFile.edit(in: raw, at: 0, salt: salt) else { return false }
                return take(edit, raw, name, offset, &state, &report)
            }
            guard isRead else { return }
            observer.progress(bytes.count)
            offset += (bytes.count + ManifestFile.alignment - 1) / ManifestFile.alignment * ManifestFile.alignment
        }
        guard report.editCount > 0 else { return report.findings.damage(name, at: offset, "its checkpoint is not whole") }
        report.state = state
        try checkTail(file, name, from: offset, byteCount: byteCount, salt: salt, &report)
    }

    /// The bytes of a whole edit with its padding; nil where none stands.
    private func edit(in file: any File, at offset: Int, byteCount: Int, salt: UInt64) throws(FileSystemError) -> [UInt8]? {
        let head = try file.read(count: ManifestFile.editHeaderByteCount, at: offset)
        guard let payloadByteCount = head.withUnsafeBytes({ ManifestFile.editHead(in: $0, at: 0, salt: salt)?.payloadByteCount }),
            payloadByteCount <= byteCount - offset - ManifestFile.editHeaderByteCount
        else { return nil }
        let end = offset + ManifestFile.editHeaderByteCount + payloadByteCount
        let padded = (end + ManifestFile.alignment - 1) / ManifestFile.alignment * ManifestFile.alignment
        let bytes = try file.read(count: padded - offset, at: offset)
        return bytes.withUnsafeBytes { ManifestFile.edit(in: $0, at: 0, salt: salt) } == nil ? nil : bytes
    }

    /// False where nothing behind the edit can be read.
    private func take(
        _ edit: ManifestFile.Edit, _ bytes: UnsafeRawBufferPointer, _ name: String, _ offset: Int, _ state: inout ManifestState,
        _ report: inout Report
    ) -> Bool {
        if report.editCount > 0, edit.number != report.lastEditNumber + 1 {
            report.findings.damage(name, at: offset, "edit \(edit.number) follows edit \(report.lastEditNumber)")
            return false
        }
        let decoded: ManifestEdit
        do throws(ManifestDecodingError) { decoded = try ManifestRecordCoding.decode(edit.payload) } catch {
            switch error {
            case .malformed: report.findings.damage(name, at: offset, "edit \(edit.number) is whole and makes no sense")
            case .unknown(let what): report.findings.unreadable(name, "it holds \(what), which this program does not know")
            }
            return false
        }
        do throws(StoreError) { try state.apply(decoded) } catch {
            report.findings.damage(name, at: offset, "edit \(edit.number): \(error.message)")
            return false
        }
        if bytes.dropFirst(ManifestFile.editHeaderByteCount + edit.payload.count).contains(where: { $0 != 0 }) {
            report.findings.note(name, at: offset, "padding behind edit \(edit.number) is not zeros")
        }
        report.editCount += 1
        report.lastEditNumber = edit.number
        if let item = observer.item {
            for record in decoded.records { item(ManifestRecordLine.members(record, edit: edit.number, offset: offset)) }
        }
        return true
    }

    /// Behind the last whole edit: nothing, or one that a crash cut off. A whole one behind a broken one means damage.
    private func checkTail(
        _ file: any File, _ name: String, from offset: Int, byteCount: Int, salt: UInt64, _ report: inout Report
    ) throws(FileSystemError) {
        var position = offset
        while position < byteCount {
            let chunk = try file.read(count: min(Self.scanByteCount, byteCount - position), at: position)
            if chunk.isEmpty { break }
            if chunk.contains(where: { $0 != 0 }) { report.hasTornTail = true }
            for candidate in stride(from: 0, to: chunk.count, by: ManifestFile.alignment) where position + candidate > offset {
                let head = try file.read(count: ManifestFile.editHeaderByteCount, at: position + candidate)
                let number = head.withUnsafeBytes { ManifestFile.editHead(in: $0, at: 0, salt: salt)?.number }
                guard let number, number > report.lastEditNumber,
                    try edit(in: file, at: position + candidate, byteCount: byteCount, salt: salt) != nil
                else { continue }
                report.state = nil
                return report.findings.damage(
                    name, at: offset, "an edit is not whole, and edit \(number) at \(position + candidate) behind it is")
            }
            position += chunk.count
        }
        if report.hasTornTail {
            report.findings.note(
                name, at: offset,
                "the last edit is cut off: a crash before it took effect, or one that is being written (damage to this one edit cannot be "
                    + "told from that)")
        }
    }

    private static let scanByteCount = 1 << 20

    // MARK: What the edits add up to

    private func check(_ state: ManifestState, _ fileName: String, _ findings: inout InspectionFindings) {
        let name = "manifest/" + fileName
        for segment in state.segments.values.sorted(by: { $0.sequence < $1.sequence }) {
            func damage(_ message: String) { findings.damage(name, segment: segment.sequence, "segment \(segment.sequence): \(message)") }
            if segment.spanRowCount <= 0 || segment.rowGroupCount <= 0 || segment.rowGroupCount > segment.spanRowCount {
                damage("\(segment.spanRowCount) rows in \(segment.rowGroupCount) row groups")
            }
            if segment.minimumLSN > segment.maximumLSN || segment.minimumLSN == 0 {
                damage("its LSNs go from \(segment.minimumLSN) to \(segment.maximumLSN)")
            }
            if segment.minimumStartTimeUnixNano > segment.maximumStartTimeUnixNano { damage("its start times end before they begin") }
            let first = CalendarDay.daysSince1970(unixNano: segment.minimumReceivedUnixNano)
            let last = CalendarDay.daysSince1970(unixNano: segment.maximumReceivedUnixNano)
            // Days of a small project lie together, never of two months; the segment is of the last of them.
            if first > last || last != segment.receiveDay || first < CalendarDay.firstOfMonth(daysSince1970: segment.receiveDay) {
                damage("its receive times do not lie in its days")
            }
            if segment.sequence >= state.nextSequence { damage("the next segment would be \(state.nextSequence)") }
            if segment.maximumLSN > state.highestSealedLSN {
                damage("it reaches to LSN \(segment.maximumLSN), and nothing is sealed beyond \(state.highestSealedLSN)")
            }
            let sealed = state.sealedLSN[segment.partition] ?? 0
            if segment.maximumLSN > sealed, segment.maximumLSN >= state.logStartLSN {
                damage("it reaches to LSN \(segment.maximumLSN), and its partition is sealed to \(sealed)")
            }
        }
    }
}

/// A record of an edit as a line of a listing.
enum ManifestRecordLine {
    static func members(_ record: ManifestRecord, edit: UInt64, offset: Int) -> [JSONMember] {
        func number(_ key: String, _ value: some BinaryInteger) -> JSONMember {
            JSONMember(key: key, value: .integer(Int64(clamping: value)))
        }
        func text(_ key: String, _ value: String) -> JSONMember { JSONMember(key: key, value: .string(value)) }
        func day(_ value: Int32) -> JSONMember { text("received", CalendarDay.text(daysSince1970: Int(value))) }
        let head = [number("offset", offset), number("edit", edit)]
        switch record {
        case .addSegment(let segment):
            return head + [
                text("record", "addSegment"), number("segment", segment.sequence), text("project", segment.project.uuid),
                day(segment.receiveDay), number("rows", segment.spanRowCount), number("row_groups", segment.rowGroupCount),
                number("spans_bytes", segment.spanFileByteCount), number("payloads_bytes", segment.payloadFileByteCount),
                number("minimum_lsn", segment.minimumLSN), number("maximum_lsn", segment.maximumLSN),
                number("mapping_version", segment.mappingVersion),
                text("schema_fingerprint", String(segment.schemaFingerprint, radix: 16)),
            ]
        case .dropSegment(let sequence): return head + [text("record", "dropSegment"), number("segment", sequence)]
        case .sealed(let partition, let lsn):
            return head + [
                text("record", "sealed"), text("project", partition.project.uuid), day(partition.receiveDay), number("lsn", lsn),
            ]
        case .rowMask(let segment, let horizonLSN, let rows):
            return head + [
                text("record", "rowMask"), number("segment", segment), number("horizon_lsn", horizonLSN), number("rows", rows.count),
            ]
        case .recentRequests(let requests): return head + [text("record", "recentRequests"), number("requests", requests.count)]
        case .promotedKeys(let project, let keys):
            return head + [
                text("record", "promotedKeys"), text("project", project.uuid),
                JSONMember(key: "keys", value: .array(keys.map { .string($0.key) })),
            ]
        case .nextSequence(let sequence): return head + [text("record", "nextSequence"), number("segment", sequence)]
        case .logStart(let lsn): return head + [text("record", "logStart"), number("lsn", lsn)]
        case .highestSealed(let lsn): return head + [text("record", "highestSealed"), number("lsn", lsn)]
        case .fieldVersions(let segment, let mapping, let prices):
            return head + [
                text("record", "fieldVersions"), number("segment", segment), number("mapping_version", mapping),
                number("price_version", prices),
            ]
        }
    }
}
