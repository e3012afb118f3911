/// Checks the order in which a store writes, synchronizes, renames and answers, from the calls it made.
///
/// A call begins and ends: what is to be durable must have ended, what must not come too early must not have begun. Nothing is taken from
/// what the store says of itself but its answers.
package struct WriteOrder {
    package enum Event: Sendable, Equatable {
        /// `id` belongs to the call's end.
        case began(id: Int, FileCall)
        case ended(id: Int, failed: Bool)
        /// Somebody was told that a request is stored or something is deleted.
        case answered(String)
    }

    package struct Rule: Sendable, Hashable {
        package var name: String
        static let answer = Rule(name: "an answer follows the fdatasync of what it covers")
        static let rename = Rule(name: "no file is renamed with bytes that are not synchronized")
        static let publish = Rule(name: "a manifest edit follows the directory's fsync of the files it names")
        static let release = Rule(name: "the log lets go of a file once the manifest is durable")
        static let removal = Rule(name: "a segment's file is removed once the edit that drops it is durable")
        static let checkpoint = Rule(name: "a manifest file is in force only once it and its name are durable")
    }

    /// One file, whatever its name is by now.
    private struct Inode {
        /// Writes that began and are not synchronized.
        var dirty: Set<Int> = []
    }

    /// All of them.
    package static let ruleCount = 6

    private let root: String
    private var inodes: [Int: Inode] = [:]
    private var names: [String: Int] = [:]
    private var calls: [Int: (call: FileCall, inode: Int?, covered: Set<Int>)] = [:]
    /// Names of a directory that were changed since it was synchronized.
    private var pendingNames: [String: Set<String>] = [:]
    private var pendingCovered: [Int: Set<String>] = [:]
    /// Files of the log with groups, or headers, that are not synchronized.
    private var dirtyGroups: [Int: Set<Int>] = [:]
    private var manifestEditsSince: [String: Int] = [:]
    private var durableEditCount = 0
    private var writeNumber = 0
    package private(set) var findings: [String] = []
    /// How often a rule was looked at: one that never was proves nothing.
    package private(set) var checks: [Rule: Int] = [:]

    package init(root: String) { self.root = root }

    package mutating func take(_ event: Event) {
        switch event {
        case .began(let id, let call): begin(id, call)
        case .ended(let id, let failed): end(id, failed)
        case .answered(let text): answer(text)
        }
    }

    // MARK: Calls

    private func relative(_ path: String) -> String { path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path }
    private static func folder(_ path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
    private func isManifest(_ path: String) -> Bool { path.hasPrefix("manifest/MANIFEST") }
    private func isLog(_ path: String) -> Bool { path.hasPrefix("wal/") && path.hasSuffix(".wal") }
    private func isSegment(_ path: String) -> Bool { path.hasPrefix("spans/") || path.hasPrefix("payloads/") }

    private mutating func inode(_ path: String) -> Int {
        if let known = names[path] { return known }
        let number = inodes.count + 1
        inodes[number] = Inode()
        names[path] = number
        return number
    }

    private mutating func begin(_ id: Int, _ call: FileCall) {
        let path = relative(call.path)
        var covered: Set<Int> = []
        switch call.kind {
        case .write, .truncate:
            let number = inode(path)
            if isManifest(path), call.kind == .write { beforeEdit(path) }
            writeNumber += 1
            covered = [writeNumber]
            inodes[number]?.dirty.insert(writeNumber)
            if isLog(path), call.start.starts(with: Self.groupMagic) { dirtyGroups[number, default: []].insert(writeNumber) }
        case .synchronize:
            let number = inode(path), underWay = Set(calls.values.flatMap(\.covered))
            covered = (inodes[number]?.dirty ?? []).subtracting(underWay)
        case .synchronizeDirectory: pendingCovered[id] = pendingNames[path == root || path.isEmpty ? "." : path] ?? []
        case .rename: beforeRename(path, relative(call.target ?? ""))
        case .remove: beforeRemoval(path)
        default: break
        }
        let number = [.write, .truncate, .synchronize].contains(call.kind) ? inode(path) : nil
        calls[id] = (call, number, covered)
    }

    static let groupMagic: [UInt8] = Array("SPWG".utf8)

    private mutating func end(_ id: Int, _ failed: Bool) {
        guard let (call, number, covered) = calls.removeValue(forKey: id) else { return }
        let path = relative(call.path)
        let names = pendingCovered.removeValue(forKey: id) ?? []
        guard !failed else { return }
        switch call.kind {
        case .create:
            _ = inode(path)
            pendingNames[Self.folder(path), default: []].insert(path)
        case .synchronize:
            guard let number else { return }
            inodes[number]?.dirty.subtract(covered)
            dirtyGroups[number]?.subtract(covered)
            if isManifest(path), !covered.isEmpty { durableEditCount += 1 }
        case .synchronizeDirectory:
            let directory = path == root || path.isEmpty ? "." : path
            pendingNames[directory]?.subtract(names)
        case .rename:
            let target = relative(call.target ?? "")
            let renamed = self.names.removeValue(forKey: path) ?? inode(target)
            self.names[target] = renamed
            pendingNames[Self.folder(target), default: []].insert(target)
            pendingNames[Self.folder(path)]?.remove(path)
            if isSegment(target) { manifestEditsSince[target] = durableEditCount }
        case .remove:
            self.names[path] = nil
            pendingNames[Self.folder(path)]?.remove(path)
        default: break
        }
    }

    // MARK: Rules

    private mutating func expect(_ rule: Rule, _ isKept: Bool, _ what: @autoclosure () -> String) {
        checks[rule, default: 0] += 1
        if !isKept, findings.count < 50 { findings.append("\(rule.name): \(what())") }
    }

    private func unsynchronized(_ matches: (String) -> Bool) -> [String] {
        names.filter { matches($0.key) && !(inodes[$0.value]?.dirty.isEmpty ?? true) }.map(\.key).sorted()
    }

    private func pending(_ directory: String) -> [String] { (pendingNames[directory] ?? []).sorted() }

    private mutating func answer(_ text: String) {
        let groups = dirtyGroups.filter { !$0.value.isEmpty }.keys.compactMap { number in names.first { $0.value == number }?.key }
        expect(.answer, groups.isEmpty, "\(text), and groups of \(groups) are not synchronized")
        let logNames = pending("wal")
        expect(.answer, logNames.isEmpty, "\(text), and \(logNames) are not durable names")
        let edits = unsynchronized { isManifest($0) }
        expect(.answer, edits.isEmpty, "\(text), and \(edits) are not synchronized")
    }

    private mutating func beforeRename(_ path: String, _ target: String) {
        let isDirty = names[path].flatMap { inodes[$0] }.map { !$0.dirty.isEmpty } ?? false
        expect(.rename, !isDirty, "\(path) to \(target)")
        if isLog(path) {
            let edits = unsynchronized { isManifest($0) }
            expect(.release, edits.isEmpty, "\(path) is used again, and \(edits) are not synchronized")
        }
        if target == "manifest/CURRENT" {
            let files = unsynchronized { isManifest($0) }
            expect(.checkpoint, files.isEmpty, "CURRENT is replaced, and \(files) are not synchronized")
            let names = pending("manifest").filter { isManifest($0) }
            expect(.checkpoint, names.isEmpty, "CURRENT is replaced, and \(names) are not durable names")
        }
    }

    private mutating func beforeRemoval(_ path: String) {
        let edits = unsynchronized { isManifest($0) }
        if isSegment(path) {
            expect(.removal, edits.isEmpty, "\(path) goes, and \(edits) are not synchronized")
            let since = durableEditCount - (manifestEditsSince[path] ?? -2)
            expect(.removal, since >= 2, "\(path) goes, and no edit since it was published is durable")
        } else if isLog(path) {
            expect(.release, edits.isEmpty, "\(path) goes, and \(edits) are not synchronized")
        } else if isManifest(path) {
            let names = pending("manifest").filter { $0 == "manifest/CURRENT" }
            expect(.checkpoint, names.isEmpty, "\(path) goes, and CURRENT is not a durable name")
        }
    }

    private mutating func beforeEdit(_ path: String) {
        for (directory, names) in pendingNames where isSegment(directory + "/") {
            expect(.publish, names.isEmpty, "an edit is written to \(path), and \(names.sorted()) are not durable names")
        }
        let temporary = unsynchronized { isSegment($0) }
        expect(.publish, temporary.isEmpty, "an edit is written to \(path), and \(temporary) are not synchronized")
    }
}
