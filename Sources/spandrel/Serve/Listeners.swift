/// The ports the server listens on: one for everything over HTTP, and one for OTLP/gRPC, which is HTTP/2 from its first byte. What is so for
/// every connection is the same on both.

import HTTPAPI
import HTTPServer
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

struct Listeners {
    let edge: EdgeConfiguration
    let metrics: HTTPMetrics
    let requestFinished: (@Sendable (FinishedRequest) -> Void)?
    let problemPage: ProblemPage
    /// Called once, when every port is open.
    let announce: @Sendable (_ port: Int, _ grpcPort: Int?) -> Void

    func make(http: (address: ListenAddress, routes: [Route]), grpc: (address: ListenAddress, routes: [Route])?) -> [any Service] {
        let ports = OpenPorts(needsGRPC: grpc != nil, announce)
        return (grpc.map { [application($0, .http2) { ports.opened(grpc: $0) }] } ?? [])
            + [application(http, .http1) { ports.opened(http: $0) }]
    }

    private func application(
        _ listener: (address: ListenAddress, routes: [Route]), _ clearText: HTTPServerChannel.ClearText,
        opened: @escaping @Sendable (_ port: Int) -> Void
    ) -> any Service {
        var edge = edge
        if clearText == .http2 { edge.limits.maximumControlFrameCount = ConnectionLimits.grpcControlFrameCount }
        let configuredEdge = edge, metrics = metrics, address = listener.address
        let router = makeRouter(
            routes: listener.routes, metrics: metrics, edge: configuredEdge, requestFinished: requestFinished, problemPage: problemPage
        ) { Problem(describing: $0) }
        return Application(
            router: router,
            server: .init { HTTPServerChannel(responder: $0, clearText: clearText, edge: configuredEdge, metrics: metrics) },
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in opened(channel.localAddress?.port ?? address.port) }, logger: Logger(label: "http"))
    }
}

/// Whoever opens the last port tells both.
private final class OpenPorts: Sendable {
    private let ports = Mutex<(http: Int?, grpc: Int?)>((nil, nil))
    private let needsGRPC: Bool
    private let announce: @Sendable (_ port: Int, _ grpcPort: Int?) -> Void

    init(needsGRPC: Bool, _ announce: @escaping @Sendable (_ port: Int, _ grpcPort: Int?) -> Void) {
        self.needsGRPC = needsGRPC
        self.announce = announce
    }

    func opened(http: Int? = nil, grpc: Int? = nil) {
        let open = ports.withLock { ports in
            if let http { ports.http = http }
            if let grpc { ports.grpc = grpc }
            return ports
        }
        guard let port = open.http, !needsGRPC || open.grpc != nil else { return }
        announce(port, open.grpc)
    }
}
