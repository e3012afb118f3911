import Glibc

/// A thread of one's own for work that blocks on the disk: the cooperative pool has few threads, and a blocked one
/// delays everybody.
enum WALThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread that ends when the body returns.
    static func start(_ body: @escaping @Sendable () -> Void) throws(StoreError) {
        // Passed as an opaque pointer with one reference, which the thread takes over.
        let argument = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let reason = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                body.run()
                return nil
            }, argument.toOpaque())
        guard reason == 0 else {
            argument.release()
            throw StoreError(.io, "the log's thread cannot be started: \(String(cString: strerror(reason))); raise the limit of threads")
        }
        pthread_detach(thread)
    }
}
