/// The tests' PostgreSQL, which listens on a Unix socket alone, at a port of this machine for the length of a test.

import NIOCore
import NIOPosix
import PostgresTesting

@testable import PostgresClient

struct SocketRelay {
    let port: Int
    /// As whom one connects there, and to which database.
    let user: String
    let database: String

    /// `postgres://` of the database, seen at 127.0.0.1.
    var url: String { "postgres://\(user)@127.0.0.1:\(port)/\(database)" }

    static func run(to configuration: PostgresConfiguration, _ body: (SocketRelay) async throws -> Void) async throws {
        let directory = try setting("host", of: configuration)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .connect(unixDomainSocketPath: directory + "/.s.PGSQL.5432")
                    .flatMapThrowing { server in
                        try client.pipeline.syncOperations.addHandler(Forwarder(to: server))
                        try server.pipeline.syncOperations.addHandler(Forwarder(to: client))
                        for channel in [client, server] { try channel.syncOptions?.setOption(.autoRead, value: true) }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let relay = SocketRelay(
            port: listener.localAddress?.port ?? 0, user: try setting("user", of: configuration),
            database: configuration.databaseOverride ?? "")
        let result: Result<Void, any Error>
        do { result = .success(try await body(relay)) } catch { result = .failure(error) }
        try await listener.close()
        try result.get()
    }

    private static func setting(_ name: String, of configuration: PostgresConfiguration) throws -> String {
        let parts = configuration.connectionString.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1) }
        guard let value = parts.first(where: { $0.first == name[...] })?.last else { throw PostgresError(.configuration, "no \(name)") }
        return value.filter { $0 != "'" }
    }
}

/// What one side sends goes to the other; where one ends, so does the other.
private final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) { self.other = other }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { other.writeAndFlush(unwrapInboundIn(data), promise: nil) }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
