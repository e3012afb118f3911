/// The steps of a draft's life: who may do them, in which states.

package enum KnowledgePermission: String, Sendable, Hashable, CaseIterable {
    case read = "knowledge.read"
    case write = "knowledge.write"
    case review = "knowledge.review"
    case promote = "knowledge.promote"
}

package enum KnowledgeDraftStep: String, Sendable, Hashable, CaseIterable {
    case edit, submit, withdraw, approve
    case requestChanges = "request_changes"
    case rebase, promote
    case promotionFailed = "promotion_failed"
    case promotionSucceeded = "promotion_succeeded"
    case discard

    /// What whoever asks for the step must be allowed to do; nil: the server does it itself.
    package var permission: KnowledgePermission? {
        switch self {
        case .edit, .submit, .withdraw, .rebase, .discard: .write
        case .approve, .requestChanges: .review
        case .promote: .promote
        case .promotionFailed, .promotionSucceeded: nil
        }
    }

    /// In which states the step can be done; whether it is depends on more.
    package var states: Set<KnowledgeDraftLife.StateName> {
        switch self {
        case .edit, .submit: [.open]
        case .approve: [.inReview]
        case .withdraw, .requestChanges: [.inReview, .approved]
        case .rebase, .discard: [.open, .inReview, .approved]
        case .promote: [.approved]
        case .promotionFailed, .promotionSucceeded: [.promoting]
        }
    }

    /// How a sentence begins that ends in "only a draft that is ...".
    var sentence: String {
        switch self {
        case .edit: "one edits"
        case .submit: "one submits"
        case .withdraw: "one withdraws"
        case .approve: "one approves"
        case .requestChanges: "one requests changes of"
        case .rebase: "one rebases"
        case .promote: "one promotes"
        case .promotionFailed, .promotionSucceeded: "a promotion ends of"
        case .discard: "one discards"
        }
    }
}
