import ByteCoding
import FileSystem

/// One project's refused spans on disk: numbered files, each an eighth of what is allowed; when there is too much, the oldest file goes.
/// Nothing is appended to a file of an earlier run. What leaves earlier (replayed, deleted, too old) is left out of a new version of its
/// file that takes the old one's place, so its bytes are gone, and after a crash it is either there or not.
struct RejectedSpanFiles: Sendable {
    private struct Listed: Sendable {
        var number: UInt64
        var byteCount: Int
        var nextID: KeptSpan.ID
        var spanCount = 0
        var firstUnixNano: UInt64 = .max
        var lastUnixNano: UInt64 = 0
        var groups: [String: RejectedSpanGroup] = [:]
        /// Of a newer version, or damaged in its header: what is in it is not known, so it is left as it is.
        var isUnknown = false

        init(number: UInt64, byteCount: Int) {
            self.number = number
            self.byteCount = byteCount
            nextID = RejectedSpanFiles.firstID(of: number)
        }

        mutating func add(_ kept: KeptSpan) {
            spanCount += 1
            nextID = max(nextID, kept.id + 1)
            firstUnixNano = min(firstUnixNano, kept.span.receivedUnixNano)
            lastUnixNano = max(lastUnixNano, kept.span.receivedUnixNano)
            groups[kept.span.reason, default: RejectedSpanGroup()].add(kept)
        }

        func has(_ selection: RejectedSpanSelection) -> Bool {
            if let reason = selection.reason, groups[reason] == nil { return false }
            return selection.ids?.contains { RejectedSpanFiles.number(of: $0) == number } ?? true
        }
    }

    private let fileSystem: any FileSystem
    private let directory: String
    private let limits: QuarantineLimits
    /// Oldest first.
    private var files: [Listed] = []
    /// The youngest file, when it was begun by this process and has room.
    private var current: (any File)?
    /// What the next span of `current` has before it.
    private var currentOrigin: RejectedSpanOrigin?
    private var nextNumber: UInt64 = 1
    /// Records that could not be read when the files were listed.
    private(set) var damagedRecordCount = 0

    private static let suffix = ".rejected"
    private static let fileCount = 8
    /// Far above any file written, whatever the limits were then; keeps a damaged size from filling memory.
    private static let maximumReadByteCount = 1 << 30
    /// An id is the number of its file and, in these bits, its place there.
    private static let placeBits: UInt64 = 24

    static func firstID(of number: UInt64) -> KeptSpan.ID { number << placeBits }
    static func number(of id: KeptSpan.ID) -> UInt64 { id >> placeBits }

    /// Reads what is there.
    init(fileSystem: any FileSystem, directory: String, limits: QuarantineLimits) throws(FileSystemError) {
        self.fileSystem = fileSystem
        self.directory = directory
        self.limits = limits
        guard try fileSystem.exists(directory) else { return }
        for name in try fileSystem.list(directory) {
            guard let number = Self.number(ofName: name) else {
                // A new version of a file that a crash kept from taking its place.
                if name.hasSuffix(Self.suffix + ".tmp") { try fileSystem.remove(FilePath.join(directory, name)) }
                continue
            }
            var listed = Listed(number: number, byteCount: try fileSystem.size(of: path(number)))
            let file = try read(number)
            listed.isUnknown = file.isUnknown
            for kept in file.spans { listed.add(kept) }
            damagedRecordCount += file.damagedRecordCount
            files.append(listed)
            nextNumber = max(nextNumber, number + 1)
        }
        files.sort { $0.number < $1.number }
    }

    /// Whether a project's files hold a span older than that, as far as their headers say; true where one has to be read to know.
    static func mayHoldSpans(
        before unixNano: UInt64, _ fileSystem: any FileSystem, directory: String
    ) throws(FileSystemError) -> Bool {
        for name in try fileSystem.list(directory) where number(ofName: name) != nil {
            let file = try fileSystem.open(FilePath.join(directory, name), .read)
            defer { file.close() }
            let header = try file.read(count: RejectedSpanCoding.headerByteCount, at: 0)
            guard let oldest = RejectedSpanCoding.oldestUnixNano(inHeader: header), oldest >= unixNano else { return true }
        }
        return false
    }

    /// Files whose header is of no version that is known here.
    var unknownFileNames: [String] { files.filter(\.isUnknown).map { path($0.number) } }

    // MARK: What is there

    /// By reason.
    var groups: [String: RejectedSpanGroup] {
        files.reduce(into: [:]) { groups, file in groups.merge(file.groups) { $0.merged(with: $1) } }
    }

    /// Above the id of every span that is kept now.
    var nextID: KeptSpan.ID { files.last?.nextID ?? 0 }

    /// The youngest first, of those that are selected.
    func spans(_ selection: RejectedSpanSelection, below id: KeptSpan.ID, maximumCount: Int) throws(FileSystemError) -> [KeptSpan] {
        var spans: [KeptSpan] = []
        for file in files.reversed() where Self.firstID(of: file.number) < id && spans.count < maximumCount && file.has(selection) {
            let found = try read(file.number).spans.reversed().lazy.filter { $0.id < id && selection.contains($0) }
            spans.append(contentsOf: found.prefix(maximumCount - spans.count))
        }
        return spans
    }

