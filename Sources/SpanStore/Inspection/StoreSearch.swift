import ByteCoding
import FileSystem
import Parquet
import TraceModel

#if canImport(Glibc)
    import Glibc
#endif

/// Finds out which files of a store hold given bytes: what is left of something that was deleted.
///
/// Every file is looked through as it lies, the log's files that wait to be written over, the quarantine and the receipts, too; of
/// Parquet files also every page, decompressed. A text in the log may be escaped, if it came as JSON: both forms are looked for. One
/// page, or 1 MiB of a file, is in memory at a time.
package struct StoreSearch {
    private let fileSystem: any FileSystem
    private let root: String
    private let observer: InspectionObserver
    private let needle: Needle

    /// What is looked for.
    package enum Needle: Sendable {
        case text(String)
        case traceID(TraceID)

        /// The forms it may have in a file.
        var patterns: [[UInt8]] {
            switch self {
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

    /// - Parameter needle: at least four bytes; less occurs everywhere.
    package init(
        fileSystem: any FileSystem, root: String, needle: Needle, observer: InspectionObserver = InspectionObserver()
    ) {
        self.fileSystem = fileSystem
        self.root = root
        self.needle = needle
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
        for path in try StoreFiles.list(fileSystem, root, below: "") {
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
        let patterns = needle.patterns
        // What lies across two steps is found in the second, which begins with the end of the first.
        let overlap = (patterns.map(\.count).max() ?? 1) - 1
        var offset = 0, count = 0
        var first: Int?
        var kept: [UInt8] = []
        while true {
            let read = try file.read(count: Self.stepByteCount, at: offset)
            if read.isEmpty { break }
            let bytes = kept + read
            for pattern in patterns {
                // A place that lies wholly in what was kept has been counted.
                for place in BytePattern.places(of: pattern, in: bytes) where place + pattern.count > kept.count {
                    first = min(first ?? .max, offset - kept.count + place)
                    count += 1
                }
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
        let patterns = needle.patterns
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
                    count += Self.count(patterns, in: page.values, tail: &tail)
                }
                if count > 0 {
                    let place = "row group \(group), column \(leaf.path.joined(separator: "/"))"
                    report.hits.append(Hit(file: path, kind: kind, place: place, count: count))
                }
            }
        }
    }

    /// Occurrences in the values of a page; one of a dictionary that no row uses counts, too: its bytes are there.
    private static func count(_ patterns: [[UInt8]], in values: DecodedLeaf.Values, tail: inout [UInt8]) -> Int {
        let bytes: [UInt8]
        switch values {
        case .byteArray(_, let all), .dictionary(_, _, let all): bytes = all
        case .fixedLength(let all, _): bytes = all
        default: return 0
        }
        let joined = tail + bytes
        let count = patterns.reduce(0) { total, pattern in
            total + BytePattern.places(of: pattern, in: joined).count { $0 + pattern.count > tail.count }
        }
        tail = Array(joined.suffix((patterns.map(\.count).max() ?? 1) - 1))
        return count
    }
}

/// Looking for bytes in bytes.
enum BytePattern {
    /// Where the pattern begins; places may overlap.
    static func places(of pattern: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard let first = pattern.first, bytes.count >= pattern.count else { return [] }
        var places: [Int] = []
        bytes.withUnsafeBytes { bytes in
            pattern.withUnsafeBytes { pattern in
                var start = 0
                let last = bytes.count - pattern.count
                while start <= last, let found = Self.firstIndex(of: first, in: bytes, from: start, through: last) {
                    if UnsafeRawBufferPointer(rebasing: bytes[found..<found + pattern.count]).elementsEqual(pattern) {
                        places.append(found)
                    }
                    start = found + 1
                }
            }
        }
        return places
    }

    private static func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int, through last: Int) -> Int? {
        guard let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), last - start + 1) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
