/// Flags of `serve` about accounts: what the server is called from outside, how it sends mail, and where URLs that users give may lead.

import ArgumentParser
import CurlClient
import ProcessSetup

struct AccountOptions: ParsableArguments {
    @Option(
        name: .customLong("public-url"),
        help: """
            What the server is called from outside, for links in mails and for an identity provider. [SPANDREL_PUBLIC_URL] \
            (default: http://LISTEN)
            """)
    var publicURL: String?

    @Option(
        name: .customLong("smtp-url"),
        help: "Mail server, smtp://HOST:PORT with STARTTLS or smtps://HOST:PORT. [SPANDREL_SMTP_URL] (default: mails go to the log)")
    var smtpURL: String?

    @Option(
        name: .customLong("smtp-user"), help: "User of the mail server; the password is in SPANDREL_SMTP_PASSWORD. [SPANDREL_SMTP_USER]")
    var smtpUser: String?

    @Option(name: .customLong("smtp-from"), help: "Sender of mails. [SPANDREL_SMTP_FROM]")
    var smtpSender: String?

    @Flag(name: .customLong("smtp-plaintext"), help: "Send mails to a mail server that offers no TLS.")
    var allowsPlainMail = false

    @OptionGroup var outbound: OutboundOptions

    func validate() throws {
        if let url = publicURLText, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw ValidationError("--public-url must begin with http:// or https://")
        }
        _ = try smtpConfiguration()
    }

    var publicURLText: String? { publicURL ?? EnvironmentDefault.text("SPANDREL_PUBLIC_URL") }

    /// Nil when there is no mail server.
    func smtpConfiguration() throws -> SMTPConfiguration? {
        guard let url = smtpURL ?? EnvironmentDefault.text("SPANDREL_SMTP_URL") else { return nil }
        let sender = smtpSender ?? EnvironmentDefault.text("SPANDREL_SMTP_FROM") ?? ""
        guard let address = MailAddress(sender, displayName: "Spandrel") else {
            throw ValidationError("--smtp-url needs --smtp-from with an address like spandrel@example.com")
        }
        do throws(CurlError) {
            return try SMTPConfiguration(
                url: url, user: smtpUser ?? EnvironmentDefault.text("SPANDREL_SMTP_USER", ""),
                password: EnvironmentDefault.text("SPANDREL_SMTP_PASSWORD", ""), sender: address, requiresTLS: !allowsPlainMail)
        } catch { throw ValidationError(error.message) }
    }
}
