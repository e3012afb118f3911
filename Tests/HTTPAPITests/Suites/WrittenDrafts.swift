import EvaluationModel
import HTTPTesting
import JobQueue
import Metastore
import Testing
import TraceModel

extension TestInstallation {
    /// As a worker that asked a model would: drafts of these keys, of the request that is next. Answers with their ids, in this order.
    func writeDrafts(_ keys: [String]) async throws -> [TestCaseDraftID] {
        let leased = try #require(try await metastore.drafts.lease(worker: "test"))
        let request = try #require(try await metastore.drafts.proceed(leased)), next = try #require(request.next)
        let cases = keys.map { key in
            TestCaseContent(
                key: key, input: .messages([PromptMessage(.user, "What is the capital of \(key)?")]),
                source: next.source.origin)
        }
        let drafted = DraftedCases(cases: cases, problem: nil, costNanoUSD: 1, spans: nil)
        #expect(try await metastore.drafts.save(drafted, at: next.position, of: next.source, leased))
        try await metastore.drafts.end(leased, .succeeded, result: Array("{}".utf8))
        let made = try await metastore.drafts.list(of: request.suiteID, page: PageRequest()).items
        return keys.compactMap { key in made.first { $0.key == key }?.id }
    }
}
