import ByteCoding
import FileSystem

/// One project's refused spans on disk: files numbered from 1, each an eighth of what is allowed; when there is too much,
/// the oldest file goes. A file starts with "SPNDLREJ" and a version (4 bytes, 1), padded to sixteen bytes; records follow
/// (see RejectedSpan) up to the first that is not whole. Nothing is appended to a file of an earlier run.
struct RejectedSpanFiles: Sendable {
    private struct Listed: Sendable {
        var number: UInt64
        var byteCount: Int
        var counts: [String: Int]
        var spanCount: Int { counts.values.reduce(0, +) }
    }

    private let fileSystem: any FileSystem
    private let directory: String
    private let limits: RejectedSpanQuarantine.Limits
    /// Oldest first.
    private var files: [Listed] = []
    private var current: (any File)?
    private var nextNumber: UInt64 = 1

    static let header: [UInt8] = Array("SPNDLREJ".utf8) + [1, 0, 0, 0, 0, 0, 0, 0]
    private static let suffix = ".rejected"
    private static let fileCount = 8
    /// Far above any file written, whatever the limits were then; keeps a damaged size from filling memory.
    private static let maximumReadByteCount = 1 << 30

    /// Reads what is there.
    init(fileSystem: any FileSystem, directory: String, limits: RejectedSpanQuarantine.Limits) throws(FileSystemError) {
        self.fileSystem = fileSystem
        self.directory = directory
        self.limits = limits
        guard try fileSystem.exists(directory) else { return }
        for name in try fileSystem.list(directory) where name.hasSuffix(Self.suffix) {
            guard let number = UInt64(name.dropLast(Self.suffix.count)) else { continue }
            var listed = Listed(number: number, byteCount: try fileSystem.size(of: path(number)), counts: [:])
            for span in try read(number) { listed.counts[span.reason, default: 0] += 1 }
            files.append(listed)
            nextNumber = max(nextNumber, number + 1)
        }
        files.sort { $0.number < $1.number }
    }

    var countsByReason: [String: Int] {
        files.reduce(into: [:]) { counts, file in counts.merge(file.counts, uniquingKeysWith: +) }
    }

    /// Makes the spans durable. Returns how many older ones had to go.
    mutating func append(_ spans: [RejectedSpan]) throws(FileSystemError) -> Int {
        var rest = spans[...]
        while !rest.isEmpty {
            let file = try currentFile()
            var writer = ByteWriter()
            var counts: [String: Int] = [:]
            let last = files.count - 1
            let spanCount = files[last].spanCount
            var taken = 0
            while let span = rest.first, taken == 0 || hasRoom(files[last].byteCount + writer.count, spanCount + taken, for: span) {
                span.encode(into: &writer)
                counts[span.reason, default: 0] += 1
                taken += 1
                rest.removeFirst()
            }
            do throws(FileSystemError) {
                try file.write(writer.bytes, at: files[last].byteCount)
                try file.synchronizeData()
            } catch {
                // What is behind the last whole record is unknown now: go on in a new file.
                current = nil
                throw error
            }
            files[last].byteCount += writer.count
            files[last].counts.merge(counts, uniquingKeysWith: +)
            if let next = rest.first, !hasRoom(files[last].byteCount, files[last].spanCount, for: next) { current = nil }
        }
        return try evict()
    }

    private func hasRoom(_ byteCount: Int, _ spanCount: Int, for span: RejectedSpan) -> Bool {
        byteCount + span.recordByteCount <= limits.maximumByteCount / Self.fileCount
            && spanCount < max(1, limits.maximumSpanCount / Self.fileCount)
    }

    private mutating func currentFile() throws(FileSystemError) -> any File {
        if let current, let last = files.last, last.byteCount < limits.maximumByteCount / Self.fileCount,
            last.spanCount < max(1, limits.maximumSpanCount / Self.fileCount)
        {
            return current
        }
        try fileSystem.createDirectory(directory)
        let number = nextNumber
        nextNumber += 1
        let file = try fileSystem.open(path(number), .create)
        try file.write(Self.header, at: 0)
        try file.synchronizeData()
        try fileSystem.synchronizeDirectory(directory)
        files.append(Listed(number: number, byteCount: Self.header.count, counts: [:]))
        current = file
        return file
    }

    /// Removes the oldest files while there is too much, but never the youngest.
    private mutating func evict() throws(FileSystemError) -> Int {
        var evictedCount = 0
        while files.count > 1, let oldest = files.first,
            files.reduce(0, { $0 + $1.byteCount }) > limits.maximumByteCount
                || files.reduce(0, { $0 + $1.spanCount }) > limits.maximumSpanCount
        {
            try fileSystem.remove(path(oldest.number))
            evictedCount += oldest.spanCount
            files.removeFirst()
        }
        return evictedCount
    }

    /// The youngest first.
    func spans(skipping: Int, maximumCount: Int) throws(FileSystemError) -> [RejectedSpan] {
        var spans: [RejectedSpan] = []
        var toSkip = max(0, skipping)
        for file in files.reversed() where spans.count < maximumCount {
            if file.spanCount <= toSkip {
                toSkip -= file.spanCount
                continue
            }
            let youngestFirst = try read(file.number).reversed().dropFirst(toSkip)
            toSkip = 0
            spans.append(contentsOf: youngestFirst.prefix(maximumCount - spans.count))
        }
        return spans
    }

    mutating func removeAll() throws(FileSystemError) {
        current = nil
        while let file = files.last {
            try fileSystem.remove(path(file.number))
            files.removeLast()
        }
        if try fileSystem.exists(directory) { try fileSystem.removeDirectory(directory) }
    }

    /// The whole records of a file.
    private func read(_ number: UInt64) throws(FileSystemError) -> [RejectedSpan] {
        let bytes = try fileSystem.readWhole(path(number), maximumByteCount: Self.maximumReadByteCount)
        guard bytes.starts(with: Self.header) else { return [] }
        return bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes, offset: Self.header.count)
            var spans: [RejectedSpan] = []
            while let span = try? RejectedSpan.decode(&reader) { spans.append(span) }
            return spans
        }
    }

    private func path(_ number: UInt64) -> String {
        let digits = String(number)
        return FilePath.join(directory, String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits + Self.suffix)
    }
}
