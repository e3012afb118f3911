import ByteCoding
import FileSystem
import Foundation
import KnowledgeModel
import Metastore
import PostgresClient
import PostgresTesting
import ServiceLifecycle
import Testing
import TraceModel

@testable import KnowledgeBase

/// Files of vectors that nothing is searched with any more, and those that are there before they are asked for.
@Suite struct VectorCleaningTests {
    private static let entries = [TestKnowledge.article("a", "A", "The text of A."), TestKnowledge.article("b", "B", "The text of B.")]

    private func files(in path: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    private func touch(_ names: [String], in path: String) throws {
        for name in names { try Data("x".utf8).write(to: URL(filePath: path + "/" + name)) }
    }

    @Test("files of projects that are archived or unknown and of models not in use go, but neither those that somebody has nor other files")
    func unused() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        let directory = try VectorDirectory(path: path)
        let used = try directory.create(project: base.project.id, model: TestKnowledge.model, dimensionCount: 4)
        let project = base.project.id.uuid, stranger = ProjectID.make().uuid, digits = "0123456789abcdef"
        let held = try #require(try LockedFile.create(path + "/\(stranger)-\(digits)-1.vectors"))
        try touch(
            ["\(project)-\(digits)-0.vectors", "\(stranger)-\(digits)-0.vectors", "README", "\(stranger).txt", "x-y-0.vectors"], in: path)
        let vectors = KnowledgeVectors(directory, base.metastore.knowledge)
        try await vectors.removeUnused()
        let kept = try files(in: path)
        #expect(
            Set(kept)
                == Set(
                    ["README", "\(stranger).txt", "\(stranger)-\(digits)-1.vectors", "x-y-0.vectors"]
                        + kept.filter { $0.hasPrefix(project) }))
        #expect(kept.filter { $0.hasPrefix(project) }.count == 1)
        withExtendedLifetime((used, held)) {}
    }

    @Test("a process closes the file of a model that is not used any more, and takes it away; that of the model in use serves on")
    func modelChanged() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        let retriever = try KnowledgeRetriever(
            knowledge: base.metastore.knowledge, directory: path, embedder: NGramEmbedder(), traces: KeptTraces())
        let query = KnowledgeQuery(text: "text of A", limit: 2)
        #expect(try await retriever.search(query, in: base.project.id).mode == .hybrid)
        try await retriever.removeUnusedFiles()
        let first = try files(in: path)
        #expect(first.count == 1)
        try await base.publish([], removing: ["b"], model: "test/other")
        try await base.embedAll(model: "test/other")
        #expect(try await retriever.search(query, in: base.project.id).mode == .hybrid)
        try await retriever.removeUnusedFiles()
        let second = try files(in: path)
        #expect(second.count == 1 && second != first)
        _ = try await base.metastore.projects.archive(base.project.id, in: base.organization.id, audit: base.audit)
        try await retriever.removeUnusedFiles()
        #expect(try files(in: path).isEmpty)
    }

    @Test("a revision that becomes active is read before anybody searches it, and a fault of it stops nothing")
    func warming() async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        let retriever = try KnowledgeRetriever(
            knowledge: base.metastore.knowledge, directory: path, embedder: NGramEmbedder(), traces: KeptTraces())
        let warming = Task {
            try await KnowledgeWarming(retriever: retriever, metastore: base.metastore, logger: TestServer.logger).run()
        }
        try await eventually("the revision is read") {
            // As a promotion does; until it is heard for the first time, nobody knows when that is.
            for revision in [9, 1] {
                try await base.connection.query(
                    "SELECT pg_notify($1, $2)", [.text(KnowledgeRepository.channel), .text("\(base.project.id.uuid):\(revision)")])
            }
            return try !files(in: path).isEmpty
        }
        warming.cancel()
        try? await warming.value
    }

    @Test("a worker's own folder goes with it, whatever is in it; one that it was given stays")
    func place() throws {
        let own = try VectorPlace(given: nil)
        try touch(["a.vectors", "b"], in: own.path)
        own.remove()
        #expect(!FileManager.default.fileExists(atPath: own.path))
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        let given = try VectorPlace(given: path)
        try touch(["a.vectors"], in: given.path)
        given.remove()
        #expect(try files(in: path) == ["a.vectors"])
    }
}