    /// The selected spans of the oldest file that has some from `first` on, oldest first; empty when there is none.
    func oldestSpans(_ selection: RejectedSpanSelection, from first: KeptSpan.ID, below end: KeptSpan.ID) throws(FileSystemError)
        -> [KeptSpan]
    {
        for file in files where file.nextID > first && Self.firstID(of: file.number) < end && file.has(selection) {
            let found = try read(file.number).spans.filter { $0.id >= first && $0.id < end && selection.contains($0) }
            if !found.isEmpty { return found }
        }
        return []
    }

    // MARK: Adding

    /// What became of spans that were to be kept.
    struct Appended {
        var keptCount = 0
        /// Older ones that had to go.
        var evictedCount = 0
        var failedCount = 0
    }

    /// Makes the spans durable, as many as the disk takes. The bounds hold after every file, and after a failure.
    mutating func append(_ spans: [RejectedSpan]) -> Appended {
        var appended = Appended(), rest = spans[...]
        while !rest.isEmpty {
            // Before as well: the limits may have been others when the files were written.
            appended.evictedCount += evict()
            let count = rest.count
            do throws(FileSystemError) { try fillFile(&rest) } catch {
                appended.failedCount = count
                break
            }
            appended.keptCount += count - rest.count
        }
        appended.evictedCount += evict()
        return appended
    }

    /// Writes as many spans as the current file takes, one at least. On an error none of them counts as written.
    private mutating func fillFile(_ rest: inout ArraySlice<RejectedSpan>) throws(FileSystemError) {
        let whole = rest
        do throws(FileSystemError) {
            guard let first = rest.first else { return }
            let file = try currentFile(for: first)
            var writer = ByteWriter()
            var origin = currentOrigin
            var last = files[files.count - 1]
            var taken = 0
            while let span = rest.first, taken == 0 || hasRoom(last, writer.count, for: span) {
                let kept = KeptSpan(id: last.nextID, span: span)
                RejectedSpanCoding.encode(kept, after: &origin, into: &writer)
                last.add(kept)
                taken += 1
                rest.removeFirst()
            }
            try file.write(writer.bytes, at: last.byteCount)
            try file.synchronizeData()
            last.byteCount += writer.count
            files[files.count - 1] = last
            currentOrigin = origin
            if let next = rest.first, !hasRoom(last, 0, for: next) { current = nil }
        } catch {
            rest = whole
            // What is behind the last whole record is unknown now: go on in a new file.
            current = nil
            removeLastIfEmpty()
            throw error
        }
    }

    /// A file that was begun in vain: on a full disk every try would leave one.
    private mutating func removeLastIfEmpty() {
        guard let last = files.last, last.spanCount == 0, !last.isUnknown, last.byteCount <= RejectedSpanCoding.headerByteCount else {
            return
        }
        try? fileSystem.remove(path(last.number))
        files.removeLast()
    }

    private func hasRoom(_ file: Listed, _ moreByteCount: Int, for span: RejectedSpan) -> Bool {
        let originByteCount = span.origin.map { $0 == currentOrigin ? 0 : RejectedSpanCoding.maximumByteCount(of: $0) } ?? 0
        let byteCount = file.byteCount + moreByteCount + originByteCount + RejectedSpanCoding.maximumByteCount(of: span)
        return byteCount <= limits.maximumByteCount / Self.fileCount && file.spanCount < max(1, limits.maximumSpanCount / Self.fileCount)
    }

    private mutating func currentFile(for first: RejectedSpan) throws(FileSystemError) -> any File {
        if let current, let last = files.last, last.byteCount < limits.maximumByteCount / Self.fileCount,
            last.spanCount < max(1, limits.maximumSpanCount / Self.fileCount)
        {
            return current
        }
        try fileSystem.createDirectory(directory)
        // Seconds since 1970: when all files are gone, ids go on above the ones that were given.
        let number = max(nextNumber, first.receivedUnixNano / 1_000_000_000)
        nextNumber = number + 1
        let file = try fileSystem.open(path(number), .create)
        let header = RejectedSpanCoding.header(oldestUnixNano: first.receivedUnixNano)
        // Listed first: should it fail now, it is removed like any that was begun in vain.
        files.append(Listed(number: number, byteCount: header.count))
        try file.write(header, at: 0)
        try file.synchronizeData()
        try fileSystem.synchronizeDirectory(directory)
        current = file
        currentOrigin = nil
        return file
    }

