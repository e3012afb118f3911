import CurlClient
import LoopbackTesting
import Testing

@Suite("A mail", .timeLimit(.minutes(1)))
struct MailerTests {
    let client = CurlClient()

    private func message(subject: String = "Hello", text: String = "Hi\n") throws -> MailMessage {
        MailMessage(to: try #require(MailAddress("ada@example.org", displayName: "Ada")), subject: subject, text: text)
    }

    private func configuration(
        _ port: Int, user: String = "", password: String = "", requiresTLS: Bool = false, senderName: String = ""
    ) throws -> SMTPConfiguration {
        try SMTPConfiguration(
            url: "smtp://127.0.0.1:\(port)", user: user, password: password,
            sender: try #require(MailAddress("spandrel@example.com", displayName: senderName)), requiresTLS: requiresTLS)
    }

    @Test("reaches the server with its sender, recipient, header fields and text")
    func delivered() async throws {
        let script = SMTPScript()
        try await LoopbackServer.run {
            try await script.run($0)
        } _: { server in
            let mailer = SMTPMailer(client: client, configuration: try configuration(server.port, user: "u", password: "p"))
            #expect(mailer.delivers)
            try await mailer.send(message(text: "First\n.dot\n\nlink https://x/?a=b\n"))
        }
        #expect(script.lines.contains("MAIL FROM:<spandrel@example.com>"))
        #expect(script.lines.contains("RCPT TO:<ada@example.org>"))
        // "\0u\0p"
        #expect(script.lines.contains("AHUAcA=="))
        for field in [
            "From: spandrel@example.com", "To: \"Ada\" <ada@example.org>", "Subject: Hello", "MIME-Version: 1.0",
            "Content-Transfer-Encoding: quoted-printable",
        ] { #expect(script.data.contains(field)) }
        #expect(script.data.contains { $0.hasPrefix("Date: ") && $0.hasSuffix(" +0000") })
        #expect(script.data.contains { $0.hasPrefix("Message-ID: <") && $0.hasSuffix("@example.com>") })
        // SMTP doubles the dot at a line's beginning.
        #expect(script.data.suffix(4) == ["First", "..dot", "", "link https://x/?a=3Db"])
    }

    @Test("is never sent in the clear when TLS is required, and no password either", arguments: [true, false])
    func startTLS(isOffered: Bool) async throws {
        let script = SMTPScript(
            .init(extensions: isOffered ? ["STARTTLS", "AUTH PLAIN"] : ["AUTH PLAIN"], answers: ["STARTTLS": "454 not now"]))
        try await LoopbackServer.run {
            try await script.run($0)
        } _: { server in
            let mailer = SMTPMailer(
                client: client, configuration: try configuration(server.port, user: "u", password: "p", requiresTLS: true))
            #expect(await code { try await mailer.send(message()) } == .tls)
        }
        #expect(!script.lines.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
    }

    @Test(
        "that the server refuses says so",
        arguments: ["AUTH": "535 no", "MAIL": "550 no", "RCPT": "550 no such user", "DATA": "554 no"].sorted { $0.key < $1.key })
    func refused(command: String, answer: String) async throws {
        let script = SMTPScript(.init(answers: [command: answer]))
        try await LoopbackServer.run {
            try await script.run($0)
        } _: { server in
            let mailer = SMTPMailer(client: client, configuration: try configuration(server.port, user: "u", password: "pass-word"))
            let error = await #expect(throws: CurlError.self) { try await mailer.send(message()) }
            #expect(error?.code == .mailRefused)
            #expect(error?.description.contains("pass-word") == false)
        }
    }

    @Test("waits for a silent server only so long")
    func silent() async throws {
        try await LoopbackServer.run {
            await $0.waitUntilClosed()
        } _: { server in
            var slow = try configuration(server.port)
            slow.timeouts.connect = .milliseconds(50)
            let mailer = SMTPMailer(client: client, configuration: slow)
            #expect(await code { try await mailer.send(message()) } == .timeout(.connect))
        }
    }

    @Test(
        "takes any subject and name without a new header field or line",
        arguments: [
            "Grüße \u{1F600}", "x\r\nBcc: evil@example.org", "x\nBcc: evil@example.org\n\nbody", "=?utf-8?B?eA==?=",
            String(repeating: "ä", count: 300), "a\u{2028}b\0c",
        ])
    func injection(text: String) async throws {
        let script = SMTPScript()
        try await LoopbackServer.run {
            try await script.run($0)
        } _: { server in
            let name =
                text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
                ? String(text.prefix(60)) : "Plain \"quoted\" name"
            let mailer = SMTPMailer(client: client, configuration: try configuration(server.port, senderName: name))
            try await mailer.send(message(subject: text, text: text))
        }
        let end = try #require(script.data.firstIndex(of: ""))
        let head = script.data[..<end]
        #expect(!head.contains { $0.lowercased().hasPrefix("bcc") })
        #expect(head.filter { !$0.hasPrefix(" ") }.count == 9)
        #expect(head.allSatisfy { $0.utf8.count <= 90 && $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
        #expect(script.data[end...].allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
        #expect(decodedSubject(Array(head)) == text)
    }

    /// Undoes folding and encoded words.
    private func decodedSubject(_ head: [String]) -> String {
        guard let start = head.firstIndex(where: { $0.hasPrefix("Subject: ") }) else { return "" }
        let rest = head[(start + 1)...].prefix { $0.hasPrefix(" ") }
        let words = ([String(head[start].dropFirst(9))] + rest.map { String($0.dropFirst()) })
        guard words[0].hasPrefix("=?utf-8?B?") else { return words.joined(separator: " ") }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = words.flatMap { word -> [UInt8] in
            let code = word.dropFirst(10).dropLast(2).utf8.compactMap { alphabet.firstIndex(of: $0) }
            let bits = code.flatMap { number in (0..<6).map { number >> (5 - $0) & 1 } }
            return stride(from: 0, to: bits.count / 8 * 8, by: 8).map { place in UInt8(bits[place..<place + 8].reduce(0) { $0 << 1 | $1 }) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("is only shown when there is no server")
    func shown() async throws {
        let (shown, showing) = AsyncStream.makeStream(of: MailMessage.self)
        let mailer = LogMailer { showing.yield($0) }
        #expect(!mailer.delivers)
        try await mailer.send(message(text: "link"))
        showing.finish()
        var texts: [String] = []
        for await mail in shown { texts.append(mail.text) }
        #expect(texts == ["link"])
    }

    @Test("shows neither password nor text when it is described")
    func descriptions() throws {
        let configuration = try configuration(25, user: "u", password: "s3cr3t")
        #expect("\(configuration)" == "smtp://127.0.0.1:25, from spandrel@example.com")
        #expect("\(try message(text: "s3cr3t"))" == "mail to ada@example.org")
    }

    @Test(
        "goes to a server written as a URL of its own kind",
        arguments: [
            ("smtp://mail.example.org", "smtp://mail.example.org:587"), ("smtps://mail.example.org", "smtps://mail.example.org:465"),
            ("SMTP://mail.example.org:80", "smtp://mail.example.org:80"), ("smtps://[2001:db8::1]:25", "smtps://[2001:db8::1]:25"),
            ("http://mail.example.org", nil), ("mail.example.org", nil), ("smtp://u:p@mail.example.org", nil), ("smtp://", nil),
            ("smtp://mail.example.org/path", nil), ("smtp://mail.example.org:x", nil),
        ])
    func servers(url: String, expected: String?) throws {
        let sender = try #require(MailAddress("a@b"))
        let server = (try? SMTPConfiguration(url: url, sender: sender))?.description.split(separator: ",").first
        #expect(server.map(String.init) == expected)
    }

    @Test(
        "has addresses that cannot leave their place",
        arguments: [
            ("ada@example.org", true), ("a.b+c_d@sub.example.org", true), ("a@b", true), ("", false), ("a", false), ("a@", false),
            ("@b", false), ("a@b@c", false), ("a b@c", false), ("a@b c", false), ("a@b>\r\nRCPT TO:<x@y", false), ("a\r\n@b", false),
            ("a<b@c", false), ("a..b@c", false), (".a@b", false), ("a@-b", false), ("a@b..c", false), ("\"a\"@b", false), ("ä@b", false),
            ("a,b@c", false), ("a@b,c@d", false), (String(repeating: "a", count: 65) + "@b", false),
        ])
    func addresses(text: String, isValid: Bool) {
        #expect((MailAddress(text) != nil) == isValid)
    }
}
