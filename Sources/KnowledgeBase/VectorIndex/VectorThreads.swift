/// Where work on vector files is done: files are read and written by one thread, searches take turns on two (`VectorRows` splits them).
/// On the cooperative pool they would hold up everything else.

import Dispatch

enum VectorThreads {
    private static let files = DispatchQueue(label: "spandrel.vectors.files")
    private static let searches = DispatchQueue(label: "spandrel.vectors.searches", qos: .userInitiated)

    static func withFiles<Value: Sendable>(
        _ body: @escaping @Sendable () throws(KnowledgeSearchError) -> Value
    ) async throws(KnowledgeSearchError) -> Value { try await run(on: files, body).get() }

    static func search(_ body: @escaping @Sendable () -> [NearestRow]) async -> [NearestRow] {
        await withCheckedContinuation { continuation in searches.async { continuation.resume(returning: body()) } }
    }

    private static func run<Value: Sendable>(
        on queue: DispatchQueue, _ body: @escaping @Sendable () throws(KnowledgeSearchError) -> Value
    ) async -> Result<Value, KnowledgeSearchError> {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { () throws(KnowledgeSearchError) in try body() }) }
        }
    }
}
