/// What is to become of a draft's entries, in one transaction: all of it or nothing.

import KnowledgeModel

package struct KnowledgeEdit: Sendable {
    /// What the caller believes an entry to be: an edit of something else is refused.
    package enum Expectation: Sendable, Equatable {
        case any
        case absent
        /// Whatever it says.
        case present
        case hash(KnowledgeHash)
    }

    /// Which entries go that are not among those put: an upload is the whole of what it brings.
    package enum Replacement: Sendable, Equatable {
        case none
        /// Operations of this document.
        case document(String)
        /// Entries whose keys begin so; the empty prefix: all.
        case prefix(String)
    }

    /// Each key once.
    package var puts: [KnowledgeEntry]
    /// Keys of entries to be taken out; those that are not there are passed over.
    package var removals: [String]
    package var replaces: Replacement
    /// Keys of entries that `replaces` leaves as they are.
    package var kept: Set<EntryKey>
    /// By key; of those that are not named anything is expected.
    package var expectations: [String: Expectation]
    /// What the puts were written from.
    package var origin: KnowledgeOrigin?

    package init(
        puts: [KnowledgeEntry] = [], removals: [String] = [], replaces: Replacement = .none, keeping kept: Set<EntryKey> = [],
        expectations: [String: Expectation] = [:], origin: KnowledgeOrigin? = nil
    ) {
        self.puts = puts
        self.removals = removals
        self.replaces = replaces
        self.kept = kept
        self.expectations = expectations
        self.origin = origin
    }

    package static func put(
        _ entry: KnowledgeEntry, expected: Expectation = .any, origin: KnowledgeOrigin? = nil
    ) -> KnowledgeEdit {
        KnowledgeEdit(puts: [entry], expectations: [entry.key: expected], origin: origin)
    }

    package static func remove(_ key: String, expected: Expectation = .any) -> KnowledgeEdit {
        KnowledgeEdit(removals: [key], expectations: [key: expected])
    }
}

/// What an edit did to what the draft says.
package struct KnowledgeEditResult: Sendable, Equatable {
    package var addedCount = 0
    package var changedCount = 0
    package var removedCount = 0
    /// Put as they were, or taken out where they were not.
    package var unchangedCount = 0
    /// Afterwards.
    package var draftVersion = 0

    package init() {}

    package var hasChanges: Bool { addedCount + changedCount + removedCount > 0 }
}

extension KnowledgeEdit.Expectation {
    /// Why an entry that is this, or is not there, is not what was expected; nil: it is.
    func refusal(of present: KnowledgeHash?, key: String) -> MetastoreError? {
        switch self {
        case .any: return nil
        case .absent where present == nil: return nil
        case .present where present != nil: return nil
        case .hash(let hash) where present == hash: return nil
        case .absent, .present, .hash:
            let now = present.map { "says \($0.hex) by now" } ?? "is not there by now"
            return MetastoreError(.conflict, "\(key) \(now); read it again", field: "hash")
        }
    }
}
