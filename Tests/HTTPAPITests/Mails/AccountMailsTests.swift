import Access
import ByteCoding
import CurlClient
import HTTPTesting
import Logging
import Metastore
import PostgresClient
import PostgresTesting
import Synchronization
import Testing

@testable import HTTPAPI

@Suite("Mails with links into accounts", .timeLimit(.minutes(1)))
struct AccountMailsTests {
    /// Lets no mail through before as many wait as it was told.
    private final class Gate: Mailer {
        let delivers = true
        private let needed: Int
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

        init(_ needed: Int) { self.needed = needed }

        func send(_ message: MailMessage) async throws(CurlError) {
            await withCheckedContinuation { continuation in
                let released = waiting.withLock { waiting -> [CheckedContinuation<Void, Never>] in
                    waiting.append(continuation)
                    guard waiting.count == needed else { return [] }
                    defer { waiting = [] }
                    return waiting
                }
                for one in released { one.resume() }
            }
        }
    }

    @Test("mails go out side by side, and each gives its room back when it is sent")
    func sideBySide() async throws {
        let count = MailLimits.maximumMailCount
        let mails = AccountMails(mailer: Gate(count), publicURL: "http://spandrel.test", logger: Logger(label: "test"))
        let token = SecretToken.generate(.passwordReset)
        for _ in 0..<2 {
            for _ in 0..<count {
                // The room of a round before may yet be on its way back.
                var slot = mails.takeSlot(.passwordReset)
                while slot == nil {
                    await Task.yield()
                    slot = mails.takeSlot(.passwordReset)
                }
                mails.sendLater(in: try #require(slot)) { .passwordReset(to: "ada@example.org", token: token) }
            }
        }
    }

    private func post(_ server: LiveServer, _ path: String, _ body: String, token: String? = nil) async throws -> HTTPAnswer {
        var headers = [("content-type", "application/json")]
        if let token { headers.append(("authorization", "Bearer \(token)")) }
        return try await server.send("POST", path, headers: headers, body: Array(body.utf8))
    }

    @Test("an invitation's link is mailed or shown, never both", arguments: [true, false])
    func invitation(isMailed: Bool) async throws {
        let contract = Contract(try OpenAPIFolder.assemble())
        try await TestInstallation.run(deliversMails: isMailed) { installation, server in
            let owner = try await installation.accounts.signIn.signIn(
                email: FirstStart.ownerEmail, password: installation.first.password.text, origin: RequestOrigin())
            let answer = try await post(
                server, "/api/v1/organizations/\(installation.first.organizationID.uuid)/invitations",
                #"{"email":"ada@example.org","role":"viewer"}"#, token: owner.accessToken)
            #expect(answer.status == 201, "\(answer.text)")
            let made = try JSONValue.parse(answer.body)
            let schema = try #require(contract.schema(of: "createInvitation", status: 201, contentType: "application/json"))
            #expect(SchemaChecker(document: contract.document).faults(in: made, against: schema) == [])
            #expect(made["is_mailed"] == .bool(isMailed))
            #expect((made["token"] == nil) == isMailed && (made["url"] == nil) == isMailed)
            let token = try await installation.outbox.token(after: "/invitation#")
            #expect(!isMailed || !answer.text.contains(token))
            let accepted = try await post(
                server, "/api/v1/auth/invitations/accept", #"{"token":"\#(token)","name":"Ada","password":"correct horse battery"}"#)
            #expect(accepted.status == 201)
            let connection = try await PostgresConnection.connect(installation.database)
            let proven = try await connection.query("SELECT 1 FROM users WHERE email = 'ada@example.org' AND address_proven_at IS NOT NULL")
            #expect(proven.isEmpty != isMailed)
        }
    }

    @Test("requests for resets are answered alike for known and unknown addresses, and after many from one network with 429")
    func resets() async throws {
        try await TestInstallation.run { installation, server in
            for number in 0...AccessLimits.freeAddressFailureCount {
                let email = number % 2 == 0 ? FirstStart.ownerEmail : "nobody\(number)@example.org"
                #expect(try await post(server, "/api/v1/auth/password-resets", #"{"email":"\#(email)"}"#).status == 202)
            }
            for email in [FirstStart.ownerEmail, "nobody@example.org"] {
                let answer = try await post(server, "/api/v1/auth/password-resets", #"{"email":"\#(email)"}"#)
                #expect(answer.status == 429 && answer.headers["retry-after"] == "1", "\(answer.text)")
            }
            // Nothing to do with signing in.
            let signedIn = try await post(
                server, "/api/v1/auth/sign-in",
                #"{"email":"\#(FirstStart.ownerEmail)","password":"\#(installation.first.password.text)"}"#)
            #expect(signedIn.status == 200)
            let metrics = try await server.send("GET", "/metrics")
            #expect(metrics.text.contains(#"spandrel_refused_mails_total{kind="password_reset"} 0"#))
        }
    }
}
