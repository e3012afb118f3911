/// Mails that carry links into accounts: their texts, and a bounded number of them on their way at once, so that no request waits for
/// a mail server.

import Access
import CurlClient
import Logging
import Synchronization

package final class AccountMails: Sendable {
    /// Mails on their way before more are refused: a mail server that hangs holds this many, for its time limit.
    static let maximumMailCount = 100

    package enum Mail: Sendable {
        case invitation(to: String, token: SecretToken)
        case passwordReset(to: String, token: SecretToken)
    }

    let links: AccountLinks
    private let mailer: any Mailer
    private let logger: Logger
    private let mailCount = Mutex(0)

    package init(mailer: any Mailer, publicURL: String, logger: Logger) {
        self.mailer = mailer
        links = AccountLinks(publicURL: publicURL)
        self.logger = logger
    }

    /// Whether mails reach anybody but the log.
    var delivers: Bool { mailer.delivers }

    /// Makes a mail and sends it, after this returned; `make` answers nil when there is none to send. false: too many are on their way.
    func sendLater(_ make: @escaping @Sendable () async throws -> Mail?) -> Bool {
        let isTaken = mailCount.withLock { count in
            guard count < Self.maximumMailCount else { return false }
            count += 1
            return true
        }
        guard isTaken else { return false }
        Task {
            do {
                if let mail = try await make() { try await send(mail) }
            } catch { logger.error("a mail was not sent", metadata: ["error": "\(error)"]) }
            mailCount.withLock { $0 -= 1 }
        }
        return true
    }

    private func send(_ mail: Mail) async throws {
        let (recipient, subject, text) =
            switch mail {
            case .invitation(let email, let token):
                (
                    email, "You are invited to Spandrel",
                    "You are invited to work on traces in Spandrel. Accept within seven days:\n\n\(links.invitation(token))\n"
                )
            case .passwordReset(let email, let token):
                (
                    email, "Set a new password for Spandrel",
                    "Somebody, hopefully you, asked for a new password. Set it within the hour:\n\n\(links.passwordReset(token))\n\n"
                        + "If it was not you, nothing happens unless the link is used.\n"
                )
            }
        guard let address = MailAddress(recipient) else {
            logger.error("a mail was not sent: its address is one that mail servers do not take")
            return
        }
        try await mailer.send(MailMessage(to: address, subject: subject, text: text))
    }
}

/// Pages of this server that a mail leads to. The token stands behind the `#`, which browsers send to nobody and no log sees.
struct AccountLinks: Sendable {
    /// Without a slash at the end.
    private let publicURL: String

    init(publicURL: String) { self.publicURL = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL }

    func invitation(_ token: SecretToken) -> String { "\(publicURL)/invitation#\(token.text)" }

    func passwordReset(_ token: SecretToken) -> String { "\(publicURL)/password-reset#\(token.text)" }
}
