/// A plain-text mail, and its form on the wire: RFC 5322 with a quoted-printable body, so that every line is short and ASCII.

import Glibc

package struct MailMessage: Sendable, Hashable, CustomStringConvertible {
    package var recipient: MailAddress
    package var subject: String
    /// Lines end with LF.
    package var text: String

    package init(to recipient: MailAddress, subject: String, text: String) {
        self.recipient = recipient
        self.subject = subject
        self.text = text
    }

    /// Without subject and text: a mail carries links that let people in.
    package var description: String { "mail to \(recipient)" }

    /// - Parameters:
    ///   - unixSeconds: when it is sent.
    ///   - identifier: of letters and digits, different for every mail.
    func encoded(from sender: MailAddress, unixSeconds: Int, identifier: String) -> [UInt8] {
        let domain = sender.address.split(separator: "@").last ?? "localhost"
        let lines = [
            "Date: \(Self.date(unixSeconds))", "From: \(sender.headerText)", "To: \(recipient.headerText)",
            "Subject: \(MailHeader.text(subject))", "Message-ID: <\(identifier)@\(domain)>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "Auto-Submitted: auto-generated",
            "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8) + Self.quotedPrintable(text)
    }

    /// RFC 2045, section 6.7. Lines end with CRLF, the last one too.
    static func quotedPrintable(_ text: String) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        let lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            // A text that ends with LF has no line after it.
            if number > 0, number == lines.count - 1, line.isEmpty { break }
            let line = line.last == 0x0d ? line.dropLast() : line
            var column = 0
            for (place, byte) in line.enumerated() {
                let isPlain = (0x21...0x7e).contains(byte) && byte != 0x3d
                let isInnerSpace = (byte == 0x20 || byte == 0x09) && place < line.count - 1
                let piece = isPlain || isInnerSpace ? [byte] : [0x3d, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                // 76 with the "=" that breaks a line softly.
                if column + piece.count > 75 {
                    output += [0x3d, 0x0d, 0x0a]
                    column = 0
                }
                output += piece
                column += piece.count
            }
            output += [0x0d, 0x0a]
        }
        return output
    }

    /// RFC 5322, section 3.3: `Fri, 21 Nov 2025 09:55:06 +0000`.
    static func date(_ unixSeconds: Int) -> String {
        var seconds = time_t(unixSeconds)
        var time = tm()
        gmtime_r(&seconds, &time)
        func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][Int(time.tm_wday)]
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][Int(time.tm_mon)]
        let clock = [time.tm_hour, time.tm_min, time.tm_sec].map(padded).joined(separator: ":")
        return "\(day), \(time.tm_mday) \(month) \(time.tm_year + 1900) \(clock) +0000"
    }
}