    /// Removes the oldest files while there is too much, but never the youngest. One that cannot be removed is tried again the next time.
    private mutating func evict() -> Int {
        var evictedCount = 0
        while true {
            let known = files.filter { !$0.isUnknown }
            guard known.count > 1, let oldest = known.first,
                known.reduce(0, { $0 + $1.byteCount }) > limits.maximumByteCount
                    || known.reduce(0, { $0 + $1.spanCount }) > limits.maximumSpanCount,
                (try? fileSystem.remove(path(oldest.number))) != nil
            else { return evictedCount }
            evictedCount += oldest.spanCount
            files.removeAll { $0.number == oldest.number }
        }
    }

    // MARK: Taking away

    /// Gives some spans another reason and takes others away, durably. Returns how many are gone.
    mutating func resolve(removing ids: Set<KeptSpan.ID>, reasons: [KeptSpan.ID: String]) throws(FileSystemError) -> Int {
        let numbers = Set(ids.map(Self.number(of:))).union(reasons.keys.map(Self.number(of:)))
        var removedCount = 0
        for number in numbers.sorted() {
            removedCount += try rewrite(number) { kept in
                guard !ids.contains(kept.id) else { return nil }
                var kept = kept
                if let reason = reasons[kept.id] { kept.span.reason = reason }
                return kept
            }
        }
        return removedCount
    }

    /// Takes the selected spans away; with everything, files too of which it is not known what they hold. Returns how many spans, as far as
    /// they are known.
    mutating func remove(_ selection: RejectedSpanSelection) throws(FileSystemError) -> Int {
        if selection.isEverything { try removeUnknown() }
        var removedCount = 0
        for file in files where file.has(selection) {
            removedCount += try rewrite(file.number) { selection.contains($0) ? nil : $0 }
        }
        return removedCount
    }

    /// Takes the spans away that match. Returns how many.
    mutating func remove(where matches: (RejectedSpan) -> Bool) throws(FileSystemError) -> Int {
        var removedCount = 0
        for file in files where file.spanCount > 0 { removedCount += try rewrite(file.number) { matches($0.span) ? nil : $0 } }
        return removedCount
    }

    private mutating func removeUnknown() throws(FileSystemError) {
        guard files.contains(where: \.isUnknown) else { return }
        for file in files where file.isUnknown {
            try fileSystem.remove(path(file.number))
            files.removeAll { $0.number == file.number }
        }
        try fileSystem.synchronizeDirectory(directory)
    }

    /// Takes the spans away that came before then. Returns how many.
    mutating func removeSpans(before unixNano: UInt64) throws(FileSystemError) -> Int {
        var removedCount = 0
        // Of a file of which nothing could be read its number says when it was begun.
        for file in files where file.firstUnixNano < unixNano || file.spanCount == 0 && file.number < unixNano / 1_000_000_000 {
            removedCount += try rewrite(file.number) { $0.span.receivedUnixNano < unixNano ? nil : $0 }
        }
        return removedCount
    }

    /// Returns how many spans `keep` left out. A file without spans is removed, but none of which is not known what it holds.
    private mutating func rewrite(_ number: UInt64, _ keep: (KeptSpan) -> KeptSpan?) throws(FileSystemError) -> Int {
        guard let place = files.firstIndex(where: { $0.number == number }), !files[place].isUnknown else { return 0 }
        let before = try read(number).spans, after = before.compactMap(keep)
        guard after != before || after.isEmpty else { return 0 }
        // An open file would go on below the name of the new one.
        if place == files.count - 1 { current = nil }
        if after.isEmpty {
            try fileSystem.remove(path(number))
            try fileSystem.synchronizeDirectory(directory)
            files.remove(at: place)
            return before.count
        }
        var writer = ByteWriter()
        writer.append(RejectedSpanCoding.header(oldestUnixNano: after.map(\.span.receivedUnixNano).min() ?? 0))
        var origin: RejectedSpanOrigin?
        var listed = Listed(number: number, byteCount: 0)
        for kept in after {
            RejectedSpanCoding.encode(kept, after: &origin, into: &writer)
            listed.add(kept)
        }
        listed.byteCount = writer.count
        try fileSystem.replace(path(number), with: writer.bytes)
        files[place] = listed
        return before.count - after.count
    }

    mutating func removeAll() throws(FileSystemError) {
        current = nil
        while let file = files.last {
            try fileSystem.remove(path(file.number))
            files.removeLast()
        }
        if try fileSystem.exists(directory) { try fileSystem.removeDirectory(directory) }
    }

    // MARK: Files

    private func read(_ number: UInt64) throws(FileSystemError) -> RejectedSpanCoding.File {
        let bytes = try fileSystem.readWhole(path(number), maximumByteCount: Self.maximumReadByteCount)
        return RejectedSpanCoding.decode(bytes, ids: Self.firstID(of: number)..<Self.firstID(of: number + 1))
    }

    private static func number(ofName name: String) -> UInt64? {
        // A number that leaves no room for places is none that was given.
        guard name.hasSuffix(suffix), let number = UInt64(name.dropLast(suffix.count)), number < UInt64.max >> placeBits else { return nil }
        return number
    }

    private func path(_ number: UInt64) -> String {
        let digits = String(number)
        return FilePath.join(directory, String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits + Self.suffix)
    }
}
