/// One attempt at a promotion: does what `PromotionStep` says until there is nothing more to do. Every call that was answered is saved before
/// the next is made. Until the one transaction of publishing the active revision is as it was.

import ByteCoding
import EvaluationModel
import JobQueue
import KnowledgeModel
import Metastore
import RunExecution
import TraceModel

struct KnowledgePromotionWork: Sendable {
    let leased: LeasedKnowledgePromotion
    let resources: RunResources
    /// Returns when the run may have moved on.
    let runMoved: @Sendable (RunID) async -> Void
    /// The worker takes on nothing new.
    let isStopping: @Sendable () -> Bool

    private var promotions: KnowledgePromotionRepository { resources.metastore.knowledgePromotions }
    private var knowledge: KnowledgeRepository { resources.metastore.knowledge }

    /// nil: another one became active meanwhile, or it had ended before. Throws `KnowledgeWorkFault`, `CellFault`, MetastoreError,
    /// `CancellationError`.
    func run() async throws -> KnowledgeRevision? {
        guard leased.job.attempt <= KnowledgeWorkLimits.maximumPromotionAttemptCount else {
            throw KnowledgeWorkFault.final("\(leased.job.attempt - 1) attempts came to no end")
        }
        var build = Build()
        while true {
            guard let promotion = try await promotions.proceed(leased) else { throw KnowledgeWorkFault.gone }
            if isStopping() { throw KnowledgeWorkFault.released }
            switch PromotionStep.next(try await facts(of: promotion, &build)) {
            case .embed: try await embed(promotion, &build)
            case .startGate:
                try await finish(&build, of: promotion)
                try await startGate(of: promotion)
            case .awaitGate:
                guard let run = promotion.runID else { throw KnowledgeWorkFault.final("the gate's run is gone") }
                await runMoved(run)
                try Task.checkCancellation()
            case .beginPublishing:
                try await finish(&build, of: promotion)
                try await hold(promotions.beginPublishing(leased))
            case .publish:
                guard case .published(let revision) = try await promotions.publish(leased) else { return nil }
                return revision
            case .fail(let message): throw KnowledgeWorkFault.final(message)
            case .end: return nil
            }
        }
    }

    /// What an attempt has found out about building.
    struct Build {
        var isModelKnown = false
        var model: PromotionModel?
        /// How many numbers the model's vectors have: as it answers now, or before the first answer as the newest stored one has it.
        var dimension: Int?
        var isDimensionAnswered = false
        var startUnixNano = WallClock.nowUnixNano()
        /// Texts that had no vector when the attempt began, and those that have one by now.
        var totalCount: Int?
        var doneCount = 0

        /// Throws `KnowledgeWorkFault.final`: the model changed its dimension while it was asked, and would be asked without end.
        mutating func heed(_ answer: PromotionModel.Answer, of model: String) throws(KnowledgeWorkFault) {
            guard let answered = answer.vectors.first?.count else { return }
            if isDimensionAnswered, let dimension, dimension != answered {
                throw .final("\(model) answered vectors of \(dimension) numbers and then of \(answered): they cannot be searched together")
            }
            (dimension, isDimensionAnswered) = (answered, true)
        }
    }

    private func facts(of promotion: KnowledgePromotion, _ build: inout Build) async throws -> PromotionFacts {
        var facts = PromotionFacts(phase: promotion.phase)
        switch promotion.phase {
        case .building:
            if !build.isModelKnown {
                build.model = try await PromotionModel.find(of: promotion, resources)
                if let model = build.model, promotion.embeddingModel == nil {
                    try await hold(promotions.setEmbeddingModel(model.reference.text, leased))
                }
                if let model = build.model {
                    build.dimension = try await knowledge.vectorDimension(of: model.reference.text, in: promotion.projectID)
                }
                build.isModelKnown = true
            }
            if let model = build.model {
                facts.unembeddedCount = try await promotions.unembeddedChunkCount(
                    of: promotion, model: model.reference.text, dimension: build.dimension)
            }
            let gate = try await knowledge.settings(of: promotion.projectID).gate
            // What can be no gate is told before anything is paid for.
            if let gate { _ = try GateOrder(settings: gate, source: .active, embeddingModel: nil) }
            facts.hasGate = gate != nil
        case .gate:
            if let id = promotion.runID {
                facts.run = try await resources.metastore.runs.find(id, in: promotion.projectID).map(PromotionFacts.Run.init)
            }
        case .publishing, .ended: break
        }
        return facts
    }

    /// A call that is not the worker's any more to make.
    private func hold(_ isHeld: Bool) throws(KnowledgeWorkFault) { if !isHeld { throw .gone } }

    // MARK: - Building

