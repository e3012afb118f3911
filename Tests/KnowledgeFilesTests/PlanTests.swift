import KnowledgeFiles
import KnowledgeModel
import SeededRandom
import Testing

/// Entries `a` to `h`, each saying one of a few things.
private struct RandomSides {
    var random: SeededGenerator

    mutating func hash() -> KnowledgeHash? {
        random.chance(25) ? nil : KnowledgeHash(of: [UInt8.random(in: 0...2, using: &random)])
    }

    mutating func side() -> [EntryKey: KnowledgeHash] {
        var side: [EntryKey: KnowledgeHash] = [:]
        for key in "abcdefgh" { side[EntryKey(String(key))] = hash() }
        return side
    }

    mutating func known() -> [EntryKey: KnowledgeHash?] {
        var known: [EntryKey: KnowledgeHash?] = [:]
        for key in "abcdefgh" where random.chance(50) { known.updateValue(hash(), forKey: EntryKey(String(key))) }
        return known
    }
}

@Suite("What a pull does")
struct PullPlanTests {
    @Test("what was changed here is neither written nor removed; everything else becomes what the source says")
    func property() {
        let seed = TestSeed.next()
        var sides = RandomSides(random: SeededGenerator(seed: seed))
        for _ in 0..<2_000 {
            let local = sides.side(), base = sides.side(), source = sides.side(), known = sides.known()
            let plan = PullPlan(local: local, base: base, known: known, source: source, isForced: false)
            for key in plan.written + plan.removed {
                #expect(local[key] == base[key] || known[key].map { $0 == local[key] } == true, "seed \(seed)")
            }
            var after = local
            for key in plan.written + plan.removed { after[key] = source[key] }
            for key in Set(local.keys).union(source.keys) where !(plan.conflicts + plan.kept).contains(key) {
                #expect(after[key] == source[key], "seed \(seed)")
            }
            for key in plan.kept { #expect(base[key] == source[key], "seed \(seed)") }
            // Pulled again nothing is left to do.
            let again = PullPlan(local: source, base: source, known: [:], source: source, isForced: false)
            #expect(again.written.isEmpty && again.removed.isEmpty && again.conflicts.isEmpty)
            let forced = PullPlan(local: local, base: base, known: [:], source: source, isForced: true)
            #expect(forced.conflicts.isEmpty && forced.kept.allSatisfy { base[$0] == nil && source[$0] == nil }, "seed \(seed)")
        }
    }
}

@Suite("What a push does")
struct PushPlanTests {
    private let a = EntryKey("a")
    private let one = KnowledgeHash(of: [1]), two = KnowledgeHash(of: [2]), three = KnowledgeHash(of: [3])

    @Test("it is done when it is done: a push after a push does nothing, and nobody else's changes are lost")
    func property() {
        let seed = TestSeed.next()
        var random = RandomSides(random: SeededGenerator(seed: seed))
        for _ in 0..<2_000 {
            var sides = PushPlan.Sides(local: random.side(), base: random.side(), draftBase: random.side(), draft: random.side())
            let known = random.known()
            var merged: [EntryKey: KnowledgeHash?] = [:]
            for key in sides.merged { merged.updateValue(random.hash(), forKey: key) }
            let plan = PushPlan(sides, merged: merged, known: known, isForced: false)
            for step in plan.steps {
                #expect(
                    step.present == sides.draftBase[step.key] || known[step.key].map { $0 == step.present } == true, "seed \(seed)")
                #expect(step.change != nil, "seed \(seed)")
            }
            var after = known
            for step in plan.steps {
                sides.draft[step.key] = step.wanted
                after.updateValue(step.wanted, forKey: step.key)
            }
            let again = PushPlan(sides, merged: merged, known: after, isForced: false)
            #expect(again.steps.isEmpty && again.conflicts == plan.conflicts && again.others == plan.others, "seed \(seed)")
        }
    }

    @Test("additions, changes and removals against the base are put into the draft, and taken back when they are taken back here")
    func changes() {
        var sides = PushPlan.Sides(local: [a: two], base: [a: one], draftBase: [a: one], draft: [a: one])
        #expect(
            PushPlan(sides, merged: [:], known: [:], isForced: false).steps == [.init(key: a, wanted: two, origin: .folder, present: one)])
        sides.local = [:]
        #expect(PushPlan(sides, merged: [:], known: [:], isForced: false).steps.map(\.change) == [.removed])
        sides.local = [a: one]
        sides.draft = [a: two]
        #expect(PushPlan(sides, merged: [:], known: [a: two], isForced: false).steps.map(\.wanted) == [one])
        let others = PushPlan(sides, merged: [:], known: [:], isForced: false)
        #expect(others.steps.isEmpty && others.others == [a])
    }

    @Test("what somebody else wrote in the draft is overwritten by force alone")
    func conflicts() {
        let sides = PushPlan.Sides(local: [a: two], base: [a: one], draftBase: [a: one], draft: [a: three])
        #expect(PushPlan(sides, merged: [:], known: [a: one], isForced: false).conflicts == [a])
        #expect(PushPlan(sides, merged: [:], known: [:], isForced: true).steps.map(\.present) == [three])
    }

    @Test("what changed in the draft's base alone stays; what changed in both is merged")
    func rebased() {
        var sides = PushPlan.Sides(local: [a: one], base: [a: one], draftBase: [a: two], draft: [a: two])
        #expect(sides.merged.isEmpty && PushPlan(sides, merged: [:], known: [:], isForced: false).steps.isEmpty)
        sides.local = [a: three]
        #expect(sides.merged == [a])
        let merged = KnowledgeHash(of: [4])
        #expect(
            PushPlan(sides, merged: [a: merged], known: [:], isForced: false).steps
                == [.init(key: a, wanted: merged, origin: .merged, present: two)])
    }
}
