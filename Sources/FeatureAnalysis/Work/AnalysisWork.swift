/// One attempt at an analysis: embeds what has no vector yet, groups, names, writes what came of it. Every call that was answered is saved
/// before the next is made, so that the attempt after a worker's death goes on where it ended.

import ByteCoding
import Dispatch
import JobQueue
import Metastore
import ModelProviders
import RunExecution
import TraceModel

struct AnalysisWork: Sendable {
    let leased: LeasedAnalysis
    let resources: RunResources
    /// The worker takes on nothing new.
    let isStopping: @Sendable () -> Bool

    private var features: FeatureRepository { resources.metastore.features }

    /// Throws `AnalysisFault`, MetastoreError, `CancellationError`.
    func run() async throws {
        guard let analysis = try await features.begin(leased) else {
            return try await features.giveBack(leased, .succeeded)
        }
        let start = WallClock.nowUnixNano()
        guard leased.job.attempt <= FeatureAnalysisLimits.maximumAttemptCount else {
            throw AnalysisFault.final("\(leased.job.attempt - 1) attempts came to no end")
        }
        let spans = AnalysisSpans(analysis)
        var cap = SpendingCap(capNanoUSD: analysis.order.spendingCapNanoUSD, spentNanoUSD: analysis.costNanoUSD)
        var model: String?
        var findings: [AnalysisReport.Finding] = [], others = 0, problem: String?
        if analysis.traceCount > 0 {
            let models = try await AnalysisModels(of: analysis.projectID, resources)
            let embedding = try await models.embedding(pinned: analysis.embeddingModel)
            model = embedding.reference.text
            let traces = try await embed(analysis, embedding, spans, &cap)
            let known = try await features.known(to: analysis, model: embedding.reference.text)
            (findings, others) = await Self.group(traces, known)
            problem = try await name(&findings, known, models, spans, &cap)
        } else if let current = try await embeddingModel(of: analysis.projectID) {
            // Features are to be told, too, that nobody asked for them.
            model = current
            findings = try await features.known(to: analysis, model: current).map { Self.unasked($0) }
        }
        let report = AnalysisReport(findings: findings, analysis: analysis)
        let isConcluded = try await features.conclude(
            leased, model: model, report.features(),
            span: analysis.traceCount == 0
                ? nil : spans.root(startUnixNano: start, endUnixNano: WallClock.nowUnixNano(), featureCount: findings.count),
            result: report.result(costNanoUSD: cap.spentNanoUSD, otherCount: others, namingProblem: problem))
        if !isConcluded { throw AnalysisFault.gone }
    }

    /// nil: there is none that can be asked.
    private func embeddingModel(of project: ProjectID) async throws -> String? {
        do { return try await AnalysisModels(of: project, resources).embedding(pinned: nil).reference.text } catch AnalysisFault.final {
            return nil
        }
    }

    // MARK: - Embedding

    private func embed(
        _ analysis: FeatureAnalysisRecord, _ model: AnalysisModel, _ spans: AnalysisSpans, _ cap: inout SpendingCap
    ) async throws -> [EmbeddedTrace] {
        var traces: [EmbeddedTrace] = []
        while case let page = try await features.traces(of: analysis.id, from: traces.count), !page.isEmpty { traces += page }
        // Fewer than there were: the analysis has ended meanwhile.
        guard traces.count == analysis.traceCount else { throw AnalysisFault.gone }
        var open = traces[...]
        while case let batch = EmbeddingBatch.next(of: Array(open)), let first = batch.first, let last = batch.last {
            let done = traces.count { $0.embedding != nil }
            guard cap.allowsCall else {
                throw AnalysisFault.final(
                    "the spending cap was reached after \(done) of \(traces.count) texts were embedded: raise it, or look at fewer traces")
            }
            if isStopping() { throw AnalysisFault.released }
            let start = WallClock.nowUnixNano()
            let answer: EmbeddingResponse
            do throws(ProviderError) {
                answer = try await model.provider.embed(
                    EmbeddingRequest(model: model.reference.model, inputs: batch.map(\.trace.text)))
            } catch { throw Self.fault(error, model) }
            guard answer.embeddings.rowCount == batch.count else {
                throw AnalysisFault.transient("\(model.reference.text) answered with another number of vectors", retryAfterSeconds: nil)
            }
            let vectors = (0..<batch.count).map { Array(answer.embeddings[$0]) }
            let call = AnalysisSpans.Call(
                model: model.reference, responseModel: answer.model, usage: answer.usage, reportedCost: answer.reportedCost,
                startUnixNano: answer.attempts.last?.startUnixNano ?? start, endUnixNano: WallClock.nowUnixNano())
            let paid = PaidCall(
                costNanoUSD: model.nanoUSD(responseModel: answer.model, answer.usage, reportedCost: answer.reportedCost),
                span: spans.embedding(call, firstPosition: first.position, textCount: batch.count))
            let spent = try await features.save(vectors, at: batch.map(\.position), model: model.reference.text, paid, of: leased)
            guard let spent else { throw AnalysisFault.gone }
            cap.update(spentNanoUSD: spent)
            for (trace, vector) in zip(batch, vectors) {
                traces[trace.position] = EmbeddedTrace(position: trace.position, trace: trace.trace, embedding: vector)
            }
            open = traces[(last.position + 1)...]
        }
        return traces
    }