    /// All texts that are missing now, batch by batch. Where the model answers with another dimension than before, that is not all that is
    /// missing then.
    private func embed(_ promotion: KnowledgePromotion, _ build: inout Build) async throws {
        guard let model = build.model else { return }
        let name = model.reference.text, spans = PromotionSpans(promotion)
        let missing = try await promotions.unembeddedChunkCount(of: promotion, model: name, dimension: build.dimension)
        let total = build.totalCount ?? missing
        build.totalCount = max(total, build.doneCount + missing)
        while true {
            var waiting = try await promotions.unembeddedChunks(
                of: promotion, model: name, dimension: build.dimension, limit: KnowledgeWorkLimits.embeddingReadCount)[...]
            if waiting.isEmpty { return }
            while let first = waiting.first {
                let batch = EmbeddingBatch.next(of: waiting)
                waiting = waiting.dropFirst(batch.count)
                if isStopping() { throw KnowledgeWorkFault.released }
                let answer = try await model.embed(batch.map(\.text))
                let former = build.dimension
                try build.heed(answer, of: name)
                build.doneCount += batch.count
                let kept = KnowledgeEmbeddings(
                    vectors: zip(batch, answer.vectors).map { ($0.hash, $1) }, costNanoUSD: answer.costNanoUSD,
                    spans: spans.embedding(answer, model.reference, first: first.hash, textCount: batch.count))
                try await hold(
                    promotions.save(
                        kept, model: name, done: build.doneCount, total: max(build.totalCount ?? 0, build.doneCount), leased))
                if former != nil, former != build.dimension { return }
            }
        }
    }

    /// All texts have their vectors: what is new is indexed, words are counted anew when much has changed, and the trace gets its root.
    private func finish(_ build: inout Build, of promotion: KnowledgePromotion) async throws {
        guard promotion.phase == .building else { return }
        try await index()
        let counts = try await promotions.chunkCounts(of: promotion)
        if WordCountRule.isDue(brought: counts.brought, all: counts.all, revision: promotion.baseRevision + 1) {
            try await knowledge.countWords(of: promotion.view)
        }
        guard let model = build.model, build.doneCount > 0 else { return }
        let root = PromotionSpans(promotion).root(
            startUnixNano: build.startUnixNano, endUnixNano: WallClock.nowUnixNano(), textCount: build.doneCount)
        let kept = KnowledgeEmbeddings(vectors: [], costNanoUSD: 0, spans: root)
        try await hold(
            promotions.save(kept, model: model.reference.text, done: build.doneCount, total: build.totalCount ?? build.doneCount, leased))
    }

    /// A batch at a time: whoever waits for the knowledge base's settings, or for another promotion, waits for one batch.
    private func index() async throws {
        guard var waiting = try await promotions.beginIndexing(leased)?[...] else { throw KnowledgeWorkFault.gone }
        while !waiting.isEmpty {
            if isStopping() { throw KnowledgeWorkFault.released }
            var batch: [Int64] = [], chunkCount = 0
            while let next = waiting.first, batch.isEmpty || chunkCount + next.chunkCount <= KnowledgeWorkLimits.indexedChunkCount {
                batch.append(next.id)
                chunkCount += next.chunkCount
                waiting = waiting.dropFirst()
            }
            try await hold(promotions.index(batch, leased))
        }
    }

    // MARK: - Gate

    private func startGate(of promotion: KnowledgePromotion) async throws {
        // The model is stored by now; the promotion was read before.
        guard let promotion = try await promotions.proceed(leased) else { throw KnowledgeWorkFault.gone }
        // Taken out of the settings meanwhile: the next step is another one.
        guard let gate = try await knowledge.settings(of: promotion.projectID).gate else { return }
        let order = try GateOrder(settings: gate, source: try await source(of: promotion), embeddingModel: promotion.embeddingModel)
        let suites = resources.metastore.suites, runs = resources.metastore.runs
        var suite = try await suites.find(name: order.suite, in: promotion.projectID)
        if suite == nil, let id = SuiteID(uuid: order.suite) { suite = try await suites.find(id, in: promotion.projectID) }
        guard let suite else { throw KnowledgeWorkFault.final("the gate's suite is gone: the project has none called \(order.suite)") }
        let run: RunRecord
        do throws(MetastoreError) {
            let new = NewRun(
                suite: suite.id, suiteVersion: order.suiteVersion, specification: order.specification,
                baseline: try await runs.baseline(order.specification.baseline, of: suite.id, in: promotion.projectID),
                idempotency: GateOrder.idempotency(of: promotion))
            run = try await runs.create(new, in: promotion.projectID, audit: .system("startKnowledgeGate")).run
        } catch {
            guard [.invalid, .notFound, .conflict].contains(error.code) else { throw error }
            throw KnowledgeWorkFault.final("the gate's run cannot be made: \(error.message)")
        }
        guard Self.isAsked(run, with: promotion.view) else {
            _ = try await runs.command(
                .cancel, run.id, in: promotion.projectID, reason: "not what is to become active", audit: .system("cancelKnowledgeGate"))
            throw KnowledgeWorkFault.final("the gate's run is asked with something else than what is to become active")
        }
        try await hold(promotions.setRun(run.id, leased))
    }

    /// Whether `{{context}}` stands for what the view has: the run has found a draft by its name.
    private static func isAsked(_ run: RunRecord, with view: KnowledgeView) -> Bool {
        let specification = (try? JSONValue.parse(run.specification)).flatMap { try? RunSpecification(json: $0) }
        return specification?.retrieval?.view
            == RunRetrieval.View(revision: view.revision, draftID: view.draft?.id.uuid, draftVersion: view.draft?.version)
    }

    private func source(of promotion: KnowledgePromotion) async throws -> RunRetrieval.Source {
        switch promotion.origin {
        case .revision(let number): return .revision(number)
        case .draft(let id):
            guard let draft = try await resources.metastore.knowledgeDrafts.find(id, in: promotion.projectID) else {
                throw KnowledgeWorkFault.final("the draft is gone")
            }
            return .draft(draft.name)
        }
    }
}
