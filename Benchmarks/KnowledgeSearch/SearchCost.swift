/// Searches one after another, as an agent makes them, each of another question: what one takes, and what getting ready takes.

import ByteCoding
import KnowledgeBase
import Logging
import Metastore
import PostgresClient
import Synchronization
import TraceModel

struct SearchCost {
    /// Milliseconds that 99 of 100 hybrid searches may take.
    static let bar = 50.0
    private static let warmUpCount = 50

    let chunkCount: Int
    let dimensionCount: Int
    /// Seconds.
    private var steps: [(name: String, seconds: Double)] = []
    /// Milliseconds of each search, rising.
    private var milliseconds: [(mode: KnowledgeSearchMode, all: [Double])] = []

    var isWithinBar: Bool { milliseconds.contains { $0.mode == .hybrid && percentile($0.all, 0.99) <= Self.bar } }

    static func measure(directory: String, chunkCount: Int, searchCount: Int, dimensionCount: Int) async throws -> SearchCost {
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let cluster = try await PrivateCluster.start(directory: directory + "/postgres", logger: logger)
        let metastore = try await Metastore.open(PostgresPool(cluster.configuration, logger: logger))
        var cost = SearchCost(chunkCount: chunkCount, dimensionCount: dimensionCount)
        try await cost.run(directory, cluster.configuration, metastore, searchCount)
        await metastore.close()
        await cluster.stop()
        return cost
    }

    private init(chunkCount: Int, dimensionCount: Int) {
        self.chunkCount = chunkCount
        self.dimensionCount = dimensionCount
    }

    private mutating func run(
        _ directory: String, _ database: PostgresConfiguration, _ metastore: Metastore, _ searchCount: Int
    ) async throws {
        let project = try await Self.project(database, metastore)
        let knowledge = LargeKnowledge(project: project, chunkCount: chunkCount, dimensionCount: dimensionCount)
        try await step("write_and_vacuum") { try await knowledge.write(database) }
        try await step("count_words") { try await metastore.knowledge.countWords(in: project) }
        func retriever() throws -> KnowledgeRetriever {
            try KnowledgeRetriever(
                knowledge: metastore.knowledge, directory: directory + "/vectors", embedder: RandomEmbedder(dimensionCount: dimensionCount),
                traces: NoTraces())
        }
        do {
            let first = try retriever()
            try await step("first_load") { try await first.prepare(.active, in: project) }
        }
        let searched = try retriever()
        try await step("load_from_file") { try await searched.prepare(.active, in: project) }
        for mode in [KnowledgeSearchMode.hybrid, .text, .vector] {
            milliseconds.append((mode, try await search(searched, mode, searchCount, knowledge).sorted()))
        }
    }

    /// The questions are of two to eight words, as rare and as common as the texts' own.
    private func search(
        _ retriever: KnowledgeRetriever, _ mode: KnowledgeSearchMode, _ count: Int, _ knowledge: LargeKnowledge
    ) async throws -> [Double] {
        var dice = SeededDice(UInt64.max / 3)
        var all: [Double] = []
        for number in 0..<count + Self.warmUpCount {
            let text = knowledge.words.text(wordCount: .random(in: 2...8, using: &dice), using: &dice)
            let start = ContinuousClock.now
            let answer = try await retriever.search(KnowledgeQuery(text: text, mode: mode), in: knowledge.project)
            let took = Self.seconds(ContinuousClock.now - start) * 1_000
            guard answer.mode == mode, answer.hits.count == KnowledgeSearchLimits.defaultHitCount || mode == .text else {
                throw KnowledgeSearchError(.internal, "\(answer.hits.count) hits by \(answer.mode) for \(text): \(answer.modeReason ?? "")")
            }
            if number >= Self.warmUpCount { all.append(took) }
        }
        return all
    }

    private mutating func step(_ name: String, _ body: () async throws -> Void) async throws {
        let start = ContinuousClock.now
        try await body()
        steps.append((name, Self.seconds(ContinuousClock.now - start)))
    }

    private static func project(_ database: PostgresConfiguration, _ metastore: Metastore) async throws -> ProjectID {
        let connection = try await PostgresConnection.connect(database)
        let known = try await connection.query("SELECT id FROM projects LIMIT 1").decoded { row throws(PostgresError) in
            let id = try row.decode("id", as: PostgresUUID.self)
            return ProjectID(high: id.high, low: id.low)
        }
        if let project = known.first { return project }
        let organization = try await metastore.organizations.create(name: "Bench")
        return try await metastore.projects.create(name: "Bench", retentionDays: nil, in: organization.id).id
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private func percentile(_ sorted: [Double], _ share: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var json: String {
        var writer = JSONWriter(reserving: 1_024)
        writer.beginObject()
        writer.key("chunks")
        writer.integer(chunkCount)
        writer.key("dimensions")
        writer.integer(dimensionCount)
        writer.key("seconds")
        writer.beginObject()
        for (name, seconds) in steps {
            writer.key(name)
            writer.double((seconds * 1_000).rounded() / 1_000)
        }
        writer.endObject()
        writer.key("ms")
        writer.beginObject()
        for (mode, all) in milliseconds {
            writer.key(mode.rawValue)
            writer.beginObject()
            for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)] {
                writer.key(name)
                writer.double((percentile(all, share) * 100).rounded() / 100)
            }
            writer.key("searches")
            writer.integer(all.count)
            writer.endObject()
        }
        writer.endObject()
        writer.key("bar_p99_ms")
        writer.double(Self.bar)
        writer.key("is_within_bar")
        writer.bool(isWithinBar)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// A direction for each question, without a provider's time.
private struct RandomEmbedder: KnowledgeEmbedder {
    let dimensionCount: Int

    func model(of project: ProjectID) async throws(KnowledgeSearchError) -> String? { LargeKnowledge.model }

    func embed(_ question: String, model: String, for project: ProjectID) async throws(KnowledgeSearchError) -> EmbeddedQuestion {
        var dice = SeededDice(question.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 })
        return EmbeddedQuestion(vector: dice.vector(dimensionCount))
    }
}

private struct NoTraces: SearchTraces {
    func record(_ spans: [SpanRecord], of project: ProjectID) {}
}
