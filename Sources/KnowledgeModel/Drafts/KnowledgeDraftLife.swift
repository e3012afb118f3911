/// The life of a draft: what may happen to it in which state, and what it is then. A value; whoever stores drafts reads one from the
/// store, applies an event and writes back what became of it, all in one transaction.
///
///     open -> in review -> approved -> promoting -> promoted
///     back to open from in review and approved, to approved from promoting; discarded from the first three

/// Who does a step: reviews are by people, and count once for each.
package enum KnowledgeActor: Hashable, Sendable {
    /// By the user's id, as text.
    case user(String)
    /// By the key's id or name.
    case key(String)
}

package struct KnowledgeDraftLife: Sendable, Equatable {
    package enum State: Sendable, Hashable {
        case open
        /// With the people who approved the present version; fewer than are asked for.
        case inReview(approvals: Set<KnowledgeActor>)
        case approved
        case promoting
        case promoted(revision: Int)
        case discarded

        package var name: StateName {
            switch self {
            case .open: .open
            case .inReview: .inReview
            case .approved: .approved
            case .promoting: .promoting
            case .promoted: .promoted
            case .discarded: .discarded
            }
        }
    }

    /// As the store writes them.
    package enum StateName: String, Sendable, Hashable, CaseIterable {
        case open
        case inReview = "in_review"
        case approved, promoting, promoted, discarded

        /// As sentences have them.
        var words: String { self == .inReview ? "in review" : rawValue }
    }

    package private(set) var state: State
    /// Grows with every change of an entry or of the base, and when a draft goes back to open: reviews are of a version, and those that
    /// were given before a draft was open again do not count.
    package private(set) var version: Int
    /// The revision that the changes are against; 0: none.
    package private(set) var baseRevision: Int
    /// Everybody who ever changed an entry of the draft.
    package private(set) var authors: Set<KnowledgeActor>
    /// Who submitted it last.
    package private(set) var submitter: KnowledgeActor?

    /// A new draft, or one as it was stored.
    package init(
        state: State = .open, version: Int = 0, baseRevision: Int, authors: Set<KnowledgeActor> = [], submitter: KnowledgeActor? = nil
    ) {
        self.state = state
        self.version = version
        self.baseRevision = baseRevision
        self.authors = authors
        self.submitter = submitter
    }

    package enum Event: Sendable, Hashable {
        /// An entry is put or taken away.
        case edit(by: KnowledgeActor)
        /// With how many approvals are asked for now.
        case submit(by: KnowledgeActor, requiredApprovals: Int)
        case withdraw(by: KnowledgeActor)
        case approve(by: KnowledgeActor, version: Int, requiredApprovals: Int)
        case requestChanges(by: KnowledgeActor, version: Int)
        /// The changes are now against a newer revision.
        case rebase(by: KnowledgeActor, onto: Int)
        /// With the number of the active revision.
        case promote(by: KnowledgeActor, activeRevision: Int)
        case promotionFailed
        case promotionSucceeded(revision: Int)
        case discard(by: KnowledgeActor)

        package var step: KnowledgeDraftStep {
            switch self {
            case .edit: .edit
            case .submit: .submit
            case .withdraw: .withdraw
            case .approve: .approve
            case .requestChanges: .requestChanges
            case .rebase: .rebase
            case .promote: .promote
            case .promotionFailed: .promotionFailed
            case .promotionSucceeded: .promotionSucceeded
            case .discard: .discard
            }
        }
    }

    /// Throws `KnowledgeDraftRefusal`, and nothing has changed then.
    package mutating func apply(_ event: Event) throws(KnowledgeDraftRefusal) {
        try refuse(event.step)
        switch event {
        case .edit(let actor):
            authors.insert(actor)
            version += 1
        case .submit(let actor, let required):
            submitter = actor
            state = required <= 0 ? .approved : .inReview(approvals: [])
        case .withdraw: reopen()
        case .approve(let actor, let version, let required):
            try refuseReview(by: actor, of: version)
            guard case .inReview(var approvals) = state else { return }
            approvals.insert(actor)
            state = approvals.count >= required ? .approved : .inReview(approvals: approvals)
        case .requestChanges(let actor, let version):
            try refuseReview(by: actor, of: version)
            reopen()
        case .rebase(_, let revision):
            guard revision > baseRevision else {
                throw KnowledgeDraftRefusal(
                    .notNeeded, "The draft is based on revision \(baseRevision) already; it is rebased only onto a newer one.")
            }
            baseRevision = revision
            reopen()
        case .promote(_, let active):
            guard active == baseRevision else {
                throw KnowledgeDraftRefusal(
                    .baseMoved,
                    "The draft is based on revision \(baseRevision), but revision \(active) is active: rebase the draft first.")
            }
            state = .promoting
        case .promotionFailed: state = .approved
        case .promotionSucceeded(let revision):
            guard revision == baseRevision + 1 else {
                throw KnowledgeDraftRefusal(
                    .baseMoved, "Revision \(revision) does not follow revision \(baseRevision), which the draft is based on.")
            }
            state = .promoted(revision: revision)
        case .discard: state = .discarded
        }
    }

    /// The life after the event. Throws `KnowledgeDraftRefusal`.
    package func applying(_ event: Event) throws(KnowledgeDraftRefusal) -> KnowledgeDraftLife {
        var life = self
        try life.apply(event)
        return life
    }

    private mutating func reopen() {
        state = .open
        version += 1
    }

    private func refuse(_ step: KnowledgeDraftStep) throws(KnowledgeDraftRefusal) {
        guard !step.states.contains(state.name) else { return }
        let states = StateName.allCases.filter(step.states.contains).map(\.words).joined(separator: " or ")
        throw KnowledgeDraftRefusal(.state, "The draft is \(state.name.words); \(step.sentence) only a draft that is \(states).")
    }

    private func refuseReview(by actor: KnowledgeActor, of version: Int) throws(KnowledgeDraftRefusal) {
        guard case .user = actor else { throw KnowledgeDraftRefusal(.notAPerson, "Drafts are reviewed by people, not by API keys.") }
        guard !authors.contains(actor) else {
            throw KnowledgeDraftRefusal(.ownDraft, "Nobody reviews a draft that he or she wrote in.")
        }
        guard submitter != actor else { throw KnowledgeDraftRefusal(.ownDraft, "Nobody reviews a draft that he or she submitted.") }
        guard version == self.version else {
            throw KnowledgeDraftRefusal(
                .staleVersion, "The review is of version \(version) of the draft, which is at version \(self.version) now: read it again.")
        }
    }
}

/// Why a step cannot be done; the error of this room beside `InvalidContent`.
package struct KnowledgeDraftRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Not in the state that the draft is in.
        case state
        /// A review by an author or the submitter.
        case ownDraft = "own_draft"
        /// A review by an API key.
        case notAPerson = "not_a_person"
        /// A review of a version that is not the present one.
        case staleVersion = "stale_version"
        /// Another revision became active than the draft is based on.
        case baseMoved = "base_moved"
        /// A rebase onto what is the base already.
        case notNeeded = "not_needed"
    }

    package let reason: Reason
    /// A sentence for people.
    package let message: String

    init(_ reason: Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    package var description: String { message }
}
