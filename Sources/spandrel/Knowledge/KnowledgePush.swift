/// `spandrel kb push`: a draft says what a folder says. What is wanted is found first, whole; then entry by entry is put there, each on the
/// condition that the draft still has what it was seen to have.

import ByteCoding
import ContentReading
import KnowledgeFiles
import KnowledgeModel
import Synchronization

struct KnowledgePush: Sendable {
    let server: KnowledgeServer
    let folder: KnowledgeFolder
    let draft: String
    /// What the draft is about; nil: as it is.
    let message: String?
    /// Whether the folder counts wherever it and something else conflict: what somebody wrote in the draft, what became active.
    let isForced: Bool
    /// Whether a draft that is in review or approved is taken back.
    let withdraws: Bool

    /// A conflict for people.
    private struct Conflict: Sendable {
        var key: EntryKey
        var reason: String
    }

    /// Throws `CommandFailure` with everything that stands in the way; what could be put there is there then, and was told.
    func run() async throws {
        var state = try folder.state()
        let local = try LocalEntries(folder)
        let active = try await server.activeRevision()
        guard state.revision <= active else {
            throw CommandFailure("the folder has revision \(state.revision), and the active one is \(active): is it another project?")
        }
        let base = try await server.listing(of: .revision(state.revision)).hashes
        guard base == state.entries else {
            throw CommandFailure("revision \(state.revision) is not what \(FolderState.fileName) says it is: is it another project?")
        }
        var found = try await server.draft(draft)
        if found?.hasEnded == true { found = nil }
        if let present = found, withdraws, present.isClosed, present.baseRevision != active { found = try await withdraw(present) }
        var known = found.flatMap { state.drafts[$0.id] } ?? [:]
        if let present = found, present.state == "open", present.baseRevision != active {
            found = try await rebase(present, onto: active, local, base, &known)
            if let id = found?.id { state.drafts[id] = known }
        }
        let draftBase = found?.baseRevision ?? active
        let sides = PushPlan.Sides(
            local: local.hashes, base: base, draftBase: try await server.listing(of: .revision(draftBase)).hashes,
            draft: try await server.listing(of: found == nil ? .revision(draftBase) : .draft(draft)).hashes)
        var merged: [EntryKey: KnowledgeContent?] = [:], conflicts: [Conflict] = []
        for key in sides.merged {
            switch try await merge(key, local, base: (state.revision, base), theirs: (draftBase, sides.draftBase)) {
            case .merged(let content): merged.updateValue(content, forKey: key)
            case .conflict where isForced: merged.updateValue(try local.content(of: key), forKey: key)
            case .conflict(let paths): conflicts.append(Conflict(key: key, reason: Self.reason(paths, revision: draftBase)))
            }
        }
        let plan = PushPlan(sides, merged: merged.mapValues { $0?.hash }, known: known, isForced: isForced)
        let contested = Set(conflicts.map(\.key))
        conflicts += plan.conflicts.filter { !contested.contains($0) }.map {
            Conflict(key: $0, reason: "somebody else changed it in the draft otherwise; --force replaces that")
        }
        try fail(conflicts)
        for key in plan.others {
            CommandText.tell("\(key): somebody else changed it in the draft, and it stays; `kb pull --draft` brings it")
        }
        guard !plan.steps.isEmpty else {
            try folder.save(state)
            CommandText.tell(
                found.map { "nothing to do: the draft \($0.name) is \(Self.words($0.state)), and says what the folder says" }
                    ?? "nothing to do: the active revision \(active) says what the folder says")
            return
        }
        if let closed = found, closed.isClosed {
            guard withdraws else {
                throw CommandFailure(
                    "the draft \(draft) is \(Self.words(closed.state)), and is not changed then; --withdraw takes it back, and approvals with it"
                )
            }
            found = try await withdraw(closed)
        }
        let open = try await opened(found)
        if let message, found != nil { try await server.describe(draft, message) }
        try await put(plan.steps, merged, local, draftBase: draftBase, sides.draftBase, into: open, &state, known)
    }

    // MARK: Merging

