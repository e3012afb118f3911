/// One mailbox, checked so that it can stand in an SMTP command and in a header field: neither can be broken out of.

package struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    /// `local@domain`.
    package let address: String
    package let displayName: String

    /// Nil unless `address` is an ASCII address without quoting (RFC 5321's dot-string at a host name): what mail servers accept
    /// everywhere. A display name may hold anything but control characters.
    package init?(_ address: String, displayName: String = "") {
        let parts = address.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, address.utf8.count <= 254, (1...64).contains(parts[0].count), (1...253).contains(parts[1].count),
            parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy({
                !$0.isEmpty && $0.allSatisfy(Self.isLocal)
            }),
            parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy({
                (1...63).contains($0.count) && $0.allSatisfy(Self.isDomain) && $0.first != UInt8(ascii: "-")
                    && $0.last != UInt8(ascii: "-")
            }),
            displayName.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }), displayName.utf8.count <= 200
        else { return nil }
        self.address = address
        self.displayName = displayName
    }

    package var description: String { address }

    /// As it stands in `From:` and `To:`.
    var headerText: String {
        displayName.isEmpty ? address : "\(MailHeader.phrase(displayName)) <\(address)>"
    }

    /// RFC 5322's atext.
    private static func isLocal(_ byte: UInt8) -> Bool {
        isDomain(byte) || "!#$%&'*+/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d: true
        default: false
        }
    }
}
