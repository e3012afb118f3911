/// The listening socket and its one event loop: every connection, timer and count lives on that loop's thread, so a slow call costs a
/// timer and nothing else.

import NIOCore
import NIOHTTP1
import NIOPosix

struct StandInServer {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel

    /// - Throws: `IOError` when the address is in use.
    init(_ address: ListenAddress, _ standIn: StandIn) throws {
        channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 8192)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: 256 << 10))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(CallHandler(standIn))
                }
            }
            .bind(host: address.host, port: address.port).wait()
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// Cuts what is in progress.
    func stop() throws {
        try channel.close().wait()
        try group.syncShutdownGracefully()
    }
}
