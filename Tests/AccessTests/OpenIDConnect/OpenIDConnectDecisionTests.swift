import Metastore
import Testing

@testable import Access

@Suite struct OpenIDConnectDecisionTests {
    private func account(_ email: String, isDisabled: Bool = false) -> OpenIDConnectSituation.Account {
        .init(id: .make(), email: email, isDisabled: isDisabled)
    }

    private func identity(_ email: String? = "Ada@x", isVerified: Bool = true, name: String? = nil) -> OpenIDConnectIdentity {
        OpenIDConnectIdentity(issuer: "https://i", subject: "s", email: email, isEmailVerified: isVerified, name: name)
    }

    private func decide(
        _ identity: OpenIDConnectIdentity, linked: OpenIDConnectSituation.Account? = nil, hasInvitation: Bool? = nil,
        invited: String? = nil, namesake: OpenIDConnectSituation.Account? = nil
    ) -> OpenIDConnectDecision {
        OpenIDConnectDecision(
            OpenIDConnectSituation(
                identity: identity, linkedAccount: linked, hasInvitation: hasInvitation ?? (invited != nil), invitedEmail: invited,
                namesake: namesake))
    }

    private func isNotInvited(_ decision: OpenIDConnectDecision) -> Bool {
        if case .refuse(.notInvited) = decision { true } else { false }
    }

    @Test("a linked identity signs in, whatever has become of its address; not when the account is disabled")
    func linked() {
        for identity in [identity(), identity(nil), identity("other@x", isVerified: false)] {
            #expect(decide(identity, linked: account("ada@x")) == .signIn)
            #expect(decide(identity, linked: account("ada@x"), invited: "ada@x") == .signIn)
            #expect(isNotInvited(decide(identity, linked: account("ada@x", isDisabled: true))))
        }
    }

    @Test("an invitation is for its own address, verified, while it is open")
    func invitations() {
        let namesake = account("ada@x")
        #expect(decide(identity(), invited: "ada@x") == .acceptAsNewUser)
        #expect(decide(identity(), invited: "ada@x", namesake: namesake) == .linkAndAccept(namesake.id))
        #expect(isNotInvited(decide(identity(), invited: "eve@x")))
        #expect(isNotInvited(decide(identity(), invited: "eve@x", namesake: namesake)))
        #expect(isNotInvited(decide(identity(isVerified: false), invited: "ada@x")))
        #expect(isNotInvited(decide(identity(nil), invited: "ada@x")))
        #expect(decide(identity(), hasInvitation: true) == .refuse(.unknownLink))
        #expect(decide(identity(), hasInvitation: true, namesake: namesake) == .refuse(.unknownLink))
    }

    @Test("without an invitation only the verified address of an account will do")
    func namesakes() {
        let namesake = account("ada@x")
        #expect(decide(identity(), namesake: namesake) == .link(namesake.id))
        #expect(isNotInvited(decide(identity(isVerified: false), namesake: namesake)))
        #expect(isNotInvited(decide(identity(nil), namesake: namesake)))
        #expect(isNotInvited(decide(identity(), namesake: account("ada@x.example"))))
        #expect(isNotInvited(decide(identity(), namesake: account("ada@x", isDisabled: true))))
        #expect(isNotInvited(decide(identity())))
    }

    @Test("an address that changed hands does not bring the account with it, invited or not")
    func changedHands() {
        var namesake = account("ada@x")
        namesake.isLinked = true
        #expect(isNotInvited(decide(identity(), namesake: namesake)))
        #expect(isNotInvited(decide(identity(), invited: "ada@x", namesake: namesake)))
        #expect(decide(identity(), linked: namesake, namesake: namesake) == .signIn)
    }

    @Test("an account's name is one line of at most 100 characters, from the provider or from the address")
    func names() {
        #expect(identity(name: "Ada  Lovelace").accountName == "Ada Lovelace")
        #expect(identity(name: " a\nb\u{0} ").accountName == "a b")
        #expect(identity(name: String(repeating: "x", count: 300)).accountName.count == 100)
        #expect(identity(name: String(repeating: "x", count: 99) + " y").accountName == String(repeating: "x", count: 99))
        #expect(identity(name: "").accountName == "ada" && identity(name: "\n").accountName == "ada")
        #expect(identity("@x").accountName == "Unnamed")
    }
}