    private static func fault(_ error: ProviderError, _ model: AnalysisModel) -> any Error {
        if error.kind == .cancelled { return CancellationError() }
        var message = "\(model.reference.text) could not be asked: \(error.message)"
        if let said = error.fault.providerMessage { message += ": \(said)" }
        return error.fault.mayBeRetried
            ? AnalysisFault.transient(message, retryAfterSeconds: error.fault.retryAfter.map { $0 / .seconds(1) })
            : AnalysisFault.final(message)
    }

    // MARK: - Grouping

    /// Seconds of computing for thousands of traces: on a thread beside those that everything else shares.
    private static func group(_ traces: [EmbeddedTrace], _ known: [KnownFeature]) async -> ([AnalysisReport.Finding], others: Int) {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(returning: grouped(traces, known)) }
        }
    }

    private static func grouped(_ traces: [EmbeddedTrace], _ known: [KnownFeature]) -> ([AnalysisReport.Finding], others: Int) {
        guard let dimensionCount = traces.lazy.compactMap(\.embedding?.count).first, dimensionCount > 0 else {
            return (known.map(unasked), traces.count)
        }
        var vectors = VectorSet(dimensionCount: dimensionCount)
        // A vector that is none belongs to nothing.
        let comparable = traces.filter { trace in trace.embedding.map { vectors.append($0) } ?? false }.map(\.trace)
        let shapes = known.map { FeatureShape(center: $0.center, reach: Float($0.reach)) }
        let grouping = FeatureGrouping(vectors, known: shapes)
        var findings = grouping.groups.map { group in
            AnalysisReport.Finding(known: group.known.map { known[$0] }, traces: group.members.map { comparable[$0] }, shape: group.shape)
        }
        let asked = Set(grouping.groups.compactMap(\.known))
        findings += known.indices.filter { !asked.contains($0) }.map { unasked(known[$0]) }
        return (findings, grouping.others.count + traces.count - comparable.count)
    }

    private static func unasked(_ feature: KnownFeature) -> AnalysisReport.Finding {
        AnalysisReport.Finding(known: feature, traces: [], shape: FeatureShape(center: feature.center, reach: Float(feature.reach)))
    }

    // MARK: - Naming

    /// Names new features, and known ones that have none yet. What cannot be named now is called by an example: answers why.
    private func name(
        _ findings: inout [AnalysisReport.Finding], _ known: [KnownFeature], _ models: AnalysisModels, _ spans: AnalysisSpans,
        _ cap: inout SpendingCap
    ) async throws -> String? {
        var checkpoint = NamingCheckpoint(json: leased.job.checkpoint), taken = known.filter(\.isNamed).map(\.name)
        let open = findings.indices.filter { findings[$0].known?.isNamed != true && !findings[$0].traces.isEmpty }
        guard !open.isEmpty else { return nil }
        let model: AnalysisModel?
        do { model = try await models.naming() } catch AnalysisFault.final(let message) { return message }
        guard let model else { return "the project's settings name no model for naming (default_models.naming or judge)" }
        // Why no more calls are made; and whether one brought nothing.
        var obstacle: String?, isUnreadable = false
        for index in open {
            let typical = findings[index].traces[0].traceID
            if checkpoint.names[typical] == nil, obstacle == nil {
                if isStopping() { throw AnalysisFault.released }
                let naming = FeatureNaming(examples: findings[index].traces.map(\.text), takenNames: taken)
                switch cap.allowsCall ? try await ask(naming, model, of: typical, spans) : .obstacle("the spending cap was reached") {
                case .obstacle(let reason): obstacle = reason
                case .answered(let name, let paid):
                    checkpoint.add(name, of: typical)
                    guard let spent = try await features.save(checkpoint.json, paid, of: leased) else { throw AnalysisFault.gone }
                    cap.update(spentNanoUSD: spent)
                }
            }
            guard let asked = checkpoint.names[typical] else { continue }
            findings[index].name = asked
            if let asked { taken.append(asked.name) } else { isUnreadable = true }
        }
        return obstacle ?? (isUnreadable ? "an answer of the model had no name in it" : nil)
    }

    private enum Answer {
        /// nil: with no name in it.
        case answered(FeatureNaming.Name?, PaidCall)
        case obstacle(String)
    }

    private func ask(
        _ naming: FeatureNaming, _ model: AnalysisModel, of typical: TraceID, _ spans: AnalysisSpans
    ) async throws(CancellationError) -> Answer {
        let start = WallClock.nowUnixNano()
        let answer: ChatResponse
        do throws(ProviderError) {
            // Anthropic's newer versions take no temperature; what has none is deterministic enough.
            answer = try await model.provider.chat(
                naming.request(model.reference.model, takesTemperature: model.reference.provider != Provider.anthropic.rawValue))
        } catch {
            if error.kind == .cancelled { throw CancellationError() }
            return .obstacle("\(model.reference.text) could not be asked: \(error.message)")
        }
        let call = AnalysisSpans.Call(
            model: model.reference, responseModel: answer.model, usage: answer.usage, reportedCost: answer.reportedCost,
            startUnixNano: answer.attempts.last?.startUnixNano ?? start, endUnixNano: WallClock.nowUnixNano())
        let cost = model.nanoUSD(responseModel: answer.model, answer.usage, reportedCost: answer.reportedCost)
        return .answered(
            FeatureNaming.read(answer.text),
            PaidCall(costNanoUSD: cost, span: spans.naming(call, naming, of: typical, answer: answer.text)))
    }
}
