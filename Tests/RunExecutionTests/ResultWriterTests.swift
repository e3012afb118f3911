import ByteCoding
import JobQueue
import Metastore
import PostgresClient
import PostgresTesting
import Testing

@testable import RunExecution

@Suite("Writing results")
struct ResultWriterTests {
    /// Writes all of it, and returns once it is written.
    private static func write(_ test: TestRun, _ ended: [EndedCell], done: Shared<[JobID]> = Shared([])) async {
        let writer = ResultWriter(test.runs, TestServer.logger) { cells in done.change { $0 += cells.map(\.job.id) } }
        for cell in ended {
            await writer.started(cell.cell, key: "case")
            await writer.ended(cell)
        }
        await writer.close()
        await writer.run()
    }

    @Test("one result that PostgreSQL does not take costs none of the others; its cell is errored and says why, and its cost counts")
    func unstorable() async throws {
        let test = try await TestRun.make(caseCount: 40), done = Shared<[JobID]>([])
        let cells = try await test.lease(40)
        await Self.write(
            test, cells.enumerated().map { TestRun.ended($1, output: $0 == 17 ? "no JSON" : #"{"text":"yes"}"#, cost: 10) }, done: done)
        let counts = try await test.counts()
        #expect(counts.passedCount == 39 && counts.erroredCount == 1 && counts.costNanoUSD == 400)
        #expect(Set(done.value) == Set(cells.map(\.job.id)))
        let error = try await test.connection.query("SELECT error FROM outcomes WHERE result = 'errored'").only {
            row throws(PostgresError) in try row.decode("error", as: PostgresJSON.self).bytes
        }
        let json = try JSONValue.parse(error)
        #expect(json["kind"]?.stringValue == "unstorable" && json["message"]?.stringValue?.contains("cannot be stored") == true)
    }

    @Test("results whose spans are together more than PostgreSQL takes at a time are written in parts, and every span is sent")
    func largeSpans() async throws {
        let test = try await TestRun.make(caseCount: 6)
        let cells = try await test.lease(6)
        // Three fit into a part.
        let spans = [UInt8](repeating: 7, count: RunExecutionLimits.resultBatchByteCount / 3 - 1_000)
        await Self.write(test, cells.map { TestRun.ended($0, spans: spans) })
        #expect(try await test.counts().passedCount == 6)
        let rows = try await test.metastore.spanOutbox.lease(count: 100, seconds: 60)
        #expect(rows.map(\.body.count) == [3 * spans.count, 3 * spans.count])
    }

    @Test("what an attempt cost that is tried again counts at once")
    func spentInVain() async throws {
        let test = try await TestRun.make(caseCount: 2)
        let cells = try await test.lease(2)
        let spent = CellSpending(costNanoUSD: 500, inputTokens: 7, outputTokens: 11)
        let retry = EndedCell(cells[0], key: "case", .retry(afterSeconds: 0, error: Array("{}".utf8), spent: spent))
        await Self.write(test, [retry, TestRun.ended(cells[1], cost: 3)])
        let counts = try await test.counts()
        #expect(counts.costNanoUSD == 503 && counts.inputTokens == 7 && counts.outputTokens == 11 && counts.doneCount == 1)
    }

    @Test("a cell that was lost to another worker sends no spans")
    func lost() async throws {
        let test = try await TestRun.make(caseCount: 1)
        let cells = try await test.lease(1)
        try await test.connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased'")
        #expect(try await test.runs.rescue() == 1)
        await Self.write(test, [TestRun.ended(cells[0], spans: [1, 2, 3])])
        #expect(try await test.counts().doneCount == 0)
        #expect(try await test.metastore.spanOutbox.backlog().count == 0)
    }
}
