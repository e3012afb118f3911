/// What one connection may cost: the limits of the HTTP server in one place, each with its reason.

import NIOCore

package struct ConnectionLimits: Sendable {
    /// From the accept, or from the end of a response, to the end of the next request's head. One limit for silent keep-alive
    /// connections and for senders that trickle a head byte by byte, so neither holds a socket for longer.
    package var headTimeout = TimeAmount.seconds(60)
    /// A body may stay silent this long in all, on top of what its bytes earn at `minimumBodyBytesPerSecond`. Only time in which
    /// the server waits for the sender counts: a busy server never calls its clients slow.
    package var bodyGrace = TimeAmount.seconds(20)
    /// 16 KiB/s is slower than a mobile phone in a train and still ends a 64 MiB body that trickles.
    package var minimumBodyBytesPerSecond = 16 * 1024
    /// A client that takes no byte of its response for this long is gone. Over HTTP/2 a byte is taken when its window lets it out, or,
    /// where windows are wider than the line, when 16 KiB have gone to the socket.
    package var writeStall = TimeAmount.seconds(30)
    /// After SIGTERM a request in progress has this long to finish before its connection is cut.
    package var drain = TimeAmount.seconds(10)
    /// After an early refusal the rest of the body is read and thrown away, or the client would see a reset instead of the
    /// refusal: this many bytes at most (a 64 MiB limit's honest misses fit in), and for this long.
    package var lingerByteCount = 256 << 20
    package var linger = TimeAmount.seconds(15)
    /// One header field, and all of them: twice what proxies in front commonly allow.
    package var maximumHeaderFieldBytes = 32 << 10
    package var maximumHeaderBytes = 64 << 10
    package var maximumHeaderFieldCount = 200

    /// Bytes of one read. Bodies come in megabytes: fewer, larger reads cost less per byte. A quiet connection holds none.
    package var maximumReadByteCount = 256 << 10
    /// Reads that may wait for the handler; then the socket waits.
    package var maximumWaitingReadCount = 4

    /// Connections at a time. Each costs a descriptor and a few KiB when quiet; over it new ones are closed at once, which clients
    /// take for a busy server and try again.
    package var maximumConnectionCount = 8192
    /// From the accept to the end of the TLS handshake or of a PROXY header: a few round trips on the worst line.
    package var handshakeTimeout = TimeAmount.seconds(10)

    /// Streams of one HTTP/2 connection at a time: what browsers and proxies expect.
    package var maximumStreamCount = 100
    /// Resets, and errors, of streams within 30 s: a browser that navigates away cancels dozens, "rapid reset" thousands.
    package var maximumStreamResetCount = 200
    /// Control frames (pings, settings) within 30 s.
    package var maximumControlFrameCount = 200
    /// The same of a gRPC client: it pings with every answer it reads, to find out how wide the line is, and exports as fast as it can.
    package static let grpcControlFrameCount = 100_000
    /// Bytes of one body that a client may send before a handler asks for it, and again as much that waits for the handler as reads: all
    /// streams of a connection together hold some 15 MiB for somebody who is not known yet.
    package var streamWindowByteCount = 64 << 10
    /// The same once a handler has asked: a few round trips of a fast line for bodies of megabytes.
    package var bodyWindowByteCount = 1 << 20
    /// Bytes of an HTTP/2 frame: bodies of megabytes need not come in frames of the 16 KiB that clients send unasked. Parts of a frame are
    /// handed on as they come, so that a large one holds no more memory than its stream's window allows.
    package var maximumFrameByteCount = 256 << 10
    /// Bytes of a connection's streams that may be on the line. It bounds nothing here: NIO gives credit back as bytes arrive, not as
    /// they are read, so it only has to be no narrower than a few streams are.
    package var connectionWindowByteCount = 4 << 20

    /// Bytes of a client's WebSocket message: none means anything here, and a client that sends more is not one of ours.
    package var maximumMessageByteCount = 1 << 20
    /// Between two pings; one that finds the last one unanswered ends the WebSocket. Under the minute after which proxies drop what is silent.
    package var webSocketPingInterval = TimeAmount.seconds(20)
    /// From our close frame to the client's: a few round trips on the worst line.
    package var webSocketCloseTimeout = TimeAmount.seconds(5)
    /// On SIGTERM: for who writes a WebSocket's messages to end it, before the connection itself does.
    package var webSocketDrainGrace = TimeAmount.seconds(1)

    package init() {}
}
