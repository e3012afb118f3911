/// How mails leave: by SMTP when it is configured, otherwise into a closure that shows them to whoever runs the server.

import Glibc

package protocol Mailer: Sendable {
    /// Whether mails really reach their recipients; otherwise the caller shows links itself.
    var delivers: Bool { get }

    /// Answers when the mail is handed over.
    func send(_ message: MailMessage) async throws(CurlError)
}

/// For installations without a mail server.
package struct LogMailer: Mailer {
    package let delivers = false
    private let show: @Sendable (MailMessage) -> Void

    package init(show: @escaping @Sendable (MailMessage) -> Void) { self.show = show }

    package func send(_ message: MailMessage) async throws(CurlError) { show(message) }
}

/// Mails through one server, over libcurl.
package struct SMTPMailer: Mailer {
    package let delivers = true
    private let client: CurlClient
    private let configuration: SMTPConfiguration

    package init(client: CurlClient, configuration: SMTPConfiguration) {
        self.client = client
        self.configuration = configuration
    }

    /// Errors: `mailRefused` with the server's number, `tls` when TLS is required and not to be had, and those of any transfer.
    package func send(_ message: MailMessage) async throws(CurlError) {
        var generator = SystemRandomNumberGenerator()
        let identifier = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
        let text = message.encoded(from: configuration.sender, unixSeconds: time(nil), identifier: identifier)
        guard text.count <= CurlLimits.mailByteCount else {
            throw CurlError(.tooLarge, "a mail of \(text.count) bytes is over \(CurlLimits.mailByteCount)")
        }
        try await client.send(
            MailTransfer(
                server: configuration.server, requiresTLS: configuration.requiresTLS, user: configuration.user,
                password: configuration.password, sender: configuration.sender.address, recipients: [message.recipient.address],
                text: text), timeouts: configuration.timeouts)
    }
}
