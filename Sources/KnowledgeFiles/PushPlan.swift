/// What a push does to a draft, decided by hashes: what the folder says is brought onto the draft's base, and then held against the draft.
///
///     base of the folder --> folder         what was changed here
///          |                   |
///          v                   v
///     base of the draft --> wanted  <-->  draft        what is put there

import KnowledgeModel

package struct PushPlan: Sendable {
    /// What each has of an entry; nil: nothing.
    package struct Sides: Sendable {
        /// The folder, and the revision that it was pulled from.
        package var local: [EntryKey: KnowledgeHash]
        package var base: [EntryKey: KnowledgeHash]
        /// The revision that the draft is based on, and the draft.
        package var draftBase: [EntryKey: KnowledgeHash]
        package var draft: [EntryKey: KnowledgeHash]

        package init(
            local: [EntryKey: KnowledgeHash], base: [EntryKey: KnowledgeHash], draftBase: [EntryKey: KnowledgeHash],
            draft: [EntryKey: KnowledgeHash]
        ) {
            self.local = local
            self.base = base
            self.draftBase = draftBase
            self.draft = draft
        }

        fileprivate var keys: [EntryKey] { Set(local.keys).union(base.keys).union(draftBase.keys).union(draft.keys).sorted() }

        /// Entries that the folder and the draft's base have changed both, each in its own way: their contents are to be merged.
        package var merged: [EntryKey] {
            keys.filter { key in
                local[key] != base[key] && base[key] != draftBase[key] && local[key] != draftBase[key]
            }
        }

        /// What becomes of an entry that needs no merging, and where its content is found.
        fileprivate func wanted(_ key: EntryKey) -> (KnowledgeHash?, Origin) {
            local[key] == base[key] ? (draftBase[key], .draftBase) : (local[key], .folder)
        }
    }

    package enum Origin: Equatable, Sendable {
        case folder, draftBase, merged
    }

    package struct Step: Equatable, Sendable {
        package var key: EntryKey
        /// What the draft is to say; nil: nothing.
        package var wanted: KnowledgeHash?
        package var origin: Origin
        /// What it says until then: what the request is conditional on.
        package var present: KnowledgeHash?

        package init(key: EntryKey, wanted: KnowledgeHash?, origin: Origin, present: KnowledgeHash?) {
            self.key = key
            self.wanted = wanted
            self.origin = origin
            self.present = present
        }

        /// Against what the draft says now.
        package var change: KnowledgeChange? { KnowledgeChange(from: present, to: wanted) }
    }

    /// In the order of the keys.
    package private(set) var steps: [Step] = []
    /// Entries that the draft has otherwise, by somebody else's hand, and that the folder changes, too.
    package private(set) var conflicts: [EntryKey] = []
    /// Entries that somebody else changed in the draft, and that the folder does not.
    package private(set) var others: [EntryKey] = []

    /// - Parameters:
    ///   - merged: of `sides.merged`: what each came to.
    ///   - known: what was put into the draft from this folder or pulled from it.
    ///   - isForced: whether the draft is to say what the folder says, whoever wrote there.
    package init(
        _ sides: Sides, merged: [EntryKey: KnowledgeHash?], known: [EntryKey: KnowledgeHash?], isForced: Bool
    ) {
        for key in sides.keys {
            let wanted: KnowledgeHash?, origin: Origin
            if let hash = merged[key] { (wanted, origin) = (hash, .merged) } else { (wanted, origin) = sides.wanted(key) }
            let present = sides.draft[key]
            if wanted == present { continue }
            let isOurs = present == sides.draftBase[key] || known[key].map { $0 == present } == true
            if isOurs || isForced {
                steps.append(Step(key: key, wanted: wanted, origin: origin, present: present))
            } else if wanted == sides.draftBase[key] {
                others.append(key)
            } else {
                conflicts.append(key)
            }
        }
    }
}
