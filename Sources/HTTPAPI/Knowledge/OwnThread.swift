/// Work that blocks, or that takes a processor for long: done beside the threads that answer requests.

import NIOPosix

enum OwnThread {
    /// Runs `body` on a thread of a pool; throws what it throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}