    /// What becomes of an entry that both sides changed.
    private func merge(
        _ key: EntryKey, _ local: LocalEntries, base: (Int, [EntryKey: KnowledgeHash]), theirs: (Int, [EntryKey: KnowledgeHash])
    ) async throws -> KnowledgeMerge.Outcome {
        KnowledgeMerge.merge(
            base: try await content(of: key, base), ours: try local.content(of: key), theirs: try await content(of: key, theirs))
    }

    private func content(of key: EntryKey, _ revision: (Int, [EntryKey: KnowledgeHash])) async throws -> KnowledgeContent? {
        guard let hash = revision.1[key] else { return nil }
        return try await server.content(of: key, hash, at: .revision(revision.0))
    }

    private static func reason(_ paths: [String], revision: Int) -> String {
        let what = paths.filter { !$0.isEmpty }.joined(separator: ", ")
        return "was changed here and in revision \(revision)" + (what.isEmpty ? ", and removed by one side" : ": \(what)")
    }

    /// The server merges what is in the draft with what became active. Conflicts of entries that were put there from here are decided by
    /// what the folder says by now, if that merges.
    private func rebase(
        _ present: KnowledgeServer.Draft, onto active: Int, _ local: LocalEntries, _ base: [EntryKey: KnowledgeHash],
        _ known: inout [EntryKey: KnowledgeHash?]
    ) async throws -> KnowledgeServer.Draft? {
        let before = try await server.listing(of: .draft(draft)).hashes
        let ours = known.filter { before[$0.key] == $0.value }
        var resolutions: [EntryKey: JSONValue] = [:], seen: (onto: Int64, theirs: [EntryKey: KnowledgeHash])?
        while let fault = try await refusal(ofRebasing: seen?.onto, resolutions) {
            guard let listed = fault.problem?["conflicts"]?.arrayValue, let onto = fault.problem?["onto"]?.integerValue,
                onto == seen?.onto ?? onto, resolutions.count <= KnowledgeLimits.maximumEntryCount
            else { throw fault }
            // An answer names a page of them: what is said about these, others may follow.
            let fresh = listed.map { (key: EntryKey($0["key"]?.stringValue ?? ""), item: $0) }.filter { resolutions[$0.key] == nil }
            guard !fresh.isEmpty else { throw fault }
            let state = try folder.state()
            let theirs: [EntryKey: KnowledgeHash]
            if let seen { theirs = seen.theirs } else { theirs = try await server.listing(of: .revision(Int(clamping: onto))).hashes }
            seen = (onto, theirs)
            var conflicts: [Conflict] = []
            for (key, item) in fresh {
                let paths = (item["paths"]?.arrayValue ?? []).compactMap(\.stringValue)
                var outcome = KnowledgeMerge.Outcome.conflict(paths)
                if isForced || ours[key] != nil {
                    outcome = try await merge(key, local, base: (state.revision, base), theirs: (Int(clamping: onto), theirs))
                }
                if isForced, case .conflict = outcome { outcome = .merged(try local.content(of: key)) }
                switch outcome {
                case .merged(let content):
                    resolutions[key] = .object([JSONMember(key: "content", value: content?.json ?? .null)])
                case .conflict(let paths): conflicts.append(Conflict(key: key, reason: Self.reason(paths, revision: Int(clamping: onto))))
                }
            }
            try fail(conflicts)
        }
        let after = try await server.listing(of: .draft(draft)).hashes
        for key in ours.keys { known.updateValue(after[key], forKey: key) }
        let rebased = try await server.draft(draft)
        CommandText.tell("the draft \(draft) was rebased onto revision \(rebased?.baseRevision ?? active)")
        return rebased
    }

