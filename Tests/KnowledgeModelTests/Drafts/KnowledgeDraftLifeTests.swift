import SeededRandom
import Testing

@testable import KnowledgeModel

@Suite("The life of a draft") struct KnowledgeDraftLifeTests {
    static let ann = KnowledgeActor.user("ann"), ben = KnowledgeActor.user("ben"), cem = KnowledgeActor.user("cem")
    static let key = KnowledgeActor.key("ci")

    /// One event and what it led to, as a line: `submit -> in_review 0/v1`, or why it was refused: `edit -> ! state`.
    private func transcript(_ life: KnowledgeDraftLife, _ events: [KnowledgeDraftLife.Event]) -> [String] {
        var life = life
        return events.map { event in
            do throws(KnowledgeDraftRefusal) {
                try life.apply(event)
                var line = "\(event.step.rawValue) -> \(life.state.name.rawValue) v\(life.version)"
                if case .inReview(let approvals) = life.state { line += " +\(approvals.count)" }
                if case .promoted(let revision) = life.state { line += " #\(revision)" }
                return line
            } catch {
                return "\(event.step.rawValue) -> ! \(error.reason.rawValue)"
            }
        }
    }

    @Test("a draft is written, reviewed by two and promoted") func straight() {
        #expect(
            transcript(
                KnowledgeDraftLife(baseRevision: 4),
                [
                    .edit(by: Self.ann), .edit(by: Self.key), .submit(by: Self.ann, requiredApprovals: 2), .edit(by: Self.ann),
                    .promote(by: Self.cem, activeRevision: 4), .approve(by: Self.ben, version: 2, requiredApprovals: 2),
                    .approve(by: Self.ben, version: 2, requiredApprovals: 2), .approve(by: Self.cem, version: 2, requiredApprovals: 2),
                    .edit(by: Self.ann), .promote(by: Self.cem, activeRevision: 4), .discard(by: Self.ann), .withdraw(by: Self.ann),
                    .promotionSucceeded(revision: 5), .edit(by: Self.ann), .rebase(by: Self.ann, onto: 5), .discard(by: Self.ann),
                ]) == [
                    "edit -> open v1", "edit -> open v2", "submit -> in_review v2 +0", "edit -> ! state", "promote -> ! state",
                    "approve -> in_review v2 +1", "approve -> in_review v2 +1", "approve -> approved v2", "edit -> ! state",
                    "promote -> promoting v2", "discard -> ! state", "withdraw -> ! state", "promotion_succeeded -> promoted v2 #5",
                    "edit -> ! state", "rebase -> ! state", "discard -> ! state",
                ])
    }

    @Test("where nobody has to approve, a draft is approved when it is submitted") func noReview() {
        #expect(
            transcript(
                KnowledgeDraftLife(baseRevision: 0),
                [
                    .edit(by: Self.ann), .submit(by: Self.ann, requiredApprovals: 0),
                    .approve(by: Self.ben, version: 1, requiredApprovals: 0),
                    .promote(by: Self.ann, activeRevision: 0), .promotionSucceeded(revision: 1),
                ]) == [
                    "edit -> open v1", "submit -> approved v1", "approve -> ! state", "promote -> promoting v1",
                    "promotion_succeeded -> promoted v1 #1",
                ])
    }

    @Test("nobody reviews what he or she wrote in or submitted, and no key reviews") func ownDrafts() {
        #expect(
            transcript(
                KnowledgeDraftLife(baseRevision: 0, authors: [Self.cem]),
                [
                    .edit(by: Self.ann), .submit(by: Self.ben, requiredApprovals: 1),
                    .approve(by: Self.ann, version: 1, requiredApprovals: 1),
                    .approve(by: Self.ben, version: 1, requiredApprovals: 1), .approve(by: Self.cem, version: 1, requiredApprovals: 1),
                    .approve(by: Self.key, version: 1, requiredApprovals: 1), .requestChanges(by: Self.ann, version: 1),
                    .requestChanges(by: Self.ben, version: 1), .requestChanges(by: .user("dan"), version: 1),
                ]) == [
                    "edit -> open v1", "submit -> in_review v1 +0", "approve -> ! own_draft", "approve -> ! own_draft",
                    "approve -> ! own_draft",
                    "approve -> ! not_a_person", "request_changes -> ! own_draft", "request_changes -> ! own_draft",
                    "request_changes -> open v2",
                ])
    }

    @Test("a review counts for the version it saw, and not after the draft was open again") func versions() {
        #expect(
            transcript(
                KnowledgeDraftLife(baseRevision: 0),
                [
                    .edit(by: Self.ann), .submit(by: Self.ann, requiredApprovals: 2),
                    .approve(by: Self.ben, version: 0, requiredApprovals: 2),
                    .approve(by: Self.ben, version: 1, requiredApprovals: 2), .withdraw(by: Self.ann),
                    .submit(by: Self.ann, requiredApprovals: 2), .approve(by: Self.cem, version: 1, requiredApprovals: 2),
                    .approve(by: Self.cem, version: 2, requiredApprovals: 2), .requestChanges(by: Self.ben, version: 1),
                    .requestChanges(by: Self.ben, version: 2),
                ]) == [
                    "edit -> open v1", "submit -> in_review v1 +0", "approve -> ! stale_version", "approve -> in_review v1 +1",
                    "withdraw -> open v2", "submit -> in_review v2 +0", "approve -> ! stale_version", "approve -> in_review v2 +1",
                    "request_changes -> ! stale_version", "request_changes -> open v3",
                ])
    }

    @Test("a draft is promoted onto its base only, and goes on after a promotion that failed") func promotion() {
        #expect(
            transcript(
                KnowledgeDraftLife(state: .approved, version: 3, baseRevision: 2),
                [
                    .promote(by: Self.ann, activeRevision: 3), .rebase(by: Self.ann, onto: 2), .rebase(by: Self.ann, onto: 3),
                    .promote(by: Self.ann, activeRevision: 3), .submit(by: Self.ann, requiredApprovals: 0),
                    .promote(by: Self.ann, activeRevision: 3), .promotionFailed, .promote(by: Self.ann, activeRevision: 3),
                    .promotionSucceeded(revision: 3), .promotionSucceeded(revision: 5), .promotionSucceeded(revision: 4),
                ]) == [
                    "promote -> ! base_moved", "rebase -> ! not_needed", "rebase -> open v4", "promote -> ! state", "submit -> approved v4",
                    "promote -> promoting v4", "promotion_failed -> approved v4", "promote -> promoting v4",
                    "promotion_succeeded -> ! base_moved", "promotion_succeeded -> ! base_moved", "promotion_succeeded -> promoted v4 #4",
                ])
    }

    @Test("fewer approvals may be asked for while a draft is in review") func requirementLowered() {
        #expect(
            transcript(
                KnowledgeDraftLife(baseRevision: 0),
                [
                    .submit(by: Self.ann, requiredApprovals: 3), .approve(by: Self.ben, version: 0, requiredApprovals: 3),
                    .approve(by: Self.cem, version: 0, requiredApprovals: 2),
                ]) == ["submit -> in_review v0 +0", "approve -> in_review v0 +1", "approve -> approved v0"])
    }

    @Test("a refusal is a sentence") func sentences() {
        #expect(throws: KnowledgeDraftRefusal(.state, "The draft is in review; one edits only a draft that is open.")) {
            try KnowledgeDraftLife(state: .inReview(approvals: []), baseRevision: 0).applying(.edit(by: Self.ann))
        }
        #expect(
            throws: KnowledgeDraftRefusal(.state, "The draft is promoted; one discards only a draft that is open or in review or approved.")
        ) {
            try KnowledgeDraftLife(state: .promoted(revision: 1), baseRevision: 0).applying(.discard(by: Self.ann))
        }
    }

    @Test("random lives: what is refused changes nothing, ends are final, only reviewed versions are promoted") func random() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        let people = [Self.ann, Self.ben, Self.cem, Self.key]
        for _ in 0..<300 {
            var life = KnowledgeDraftLife(baseRevision: 0), active = 0
            // What the rules are about, kept beside.
            var writers: Set<KnowledgeActor> = [], approvers: Set<KnowledgeActor> = [], submitter: KnowledgeActor?
            for _ in 0..<60 {
                let person = people.randomElement(using: &generator) ?? Self.ann
                let version = max(0, life.version - (generator.chance(20) ? 1 : 0))
                let events: [KnowledgeDraftLife.Event] = [
                    .edit(by: person), .submit(by: person, requiredApprovals: 2), .withdraw(by: person),
                    .approve(by: person, version: version, requiredApprovals: 2), .requestChanges(by: person, version: version),
                    .rebase(by: person, onto: active), .promote(by: person, activeRevision: active), .promotionFailed,
                    .promotionSucceeded(revision: active + 1), .discard(by: person),
                ]
                let event = events[generator.chance(50) ? 3 : Int.random(in: 0..<events.count, using: &generator)]
                let before = life
                do throws(KnowledgeDraftRefusal) { try life.apply(event) } catch {
                    #expect(life == before, "SPANDREL_TEST_SEED=\(seed)")
                    if generator.chance(5) { active += 1 }
                    continue
                }
                #expect(![.promoted, .discarded].contains(before.state.name), "SPANDREL_TEST_SEED=\(seed)")
                #expect(life.version >= before.version, "SPANDREL_TEST_SEED=\(seed)")
                switch event {
                case .edit: writers.insert(person)
                case .submit: (submitter, approvers) = (person, [])
                case .approve:
                    approvers.insert(person)
                    #expect(!writers.contains(person) && submitter != person && version == life.version, "SPANDREL_TEST_SEED=\(seed)")
                case .promote: #expect(approvers.count >= 2 && life.baseRevision == active, "SPANDREL_TEST_SEED=\(seed)")
                default: break
                }
            }
        }
    }
}
