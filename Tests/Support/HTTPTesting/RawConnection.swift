/// A TCP connection to a server on this machine, for bytes no HTTP client would send. Blocking calls run on threads of
/// their own: the server under test lives on the cooperative pool.

import Foundation
import Glibc

package struct RawConnection: Sendable {
    package struct Failure: Error {
        package let call: String
        package let code: Int32
    }

    private let descriptor: Int32

    /// - Parameter seconds: how long a read may wait before the test gives up.
    package static func open(port: Int, seconds: Int = 30) async throws -> RawConnection {
        try await onThread {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
            var limit = timeval(tv_sec: seconds, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port)).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
            guard result == 0 else {
                Glibc.close(descriptor)
                throw Failure(call: "connect", code: errno)
            }
            return RawConnection(descriptor: descriptor)
        }
    }

    /// Sends all bytes. Answers false when the server has closed: then the rest was not wanted.
    @discardableResult
    package func send(_ bytes: [UInt8]) async throws -> Bool {
        try await Self.onThread {
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count < 0 {
                    if errno == EPIPE || errno == ECONNRESET { return false }
                    throw Failure(call: "send", code: errno)
                }
                sent += count
            }
            return true
        }
    }

    @discardableResult
    package func send(_ text: String) async throws -> Bool { try await send(Array(text.utf8)) }

    /// The next bytes, whatever their number; empty at the end of the stream.
    package func receive() async throws -> [UInt8] {
        try await Self.onThread {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count < 0 {
                if errno == ECONNRESET { return [] }
                throw Failure(call: "recv", code: errno)
            }
            return Array(buffer.prefix(count))
        }
    }

    /// Tells the server that nothing more comes; answers can still be read.
    package func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    package func close() { Glibc.close(descriptor) }

    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            // Not a queue's thread: a queue has few, and tests that run side by side would wait for each other's blocking reads.
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}