    /// nil: the draft is rebased. Throws what is no conflict.
    private func refusal(ofRebasing onto: Int64?, _ resolutions: [EntryKey: JSONValue]) async throws -> RunServer.Fault? {
        var body: [JSONMember] = []
        if let onto {
            let members = resolutions.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key.text, value: $0.value) }
            body = [JSONMember(key: "onto", value: .integer(onto)), JSONMember(key: "resolutions", value: .object(members))]
        }
        do {
            _ = try await server.step("rebase", of: draft, body: .object(body))
            return nil
        } catch let fault as RunServer.Fault {
            guard fault.status == 409 else { throw fault }
            return fault
        }
    }

    private func fail(_ conflicts: [Conflict]) throws {
        guard !conflicts.isEmpty else { return }
        let lines = conflicts.sorted { $0.key < $1.key }.map { CommandText.line("conflict: \($0.key): \($0.reason)") }
        throw CommandFailure(
            lines.joined(separator: "\n")
                + "\nNothing was pushed. Pull the active revision (on a branch that has only pulls), merge it with Git, and push again.")
    }

    // MARK: Writing

    private func withdraw(_ closed: KnowledgeServer.Draft) async throws -> KnowledgeServer.Draft {
        let open = try KnowledgeServer.Draft(await server.step("withdraw", of: draft))
        CommandText.tell("the draft \(draft) was \(Self.words(closed.state)), and was taken back")
        return open
    }

    /// A draft that may be written in.
    private func opened(_ found: KnowledgeServer.Draft?) async throws -> KnowledgeServer.Draft {
        guard let found else {
            do { return try await server.create(draft, description: message ?? "") } catch let fault as RunServer.Fault {
                // Another push was faster.
                guard fault.status == 409, let made = try await server.draft(draft), made.state == "open" else { throw fault }
                return made
            }
        }
        guard found.state == "open" else {
            throw CommandFailure("the draft \(draft) is \(Self.words(found.state)), and is not changed then")
        }
        return found
    }

    static func words(_ state: String) -> String { CommandText.line(state == "in_review" ? "in review" : state) }

    private func put(
        _ steps: [PushPlan.Step], _ merged: [EntryKey: KnowledgeContent?], _ local: LocalEntries, draftBase: Int,
        _ draftBaseHashes: [EntryKey: KnowledgeHash], into open: KnowledgeServer.Draft, _ state: inout FolderState,
        _ known: [EntryKey: KnowledgeHash?]
    ) async throws {
        let done = Mutex<[EntryKey: KnowledgeHash?]>(known), refused = Mutex<[Conflict]>([])
        let result: Result<Void, any Error>
        do {
            try await inOrder(steps.map { ($0.key, $0) }) { key, step in
                let content: KnowledgeContent? =
                    switch step.origin {
                    case .folder: try local.content(of: key)
                    case .draftBase: try await self.content(of: key, (draftBase, draftBaseHashes))
                    case .merged: merged[key] ?? nil
                    }
                do { try await server.put(content, key, replacing: step.present, in: draft) } catch let fault as RunServer.Fault {
                    guard [404, 412].contains(fault.status) else { throw CommandFailure("\(key): \(fault)") }
                    // By an earlier try whose answer was lost, or by another push of the same.
                    guard try await server.hash(of: key, in: draft) == step.wanted else {
                        refused.withLock { $0.append(Conflict(key: key, reason: "somebody else changed it in the draft meanwhile")) }
                        return ""
                    }
                }
                done.withLock { (known: inout [EntryKey: KnowledgeHash?]) -> Void in
                    // What is as it was before the draft is nobody's change.
                    if step.wanted == draftBaseHashes[key] {
                        known.removeValue(forKey: key)
                    } else {
                        known.updateValue(step.wanted, forKey: key)
                    }
                }
                return "\(step.change?.rawValue ?? "unchanged") \(key)"
                    + (step.origin == .merged ? " (merged with revision \(draftBase))" : "")
            }
            result = .success(())
        } catch { result = .failure(error) }
        // Also after a failure: what was put there is known to be ours.
        state.drafts[open.id] = done.withLock { $0 }
        try folder.save(state)
        try result.get()
        let conflicts = refused.withLock { $0 }
        guard conflicts.isEmpty else {
            throw CommandFailure(
                conflicts.sorted { $0.key < $1.key }.map { CommandText.line("conflict: \($0.key): \($0.reason)") }.joined(separator: "\n")
                    + "\nEverything else is in the draft. Push again.")
        }
        CommandText.tell("\(steps.count) entries in the draft \(draft), based on revision \(open.baseRevision)")
    }
}
