import Foundation
import KnowledgeModel
import Metastore
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import KnowledgeBase

/// Vectors between PostgreSQL and their file: loaded once, found again, made anew.
@Suite struct ModelVectorsTests {
    private static let entries = (0..<12).map { TestKnowledge.article("entry/\($0)", "Entry \($0)", "The text of entry number \($0).") }

    @Test("a view's vectors are loaded once; a process that starts again finds them in the file")
    func loadedOnce() async throws {
        try await withVectors { base, directory, make in
            let members = try await members(base)
            do {
                let rows = try await make().rows(of: members)
                #expect(rows.rowNumbers.count == 12 && rows.missingCount == 0 && rows.rows?.format.dimensionCount == 384)
            }
            // Without them in PostgreSQL, only the file can have them.
            try await base.connection.query("DELETE FROM knowledge_embeddings")
            let again = try await make().rows(of: members)
            #expect(again.rowNumbers.count == 12 && again.missingCount == 0)
        }
    }

    @Test("only what a new revision brings is loaded, and each view has its own rows")
    func onlyWhatIsNew() async throws {
        try await withVectors { base, directory, make in
            let vectors = make()
            let first = try await members(base)
            let before = try await vectors.rows(of: first)
            try await base.publish([TestKnowledge.article("entry/0", "Entry 0", "Another text.")], removing: ["entry/1"])
            try await base.connection.query(
                "DELETE FROM knowledge_embeddings WHERE embedded_hash NOT IN (SELECT embedded_hash FROM knowledge_chunks ORDER BY id DESC LIMIT 1)"
            )
            let second = try await vectors.rows(of: try await members(base))
            #expect(second.rowNumbers.count == 11 && second.missingCount == 0 && second.rows?.rowCount == 13)
            #expect(try await vectors.rows(of: first).rowNumbers == before.rowNumbers)
        }
    }

    @Test("most rows dead: a new file with the living takes the place of the old one, which serves meanwhile")
    func rebuilt() async throws {
        try await withVectors(leastRowCountOfRebuilding: 10) { base, directory, make in
            let vectors = make()
            let old = try await vectors.rows(of: try await members(base))
            try await base.publish([], removing: (2..<12).map { "entry/\($0)" })
            // A process that only knows the newest view: ten of twelve rows are nobody's.
            let living = make()
            _ = vectors
            let members = try await members(base)
            let before = try await living.rows(of: members)
            #expect(before.rowNumbers.count == 2)
            await living.settled()
            let after = try await living.rows(of: members)
            #expect(after.rowNumbers == [0, 1] && after.rows?.rowCount == 2)
            #expect(old.rows?.rowCount == 12)
            for (a, b) in zip(before.rowNumbers, after.rowNumbers) {
                #expect(before.rows?.vector(ofRow: a) == after.rows?.vector(ofRow: b))
            }
        }
    }

    @Test(
        "vectors of another dimension are in a file of their own, beside the others, which serve on; each view has the rows of its dimension"
    )
    func otherDimension() async throws {
        try await withVectors { base, directory, make in
            let vectors = make()
            let first = try await members(base)
            let old = try await vectors.rows(of: first)
            try await base.publish([TestKnowledge.article("new", "New", "New text.")], dimension: 100)
            let second = try await members(base)
            let mixed = try await vectors.rows(of: second)
            #expect(mixed.rowNumbers.count == 12 && mixed.missingCount == 1)
            let other = ModelVectors(
                project: base.project.id, model: TestKnowledge.model, dimensionCount: 100, directory: directory,
                knowledge: base.metastore.knowledge)
            let new = try await other.rows(of: second)
            #expect(new.rows?.format.dimensionCount == 100 && new.rowNumbers.count == 1 && new.missingCount == 12)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 2)
            #expect(try await vectors.rows(of: first).rowNumbers == old.rowNumbers)
            #expect(old.rows?.vector(ofRow: 0).count == 384)
        }
    }

    @Test("a database restored from a backup gives an id to another text, and its vector is not taken for that text's")
    func idsGivenTwice() async throws {
        try await withVectors { base, directory, make in
            let members = try await members(base)
            _ = try await make().rows(of: members)
            let entries = zip(members.chunkIDs, members.textHashes).map { SearchedKnowledgeChunk(id: $0, textHash: $1 &+ 1) }
            let other = try ViewMembers(
                view: members.view, entries: [SearchedKnowledgeEntry(key: "k", kind: .article, tags: [], chunks: entries)])
            #expect(try await make().rows(of: other).rowNumbers.isEmpty)
        }
    }

    @Test("many searches that begin at once load once and see the same rows")
    func atOnce() async throws {
        try await withVectors { base, directory, make in
            let vectors = make()
            let members = try await members(base)
            try await withThrowingTaskGroup(of: [UInt32].self) { group in
                for _ in 0..<20 { group.addTask { try await vectors.rows(of: members).rowNumbers } }
                for try await rows in group { #expect(rows == (0..<12).map { UInt32($0) }) }
            }
            #expect(try await vectors.rows(of: members).rows?.rowCount == 12)
        }
    }

    private func members(_ base: TestKnowledge) async throws -> ViewMembers {
        let view = try #require(try await base.metastore.knowledge.view(of: .active, in: base.project.id))
        let (seen, entries) = try await base.metastore.knowledge.searchedEntries(of: view)
        return try ViewMembers(view: seen, entries: entries)
    }

    private func withVectors(
        leastRowCountOfRebuilding: Int = KnowledgeSearchLimits.leastRowCountOfRebuilding,
        _ body: (TestKnowledge, VectorDirectory, @escaping () -> ModelVectors) async throws -> Void
    ) async throws {
        let base = try await TestKnowledge.open()
        try await base.publish(Self.entries)
        let path = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(path) }
        let directory = try VectorDirectory(path: path)
        try await body(base, directory) {
            ModelVectors(
                project: base.project.id, model: TestKnowledge.model, dimensionCount: 384, directory: directory,
                knowledge: base.metastore.knowledge,
                leastRowCountOfRebuilding: leastRowCountOfRebuilding)
        }
    }
}
