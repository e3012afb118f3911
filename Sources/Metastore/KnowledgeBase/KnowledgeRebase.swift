/// A draft put against the revision that became active after its base: what both changed is merged, or decided by a person.

import KnowledgeModel

/// What an entry that both changed is to say.
package enum KnowledgeResolution: Sendable, Equatable {
    /// What the draft says, whatever became of it meanwhile.
    case ours
    /// What the active revision says; the draft's change is dropped.
    case theirs
    /// Something else; nil: the entry is to go.
    case content(KnowledgeContent?)
}

/// An entry that both changed, so that no machine can say what it is to be.
package struct KnowledgeConflict: Sendable, Equatable {
    package let key: String
    /// Where both say something else; empty: one side took the whole entry away.
    package let paths: [String]
    /// What each says; nil: the entry is not there.
    package let base: KnowledgeHash?
    package let ours: KnowledgeHash?
    package let theirs: KnowledgeHash?
}

package enum KnowledgeRebase: Sendable, Equatable {
    /// With how many entries both had changed.
    case rebased(KnowledgeDraft, mergedCount: Int)
    /// Nothing was changed: these need a resolution. The first of them, and how many there are.
    case conflicts([KnowledgeConflict], count: Int, onto: Int)
}
