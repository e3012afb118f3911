/// Reads HTTP/1.1 responses off a connection.

package struct HTTPAnswer: Sendable, Equatable {
    package var status: Int
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// A raw connection with a reader on it.
package final class TestConnection {
    private let raw: RawConnection
    private var buffer: [UInt8] = []

    package struct Closed: Error {}

    init(_ raw: RawConnection) { self.raw = raw }

    @discardableResult
    package func send(_ bytes: [UInt8]) async throws -> Bool { try await raw.send(bytes) }

    @discardableResult
    package func send(_ text: String) async throws -> Bool { try await raw.send(text) }

    package func endSending() { raw.endSending() }
    package func close() { raw.close() }

    /// The next response. Throws `Closed` when the server closes before it is whole.
    package func answer(toHead: Bool = false) async throws -> HTTPAnswer {
        let end = Array("\r\n\r\n".utf8)
        while buffer.firstRange(of: end) == nil { try await fill() }
        guard let range = buffer.firstRange(of: end) else { throw Closed() }
        let lines = String(decoding: buffer[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        buffer.removeSubrange(..<range.upperBound)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingPrefix(" ").description : ""
        }
        let status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        if !toHead, headers["transfer-encoding"]?.lowercased() == "chunked" {
            return HTTPAnswer(status: status, headers: headers, body: try await chunks())
        }
        let length = toHead || status < 200 ? 0 : Int(headers["content-length"] ?? "0") ?? 0
        while buffer.count < length { try await fill() }
        let body = Array(buffer[..<length])
        buffer.removeSubrange(..<length)
        return HTTPAnswer(status: status, headers: headers, body: body)
    }

    /// What has come, at least a byte of it; empty when the server has closed.
    package func receive() async throws -> [UInt8] {
        guard buffer.isEmpty else {
            defer { buffer = [] }
            return buffer
        }
        return try await raw.receive()
    }

    /// Whether the server closes without another byte.
    package func isAtEnd() async throws -> Bool {
        guard buffer.isEmpty else { return false }
        return try await raw.receive().isEmpty
    }

    /// A body in chunks, up to the empty one; there are no trailers.
    private func chunks() async throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let mark = Array("\r\n".utf8)
            while buffer.firstRange(of: mark) == nil { try await fill() }
            guard let end = buffer.firstRange(of: mark),
                let length = Int(String(decoding: buffer[..<end.lowerBound], as: UTF8.self), radix: 16)
            else { throw Closed() }
            while buffer.count < end.upperBound + length + mark.count { try await fill() }
            body += buffer[end.upperBound..<end.upperBound + length]
            buffer.removeSubrange(..<(end.upperBound + length + mark.count))
            if length == 0 { return body }
        }
    }

    private func fill() async throws {
        let bytes = try await raw.receive()
        guard !bytes.isEmpty else { throw Closed() }
        buffer += bytes
    }
}
