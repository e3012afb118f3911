import Access
import HTTPAPI
import HTTPServer
import HTTPTypes
import Metastore
import SpanStore
import Testing
import TraceQuery

@Suite("Errors of other rooms as problems")
struct ProblemMappingTests {
    private struct Surprise: Error {}

    @Test("each error has the status the API promises, and what may pass says when to try again")
    func statuses() {
        let table: [(error: any Error, status: Int, mayPass: Bool)] = [
            (AccessError.unauthenticated(.missing), 401, false), (AccessError.unauthenticated(.revoked), 401, false),
            (AccessError.forbidden(needed: .admin), 403, false), (AccessError.unavailable, 503, true),
            (AccessError.signInNotBegun, 400, false), (AccessError.identityRefused("m"), 401, false),
            (AccessError.notInvited("m"), 403, false), (AccessError.identityProvider("m"), 503, true),
            (MetastoreError(.unavailable, "m"), 503, true), (MetastoreError(.conflict, "m", field: "name"), 409, false),
            (MetastoreError(.invalid, "m", field: "name"), 422, false), (MetastoreError(.invalid, "m", field: "cursor"), 400, false),
            (MetastoreError(.notFound, "m"), 404, false), (MetastoreError(.internal, "m"), 500, false),
            (QueryError(.malformed, path: "filter", "m"), 400, false), (QueryError(.cursor, "m"), 400, false),
            (QueryError(.timeLimit, "m"), 422, false),
            (QueryError(.memoryLimit, "m"), 422, false), (QueryError(.storage, "m"), 503, true), (QueryError(.cancelled, "m"), 503, true),
            (StoreError(.busy, "m"), 503, true), (StoreError(.full, "m"), 503, true), (StoreError(.closed, "m"), 503, true),
            (StoreError(.invalid, "m"), 422, false), (RequestBodyError.tooLarge(maximumByteCount: 1), 413, false),
            (RequestBodyError.timeout, 408, false), (RequestBodyError.malformed, 400, false), (CancellationError(), 503, true),
            (Surprise(), 500, false),
        ]
        for row in table {
            let problem = Problem(describing: row.error)
            #expect(problem.status.code == row.status, "\(row.error)")
            #expect((problem.retryAfterSeconds != nil) == row.mayPass, "\(row.error)")
            #expect(!problem.detail.isEmpty, "\(row.error)")
        }
    }

    @Test("a field at fault is named, a defect's cause is not told")
    func details() {
        #expect(Problem(describing: MetastoreError(.conflict, "taken", field: "name")).errors == [.init(field: "name", message: "taken")])
        #expect(Problem(describing: QueryError(.malformed, path: "filter._or[1]", "unknown")).errors.first?.field == "filter._or[1]")
        #expect(!Problem(describing: Surprise()).detail.contains("Surprise"))
        #expect(!Problem(describing: MetastoreError(.internal, "secret")).detail.contains("secret"))
    }
}
