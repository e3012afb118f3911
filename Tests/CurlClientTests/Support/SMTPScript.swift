/// The server's side of SMTP, as much of it as a mail needs, and a record of what was said.

import LoopbackTesting
import Synchronization

final class SMTPScript: Sendable {
    struct Options: Sendable {
        var extensions = ["AUTH PLAIN LOGIN"]
        /// The answer to a command that begins with the key.
        var answers: [String: String] = [:]
    }

    private let options: Options
    private let record = Mutex<[String]>([])
    /// Every line the client sent; those of the mail with `DATA|` before them.
    var lines: [String] { record.withLock { $0 } }
    var data: [String] { lines.filter { $0.hasPrefix("DATA|") }.map { String($0.dropFirst(5)) } }

    init(_ options: Options = Options()) { self.options = options }

    func run(_ peer: LoopbackPeer) async throws {
        try await peer.send("220 test ESMTP\r\n")
        while let line = await peer.line() {
            record.withLock { $0.append(line) }
            let verb = line.split(separator: " ").first.map(String.init) ?? ""
            if let answer = options.answers.first(where: { line.hasPrefix($0.key) })?.value {
                try await peer.send(answer + "\r\n")
            } else if verb == "EHLO" {
                let rows = ["test"] + options.extensions
                try await peer.send(rows.enumerated().map { "250\($0 == rows.count - 1 ? " " : "-")\($1)\r\n" }.joined())
            } else if verb == "DATA" {
                try await peer.send("354 go on\r\n")
                while let text = await peer.line(), text != "." { record.withLock { $0.append("DATA|" + text) } }
                try await peer.send("250 taken\r\n")
            } else if verb == "AUTH" {
                try await peer.send("334 \r\n")
                if let credentials = await peer.line() { record.withLock { $0.append(credentials) } }
                try await peer.send("235 welcome\r\n")
            } else if verb == "QUIT" {
                try await peer.send("221 bye\r\n")
                return
            } else {
                try await peer.send("250 ok\r\n")
            }
        }
    }
}
