import Testing

@testable import Metastore

@Suite struct EmailAddressTests {
    @Test("the case of ASCII letters does not count; other letters must be in lower case")
    func normalForm() {
        #expect(EmailAddress.normalForm("Ada.Lovelace@EXAMPLE.org") == "ada.lovelace@example.org")
        #expect(EmailAddress.normalForm("jürgen@example.org") == "jürgen@example.org")
        #expect(EmailAddress.normalForm("łódź@example.org") == "łódź@example.org")
        // Dotted I, the sign of the kelvin, that of the angstrom, an umlaut.
        for text in ["vİctim@example.org", "\u{212A}im@example.org", "\u{212B}sa@example.org", "JÜRGEN@example.org"] {
            #expect(EmailAddress.normalForm(text) == nil, "\(text)")
        }
    }

    @Test("an address composed differently is another one, as it is for PostgreSQL")
    func composition() {
        #expect("\u{e9}" == "e\u{301}")
        #expect(!EmailAddress.areEqual("\u{e9}@x", "e\u{301}@x"))
        #expect(EmailAddress.areEqual("e@x", "e@x"))
    }

    @Test("an account is found by its address in any case of ASCII letters, and by no other spelling, and none is invited by such")
    func lookUp() async throws {
        let test = try await TestMetastore.open()
        let user = try await test.makeUser("victim@example.org")
        #expect(try await test.metastore.users.credentials(email: "VICTIM@example.ORG")?.user.id == user)
        #expect(try await test.metastore.users.credentials(email: "vİctim@example.org") == nil)
        let invitation = NewInvitation(
            organizationID: test.organization.id, projectID: nil, email: "vİctim@example.org", role: "viewer",
            tokenHash: [UInt8](repeating: 1, count: 32), expiryTimeUnixNano: UnixTime.now() + 1_000_000_000)
        let error = await failure {
            try await test.metastore.invitations.create(invitation, by: test.authority(user: user), audit: test.audit)
        }
        #expect(error?.code == .invalid && error?.field == "email")
    }
}
