/// Mails that carry links into accounts: their texts, and a bounded number of them on their way side by side, so that no request waits
/// for a mail server and no slow mail for another one.

import Access
import CurlClient
import Logging
import Synchronization

package final class AccountMails: Sendable {
    package enum Mail: Sendable {
        case invitation(to: String, token: SecretToken)
        case passwordReset(to: String, token: SecretToken)
    }

    let links: AccountLinks
    private let mailer: any Mailer
    private let logger: Logger
    private let slots = Mutex(MailSlots())

    package init(mailer: any Mailer, publicURL: String, logger: Logger) {
        self.mailer = mailer
        links = AccountLinks(publicURL: publicURL)
        self.logger = logger
    }

    /// Whether mails reach anybody but the log.
    var delivers: Bool { mailer.delivers }

    /// Room for one mail until it is sent, or until nobody has it any more.
    final class Slot: Sendable {
        private let mails: AccountMails
        private let kind: MailSlots.Kind
        private let sender: String?

        fileprivate init(_ mails: AccountMails, _ kind: MailSlots.Kind, _ sender: String?) {
            self.mails = mails
            self.kind = kind
            self.sender = sender
        }

        deinit { mails.slots.withLock { $0.giveBack(kind, for: sender) } }
    }

    /// nil, which is counted, when too many are on their way.
    func takeSlot(_ kind: MailSlots.Kind, for sender: String? = nil) -> Slot? {
        slots.withLock { $0.take(kind, for: sender) } ? Slot(self, kind, sender) : nil
    }

    /// Makes a mail and sends it, after this returned; `make` answers nil when there is none to send.
    func sendLater(in slot: Slot, _ make: @escaping @Sendable () async throws -> Mail?) {
        Task {
            do {
                if let mail = try await make() { try await send(mail) }
            } catch { logger.error("a mail was not sent", metadata: ["error": "\(error)"]) }
            withExtendedLifetime(slot) {}
        }
    }

    /// Mails there was no room for, by kind; for /metrics.
    var refusedCounts: [(kind: String, count: Int)] {
        let counts = slots.withLock { $0.refusedCounts }
        return MailSlots.Kind.allCases.map { ($0.rawValue, counts[$0] ?? 0) }
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
