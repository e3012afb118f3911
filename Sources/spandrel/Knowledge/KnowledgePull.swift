/// `spandrel kb pull`: a folder becomes what a revision or a draft says. Files first, then what the folder remembers: a pull that was
/// interrupted is done by the next.

import ByteCoding
import KnowledgeFiles
import KnowledgeModel

struct KnowledgePull: Sendable {
    let server: KnowledgeServer
    let folder: KnowledgeFolder
    /// nil: the active revision.
    let revision: Int?
    /// nil: no draft.
    let draft: String?
    let isForced: Bool

    /// What the files are to say, and what the folder remembers then.
    private struct Target {
        var source: KnowledgeServer.Source
        var listing: KnowledgeServer.Listing
        var state: FolderState
        /// What was put into the draft, or pulled from it before.
        var known: [EntryKey: KnowledgeHash?] = [:]
        /// For people.
        var name: String
    }

    /// Throws `CommandFailure` with everything that stands in the way; nothing is written then.
    func run() async throws {
        let before = try folder.state(), local = try LocalEntries(folder)
        let target = try await target(before)
        let plan = PullPlan(
            local: local.hashes, base: before.entries, known: target.known, source: target.listing.hashes, isForced: isForced)
        guard plan.conflicts.isEmpty else { throw Self.failure(plan.conflicts, local) }
        var paths = EntryPaths(present: local.entries.values.map(\.path))
        try await inOrder(plan.written.map { path(of: $0, target, local, &paths) }) { key, path in
            guard let entry = target.listing.entries[key] else { return "" }
            let content = try await server.content(of: key, entry.hash, at: target.source)
            try folder.write(EntryFile.bytes(of: KnowledgeEntry(key: key.text, content: content), at: path.new), to: path.new)
            // An article that became a table has another suffix.
            if let old = path.old, old != path.new { try folder.remove(old) }
            return "\(path.old == nil ? "added" : "changed") \(path.new)"
        }
        for key in plan.removed {
            guard let path = local.entries[key]?.path else { continue }
            try folder.remove(path)
            print(CommandText.line("removed \(path)"))
        }
        try folder.save(target.state)
        if !plan.kept.isEmpty { CommandText.tell("\(plan.kept.count) entries were changed here and stay as they are") }
        let count = plan.written.count + plan.removed.count
        CommandText.tell(count == 0 ? "nothing to do: the folder has \(target.name)" : "\(count) entries; the folder has \(target.name)")
    }

    private func target(_ before: FolderState) async throws -> Target {
        var state = before
        guard let draft else {
            let active = try await server.activeRevision()
            let number = revision ?? active
            let listing: KnowledgeServer.Listing
            do { listing = try await server.listing(of: .revision(number)) } catch let fault as RunServer.Fault where fault.status == 404 {
                throw CommandFailure("there is no revision \(number); the active one is \(active)")
            }
            state.revision = number
            state.entries = listing.hashes
            if !state.drafts.isEmpty {
                // What has ended has no changes to come.
                let open = try await server.openDrafts()
                state.drafts = state.drafts.filter { open.contains($0.key) }
            }
            return Target(source: .revision(number), listing: listing, state: state, name: "revision \(number)")
        }
        guard let found = try await server.draft(draft), !found.hasEnded else { throw CommandFailure("there is no draft \(draft)") }
        let base = try await server.listing(of: .revision(found.baseRevision)).hashes
        let listing = try await server.listing(of: .draft(draft))
        state.revision = found.baseRevision
        state.entries = base
        state.drafts[found.id] = listing.changes(from: base)
        return Target(
            source: .draft(draft), listing: listing, state: state, known: before.drafts[found.id] ?? [:],
            name: "the draft \(draft), based on revision \(found.baseRevision)")
    }

    private struct Path {
        var old: String?
        var new: String
    }

    private func path(
        of key: EntryKey, _ target: Target, _ local: LocalEntries, _ paths: inout EntryPaths
    ) -> (EntryKey, Path) {
        let old = local.entries[key]?.path
        guard let kind = target.listing.entries[key]?.kind else { return (key, Path(old: old, new: old ?? "")) }
        if let old, EntryPath.holds(old, kind) { return (key, Path(old: old, new: old)) }
        return (key, Path(old: old, new: paths.path(of: key, kind)))
    }

    private static func failure(_ conflicts: [EntryKey], _ local: LocalEntries) -> CommandFailure {
        let names = conflicts.map { key in
            CommandText.line(
                local.entries[key].map { "\($0.path): was changed here and there" } ?? "\(key): was removed here and changed there")
        }
        return CommandFailure(
            names.joined(separator: "\n")
                + "\nNothing was written. Commit what you have and pull with --force, then merge with Git; or push it into a draft.")
    }
}

extension KnowledgeServer.Listing {
    /// What it has otherwise than a revision; nil: not at all.
    func changes(from base: [EntryKey: KnowledgeHash]) -> [EntryKey: KnowledgeHash?] {
        var changes: [EntryKey: KnowledgeHash?] = [:]
        for key in Set(base.keys).union(entries.keys) where base[key] != entries[key]?.hash {
            changes.updateValue(entries[key]?.hash, forKey: key)
        }
        return changes
    }
}

/// Does something for each item, several at a time, and prints a line for each in the items' order. Throws what the first failure threw,
/// after what was under way has ended.
func inOrder<Key: Sendable, Value: Sendable>(
    _ items: [(Key, Value)], _ body: @escaping @Sendable (Key, Value) async throws -> String
) async throws {
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
        var lines: [Int: String] = [:], begun = 0, told = 0
        func begin() {
            guard begun < items.count else { return }
            let (index, item) = (begun, items[begun])
            group.addTask { (index, try await body(item.0, item.1)) }
            begun += 1
        }
        for _ in 0..<KnowledgeFilesLimits.maximumRequestCount { begin() }
        while let (index, line) = try await group.next() {
            lines[index] = line
            while let line = lines.removeValue(forKey: told) {
                if !line.isEmpty { print(CommandText.line(line)) }
                told += 1
            }
            begin()
        }
    }
}
