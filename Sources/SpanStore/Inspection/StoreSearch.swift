import ByteCoding
import FileSystem
import Parquet
import TraceModel

/// Finds out which files of a store hold given bytes: what is left of something that was deleted.
///
/// Every file is looked through as it lies, the log's files that wait to be written over, the quarantine and the receipts, too; of
/// Parquet files also every page, decompressed. A text in the log may be escaped, if it came as JSON: both forms are looked for. One
/// page, or 1 MiB of a file, is in memory at a time.
package struct StoreSearch {
    private let fileSystem: any FileSystem
    private let root: String
    private let observer: InspectionObserver
    private let patterns: BytePatterns
    private let isWanted: @Sendable (String) -> Bool

    /// What is looked for.
    package enum Needle: Sendable {
        case text(String)
        case traceID(TraceID)
        /// Of two bytes each at least.
        case patterns([[UInt8]])

        /// The forms it may have in a file.
        var patterns: [[UInt8]] {
            switch self {
            case .patterns(let patterns): return patterns
            case .text(let text):
                let plain = Array(text.utf8)
                let escaped = Array(JSONValue.string(text).bytes.dropFirst().dropLast())
                return escaped == plain ? [plain] : [plain, escaped]
            case .traceID(let id):
                return [id.bytes, Array(id.hex.utf8), Array(id.hex.uppercased().utf8)]
            }
        }
    }

    package struct Hit: Hashable, Sendable {
        /// Relative to the store's folder.
        package var file: String
        package var kind: Kind
        /// Where in the file: a byte offset, or row group and column.
        package var place: String
        package var count: Int
    }

    package enum Kind: String, Sendable {
        case log
        /// A log file that counts for nobody and waits to be written over.
        case spareLog = "spare_log"
        case manifest
        case segment
        /// A Parquet file that the manifest does not name.
        case orphan
        case quarantine
        case receipts
        case other
    }

    package struct Report: Sendable {
        package var hits: [Hit] = []
        package var fileCount = 0
        package var byteCount = 0
        /// Files that could not be looked through to their end: what they hold is not known.
        package var unreadable: [String] = []
        package var isClean: Bool { hits.isEmpty && unreadable.isEmpty }
    }

    /// - Parameters:
    ///   - needle: at least four bytes; less occurs everywhere.
    ///   - isWanted: of a file's path, relative to the store's folder: whether it is looked through.
    package init(
        fileSystem: any FileSystem, root: String, needle: Needle, observer: InspectionObserver = InspectionObserver(),
        isWanted: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.fileSystem = fileSystem
        self.root = root
        patterns = BytePatterns(needle.patterns)
        self.isWanted = isWanted
        self.observer = observer
    }

    /// Errors: the store's folder cannot be read.
    package func run() throws -> Report {
        _ = try fileSystem.list(root)
        let quiet = InspectionObserver()
        let state = try ManifestInspection(fileSystem: fileSystem, root: root, observer: quiet).run().state ?? ManifestState()
        let log = try WALInspection(fileSystem: fileSystem, root: root, nodeID: nil, manifest: state, observer: quiet).run()
        let spares = Set(log.files.filter { $0.use == .spare }.map { "wal/" + $0.name })
        var published = Set<String>()
        for descriptor in state.segments.values {
            published.insert(StoreFileNames.spans(descriptor.partition, descriptor.sequence))
            published.insert(StoreFileNames.payloads(descriptor.partition, descriptor.sequence))
        }
        var report = Report()
        for path in try StoreFiles.list(fileSystem, root, below: "") where isWanted(path) {
            do {
                try search(path, kind: Self.kind(of: path, spares: spares, published: published), &report)
            } catch let error as FileSystemError where error.code == .notFound {
                continue  // A running server has taken it away.
            } catch {
                report.unreadable.append("\(path): \(error)")
            }
        }
        return report
    }

    private static func kind(of path: String, spares: Set<String>, published: Set<String>) -> Kind {
        if published.contains(path) { return .segment }
        switch path.prefix(while: { $0 != "/" }) {
        case "wal": return spares.contains(path) ? .spareLog : .log
        case "manifest": return .manifest
        case "quarantine": return .quarantine
        case "receipts": return .receipts
        case "spans", "payloads", "temporary": return .orphan
        default: return .other
        }
    }

    private func search(_ path: String, kind: Kind, _ report: inout Report) throws {
        let file = try fileSystem.open(FilePath.join(root, path), .read)
        defer { file.close() }
        report.fileCount += 1
        report.byteCount += try file.size()
        try searchBytes(file, path, kind, &report)
        if path.hasSuffix(".parquet") { try searchPages(path, kind, &report) }
    }

    // MARK: Bytes as they lie

    private func searchBytes(_ file: any File, _ path: String, _ kind: Kind, _ report: inout Report) throws(FileSystemError) {
        // What lies across two steps is found in the second, which begins with the end of the first.
        let overlap = max(0, patterns.maximumByteCount - 1)
        var offset = 0, count = 0
        var first: Int?
        var kept: [UInt8] = []
        while true {
            let read = try file.read(count: Self.stepByteCount, at: offset)
            if read.isEmpty { break }
            let bytes = kept + read
            patterns.forEachPlace(in: bytes) { place, byteCount in
                // A place that lies wholly in what was kept has been counted.
                if place + byteCount > kept.count {
                    first = min(first ?? .max, offset - kept.count + place)
                    count += 1
                }
                return true
            }
            observer.progress(read.count)
            offset += read.count
            kept = Array(bytes.suffix(overlap))
        }
        if let first { report.hits.append(Hit(file: path, kind: kind, place: "byte \(first)", count: count)) }
    }

    private static let stepByteCount = 1 << 20

    // MARK: Pages

    private func searchPages(_ path: String, _ kind: Kind, _ report: inout Report) throws {
        let source = try FileSource(fileSystem.open(FilePath.join(root, path), .read))
        let file = try ParquetFile.open(source)
        let context = ParquetReadContext()
        for group in 0..<file.rowGroupCount {
            for leaf in file.schema.leaves {
                switch leaf.type {
                case .byteArray, .fixedLengthByteArray: break
                default: continue
                }
                var count = 0
                // The end of the value before: the parts of a long value lie in neighbouring rows.
                var tail: [UInt8] = []
                let rowCount = file.metadata.rowGroups[group].rowCount
                let index = try file.offsetIndex(rowGroup: group, leaf: leaf.index, context: context)
                let starts = index?.pages.map(\.firstRow) ?? [0]
                for (place, start) in starts.enumerated() {
                    let rows = start..<(place + 1 < starts.count ? starts[place + 1] : rowCount)
                    let page = try file.readLeaf(rowGroup: group, leaf: leaf.index, rows: rows, offsetIndex: index, context: context)
                    count += self.count(in: page.values, tail: &tail)
                }
                if count > 0 {
                    let place = "row group \(group), column \(leaf.path.joined(separator: "/"))"
                    report.hits.append(Hit(file: path, kind: kind, place: place, count: count))
                }
            }
        }
    }

    /// Occurrences in the values of a page; one of a dictionary that no row uses counts, too: its bytes are there.
    private func count(in values: DecodedLeaf.Values, tail: inout [UInt8]) -> Int {
        let bytes: [UInt8]
        switch values {
        case .byteArray(_, let all), .dictionary(_, _, let all): bytes = all
        case .fixedLength(let all, _): bytes = all
        default: return 0
        }
        let joined = tail + bytes
        let before = tail.count
        var count = 0
        patterns.forEachPlace(in: joined) { place, byteCount in
            if place + byteCount > before { count += 1 }
            return true
        }
        tail = Array(joined.suffix(max(0, patterns.maximumByteCount - 1)))
        return count
    }
}
