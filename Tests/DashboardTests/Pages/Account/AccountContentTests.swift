import Access
import ByteCoding
import HTTPTesting
import Testing

@testable import Dashboard

@Suite("Account, invitation and password reset") struct AccountContentTests {
    @Test("sessions are called as people call their browsers, and the one that asks is marked")
    func account() throws {
        let sessions =
            try Hostile.json(
                #"""
                [{"id": "1", "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "address": "10.0.0.7",
                  "is_current": true, "last_used_at": "2026-11-21T10:00:00Z"},
                 {"id": "2", "user_agent": "curl/8.14.1", "address": null, "is_current": false, "last_used_at": "2026-11-21T10:00:00Z"}]
                """#
            ).arrayValue ?? []
        let memberships = [AccountContent.Membership(name: "A", role: .owner), AccountContent.Membership(name: "B", role: nil)]
        let methods = try Hostile.json(#"{"password": true, "openid_connect": false}"#)
        let built = BuiltContext { AccountContent.set(sessions, methods: methods, memberships, in: &$0) }
        let frame: Set<String> = ["title", "page", "page_url", "has_project", "project", "navigation"]
        #expect(try built.faults("account", besides: frame) == [])
        #expect(built.texts("sessions", "user_agent") == ["Firefox 145 on Linux", "curl/8.14.1"])
        #expect(
            built.texts("sessions", "address") == ["10.0.0.7", "an unknown address"]
                && built.texts("sessions", "is_current") == ["true", "false"])
        #expect(built.texts("memberships", "role") == ["owner", "in single projects"])
        let elsewhere = BuiltContext { AccountContent.set([], methods: .object([]), [], in: &$0) }
        #expect(elsewhere.context["has_password"] == .bool(false))
    }

    @Test(
        "a browser's own words name it, its version and its system; hostile ones stay text",
        arguments: [
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.1",
                "Edge 142 on Windows"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari 19 on iPhone"
            ),
            ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome 142 on Android"),
            ("", "an unnamed program"), ("<b>", "<b>"),
        ])
    func userAgents(text: String, name: String) {
        #expect(UserAgent.name(text) == name)
    }

    @Test("who is signed in accepts an invitation as themselves, anybody else makes an account")
    func invitation() throws {
        let user = try Hostile.json(#"{"id": "u", "email": "ada@example.com", "name": "Ada"}"#)
        for (user, form) in [(user, "POST /api/v1/users/me/invitations"), (nil, "POST /api/v1/auth/invitations/accept")]
            as [(JSONValue?, String)]
        {
            let context = InvitationContent.context(user, hasIdentityProvider: true)
            #expect(Shape(context).faults(against: Shape(try Sample("invitation").context)).filter { $0 != "page is missing" } == [])
            let html = try PageRenderer(assets: AssetLibrary()).page("invitation", in: .bare, context)
            #expect(html.ranges(of: "data-api=").count == 1 && html.contains("data-api=\"\(form)\""))
            #expect(html.contains("data-oidc-invitation") == (user == nil))
        }
    }

    @Test("the pages behind mailed links are open to everybody, and take no token from an address")
    func openPages() async throws {
        try await PageServer.run { pages in
            for (path, form) in [
                ("/invitation", "POST /api/v1/auth/invitations/accept"), ("/password-reset", "POST /api/v1/auth/password-resets/confirm"),
            ] {
                let answer = try await pages.get(path, signedIn: false)
                #expect(answer.status == 200 && answer.headers["content-type"] == "text/html; charset=utf-8")
                #expect(answer.text.contains(form) && answer.headers["content-security-policy"]?.contains("script-src 'self'") == true)
                #expect(answer.headers["cache-control"] == "no-store" && !answer.text.contains("unsafe"))
            }
            let signedIn = try await pages.get("/invitation")
            #expect(signedIn.text.contains("POST /api/v1/users/me/invitations") && signedIn.text.contains("owner@localhost"))
        }
    }
}
