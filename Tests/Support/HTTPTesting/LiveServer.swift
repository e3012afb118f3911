/// Routes served on a port of this machine, with the server's own channel, for the length of a test.

import HTTPServer
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

package struct LiveServer: Sendable {
    package let port: Int
    private let group: ServiceGroup

    /// Serves `routes`, runs `body`, stops the server.
    ///
    /// - Returns: how long stopping took, and what `body` made.
    @discardableResult
    package static func run<Value: Sendable>(
        _ routes: [Route], limits: ConnectionLimits = ConnectionLimits(), edge: EdgeConfiguration? = nil,
        metrics: HTTPMetrics = HTTPMetrics(), clearText: HTTPServerChannel.ClearText = .http1,
        logger: Logger? = nil, services: [any Service] = [], requestFinished: (@Sendable (FinishedRequest) -> Void)? = nil,
        problemPage: @escaping ProblemPage = { _, _, _ in nil },
        problem: @escaping @Sendable (any Error) -> Problem, _ body: @Sendable (LiveServer) async throws -> Value
    ) async throws -> (value: Value, stopping: Duration) {
        let logger = logger ?? silent
        var prepared = edge ?? EdgeConfiguration()
        if edge == nil { prepared.limits = limits }
        let configuration = prepared
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: makeRouter(
                routes: routes, metrics: metrics, edge: configuration, requestFinished: requestFinished, problemPage: problemPage,
                problem: problem),
            server: .init { HTTPServerChannel(responder: $0, clearText: clearText, edge: configuration, metrics: metrics) },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services + [application], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard let number = await iterator.next() else { throw CancellationError() }
            let result: Result<Value, any Error>
            do { result = .success(try await body(LiveServer(port: number, group: group))) } catch { result = .failure(error) }
            let start = ContinuousClock.now
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return (try result.get(), ContinuousClock.now - start)
        }
    }

    private static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// What SIGTERM does; returns at once.
    package func beginStopping() async { await group.triggerGracefulShutdown() }

    package func connect() async throws -> TestConnection { TestConnection(try await RawConnection.open(port: port)) }

    /// One request on a connection of its own.
    package func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) async throws -> HTTPAnswer {
        let connection = try await connect()
        defer { connection.close() }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        try await connection.send(Array((head + "\r\n").utf8) + body)
        return try await connection.answer(toHead: method == "HEAD")
    }
}
