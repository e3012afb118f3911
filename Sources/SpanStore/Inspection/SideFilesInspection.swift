import ByteCoding
import FileSystem

/// Reads what lies beside log, manifest and segments: refused spans, receipts, and what recoveries have put aside.
struct SideFilesInspection {
    let fileSystem: any FileSystem
    let root: String
    let observer: InspectionObserver

    struct Report: Sendable, Equatable {
        var rejectedSpanCount = 0
        var receiptCount = 0
        /// Files that a recovery or a repair has put aside.
        var keptFiles: [String] = []
        var findings = InspectionFindings()
    }

    func run() throws(FileSystemError) -> Report {
        var report = Report()
        for name in try files(below: "quarantine") {
            if name.hasPrefix("quarantine/spans/"), name.hasSuffix(".rejected") {
                try reading(name, &report) { (report) throws(FileSystemError) in try readRejected(name, &report) }
            } else if name.hasSuffix(".tmp") {
                report.findings.note(name, "it was being written when the process ended")
            } else {
                report.keptFiles.append(name)
            }
        }
        for name in try files(below: "receipts") where name.hasSuffix(".receipts") {
            try reading(name, &report) { (report) throws(FileSystemError) in try readReceipts(name, &report) }
        }
        return report
    }

    /// Paths relative to the store's folder.
    private func files(below name: String) throws(FileSystemError) -> [String] {
        try StoreFiles.list(fileSystem, root, below: name)
    }

    /// A file that a running server has taken away is none.
    private func reading(
        _ name: String, _ report: inout Report, _ body: (inout Report) throws(FileSystemError) -> Void
    ) throws(FileSystemError) {
        do throws(FileSystemError) { try body(&report) } catch { if error.code != .notFound { throw error } }
    }

    /// These files are small: an eighth of what a project may have of refused spans.
    private func readRejected(_ name: String, _ report: inout Report) throws(FileSystemError) {
        let bytes = try fileSystem.readWhole(FilePath.join(root, name), maximumByteCount: Self.maximumRejectedByteCount)
        observer.progress(bytes.count)
        let file = RejectedSpanCoding.decode(bytes, ids: 0 ..< .max)
        if file.isUnknown { report.findings.damage(name, at: 0, "its header is of no version that is known, or damaged") }
        if file.damagedRecordCount == 1 {
            report.findings.note(name, "a record cannot be read: a crash cut it off, or it is damaged, which cannot be told apart")
        } else if file.damagedRecordCount > 1 {
            report.findings.damage(name, "\(file.damagedRecordCount) records cannot be read")
        }
        // The zeros of the header, and its time, have no checksum. The time is that of the span that was written first, or of the oldest.
        if let oldest = RejectedSpanCoding.oldestUnixNano(inHeader: bytes), file.damagedRecordCount == 0, !file.spans.isEmpty {
            let times = file.spans.map(\.span.receivedUnixNano)
            let isKnown = oldest == times.first || oldest == times.min()
            if !isKnown || bytes.prefix(RejectedSpanCoding.headerByteCount) != RejectedSpanCoding.header(oldestUnixNano: oldest)[...] {
                report.findings.damage(name, at: 0, "its header does not fit its records")
            }
        }
        report.rejectedSpanCount += file.spans.count
    }

    /// As `RejectedSpanFiles` reads them.
    private static let maximumRejectedByteCount = 1 << 30

    private func readReceipts(_ name: String, _ report: inout Report) throws(FileSystemError) {
        let file = try fileSystem.open(FilePath.join(root, name), .read)
        defer { file.close() }
        let byteCount = try file.size()
        guard try file.read(count: ReceiptBlockCoding.fileHeaderByteCount, at: 0) == ReceiptBlockCoding.fileHeader else {
            // Its header is durable before the first block is written.
            if byteCount > ReceiptBlockCoding.fileHeaderByteCount {
                return report.findings.damage(name, at: 0, "its header is damaged")
            }
            return report.findings.note(name, at: 0, "it was begun and never held a receipt: a crash, or a full disk")
        }
        var offset = ReceiptBlockCoding.fileHeaderByteCount
        while offset < byteCount {
            let head = try file.read(count: ReceiptBlockCoding.headerByteCount, at: offset)
            guard let header = ReceiptBlockCoding.header(head),
                offset + ReceiptBlockCoding.headerByteCount + header.payloadByteCount <= byteCount
            else {
                if try hasBlock(file, behind: offset, byteCount: byteCount) {
                    report.findings.damage(name, at: offset, "a block of receipts is damaged, and so those behind it are not found")
                } else {
                    report.findings.note(name, at: offset, "the last block of receipts is cut off: a crash, and the log has them still")
                }
                return
            }
            let payload = try file.read(count: header.payloadByteCount, at: offset + ReceiptBlockCoding.headerByteCount)
            if ReceiptBlockCoding.isWhole(payload, header) {
                report.receiptCount += header.count
            } else if offset + ReceiptBlockCoding.headerByteCount + header.payloadByteCount == byteCount {
                report.findings.note(
                    name, at: offset, "the last \(header.count) receipts are not whole: a crash, and the log has them still")
            } else {
                report.findings.damage(name, at: offset, "\(header.count) receipts are damaged")
            }
            offset += ReceiptBlockCoding.headerByteCount + header.payloadByteCount
            observer.progress(head.count + payload.count)
        }
    }
}

extension SideFilesInspection {
    /// Whether a whole header of a block stands anywhere behind an offset: headers have a checksum of their own.
    private func hasBlock(_ file: any File, behind offset: Int, byteCount: Int) throws(FileSystemError) -> Bool {
        var position = offset + 1
        while position + ReceiptBlockCoding.headerByteCount <= byteCount {
            let bytes = try file.read(count: min(Self.scanByteCount, byteCount - position), at: position)
            for start in 0...max(0, bytes.count - ReceiptBlockCoding.headerByteCount) {
                let head = Array(bytes[start..<min(bytes.count, start + ReceiptBlockCoding.headerByteCount)])
                if ReceiptBlockCoding.header(head) != nil { return true }
            }
            position += max(1, bytes.count - ReceiptBlockCoding.headerByteCount + 1)
        }
        return false
    }

    private static let scanByteCount = 1 << 16
}

/// The files of a store's folder.
enum StoreFiles {
    /// Every file below a folder, sorted; paths are relative to the store's. Nothing where there is no such folder; what goes away
    /// meanwhile is left out.
    static func list(_ fileSystem: any FileSystem, _ root: String, below name: String) throws(FileSystemError) -> [String] {
        if name.isEmpty { return try fileSystem.files(below: root) }
        return try fileSystem.files(below: FilePath.join(root, name)).map { name + "/" + $0 }
    }
}
