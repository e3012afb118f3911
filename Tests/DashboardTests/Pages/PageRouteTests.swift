import Access
import ByteCoding
import Foundation
import HTTPTesting
import Testing

@testable import Dashboard

/// Pages as a browser gets them.
@Suite("Routes of pages") struct PageRouteTests {
    private static let own = ("sec-fetch-site", "same-origin")

    @Test("a page says what may run in it and is kept nowhere; who is not signed in is led to sign in and comes back")
    func headers() async throws {
        try await PageServer.run { pages in
            let path = "/projects/\(pages.project)/traces?from=all&q=a%20b"
            let page = try await pages.get(path)
            #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(
                page.headers["content-security-policy"]
                    == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
            #expect(page.headers["cache-control"] == "no-store" && page.headers["referrer-policy"] == "same-origin")
            #expect(page.headers["x-frame-options"] == "DENY" && page.headers["x-content-type-options"] == "nosniff")
            let stranger = try await pages.get(path, signedIn: false)
            #expect(stranger.status == 303)
            #expect(stranger.headers["location"] == "/sign-in?next=%2Fprojects%2F\(pages.project)%2Ftraces%3Ffrom%3Dall%26q%3Da%2520b")
            #expect(try await pages.get(path + "&fragment=traces_results", signedIn: false).status == 401)
            #expect(try await pages.get("/", signedIn: false).headers["location"] == "/sign-in")
        }
    }

    @Test("signing in gives a cookie that no script reads, and leads on; signing out ends it")
    func signingIn() async throws {
        try await PageServer.run { pages in
            let password = pages.installation.first.password.text
            func form(_ password: String, next: String = "/account") -> String {
                "email=owner%40localhost&password=\(URLText.encoded(password))&next=\(URLText.encoded(next))"
            }
            let page = try await pages.get("/sign-in", signedIn: false)
            #expect(page.status == 200 && page.text.contains("name=\"password\""))
            let wrong = try await pages.post("/sign-in", form("wrong"), headers: [Self.own])
            #expect(wrong.status == 401 && wrong.headers["set-cookie"] == nil && !wrong.text.contains("\"wrong\""))
            let right = try await pages.post("/sign-in", form(password), headers: [Self.own])
            #expect(right.status == 303 && right.headers["location"] == "/account", "\(right.text)")
            let cookie = try #require(right.headers["set-cookie"])
            #expect(
                cookie.hasPrefix("spandrel_session=spdrl_browser_") && cookie.hasSuffix("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax")
            )
            for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
                #expect(try await pages.post("/sign-in", form(password, next: elsewhere), headers: [Self.own]).headers["location"] == "/")
            }
            let pair = ("cookie", String(cookie.prefix { $0 != ";" }))
            #expect(try await pages.live.send("GET", "/api/v1/users/me", headers: [pair]).status == 200)
            let out = try await pages.post("/sign-out", "", headers: [pair, Self.own])
            #expect(out.status == 303 && out.headers["location"] == "/sign-in" && out.headers["set-cookie"]?.contains("Max-Age=0") == true)
            #expect(try await pages.live.send("GET", "/api/v1/users/me", headers: [pair]).status == 401)
        }
    }

    @Test("forms of other sites are refused, whatever they send")
    func crossSite() async throws {
        try await PageServer.run { pages in
            let form = "email=owner%40localhost&password=\(URLText.encoded(pages.installation.first.password.text))"
            for forged in [
                [], [("sec-fetch-site", "cross-site")], [("sec-fetch-site", "same-site")], [("origin", "http://evil.example")],
                [("origin", "null")],
            ] {
                for path in ["/sign-in", "/sign-out"] {
                    let answer = try await pages.post(path, form, headers: forged)
                    #expect(answer.status == 403 && answer.headers["set-cookie"] == nil, "\(path) \(forged)")
                }
            }
        }
    }

    @Test("what is not there is a page for people and a document for programs; another's project is like one of nobody")
    func errors() async throws {
        try await PageServer.run { pages in
            let nobodys = "/projects/01a1fd22-0000-7000-8000-000000000000/traces"
            for path in [nobodys, "/projects/\(pages.project)/nothing", "/projects/\(pages.project)/traces/\(pages.trace)", "/nothing"] {
                let page = try await pages.get(path)
                #expect(page.status == 404 && page.headers["content-type"] == "text/html; charset=utf-8", "\(path)")
                #expect(try await pages.get(path, accept: "application/json").headers["content-type"] == "application/problem+json")
            }
            #expect(try await pages.get("/api/v1/nothing").headers["content-type"] == "application/problem+json")
            let bad = try await pages.get("/projects/\(pages.project)/traces?q=duration_ms%3Efast")
            #expect(bad.status == 200 && bad.text.contains("takes a number"), "said beside the filter")
            #expect(try await pages.get("/projects/\(pages.project)/traces?fragment=nothing").status == 404)
        }
    }

    @Test("hostile texts of spans are text on every page that shows them")
    func hostileSpans() async throws {
        try await PageServer.run { pages in
            let hostile = "</pre><script>alert(1)</script>\"\u{301}' onmouseover=alert(1) <img src=x onerror=alert(1)>{{x}}\u{202e}"
            try await pages.fill(hostile)
            let user = URLText.encoded(hostile)
            for path in [
                "traces?from=all", "traces?from=all&q=\(user)", "traces/\(pages.trace)?span=\(pages.span)",
                "traces/\(pages.trace)?fragment=rows",
                "traces/\(pages.trace)?fragment=span&span=0000000000000003", "sessions?from=all", "sessions/s-1", "users?from=all",
                "users/\(user)?from=all",
                "overview?from=all", "connect",
            ] {
                let page = try await pages.get("/projects/\(pages.project)/\(path)")
                #expect(page.status == 200, "\(path): \(page.text.prefix(300))")
                let document = MarkupScanner(page.text)
                #expect(document.faults == [] && document.inlineScripts == 0 && document.inlineStyles == 0, "\(path)")
                for name in ["onerror", "onmouseover", "style"] { #expect(!document.attributes.contains(name), "\(path)") }
            }
        }
    }

    @Test("the list of pages that browsers visit in tests has every page there is")
    func list() async throws {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Integration/documents/pages.txt")
        let listed = Set(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { String($0) })
        try await PageServer.run { pages in
            #expect(pages.paths.count > 30)
            #expect(pages.paths.subtracting(listed) == [], "add them to Tests/Integration/documents/pages.txt")
            #expect(listed.subtracting(pages.paths) == [], "there are no such pages any more")
        }
    }

    @Test("an error is shown within the frame of who is signed in, with the project that the address names, and bare to strangers")
    func frameOfErrors() async throws {
        try await PageServer.run { pages in
            let own = try await pages.get("/projects/\(pages.project)/nothing")
            #expect(
                own.status == 404 && own.text.contains("aria-label=\"Main\"") && own.text.contains("/projects/\(pages.project)/traces\""))
            #expect(own.text.contains("owner@localhost"))
            // Somebody else's project is no frame: only the user's own projects to choose from.
            let nobodys = try await pages.get("/projects/01a1fd22-0000-7000-8000-000000000000/traces")
            #expect(nobodys.status == 404 && nobodys.text.contains("Choose a project") && nobodys.text.contains("owner@localhost"))
            let stranger = try await pages.get("/projects/\(pages.project)/nothing", signedIn: false)
            #expect(stranger.status == 404 && !stranger.text.contains("owner@localhost") && !stranger.text.contains("aria-label=\"Main\""))
        }
    }

    @Test("a form that its module did not send is told what to do, and its fields stand in no address")
    func withoutModule() async throws {
        try await PageServer.run { pages in
            let answer = try await pages.live.send("POST", "/account", headers: [("accept", "text/html")])
            #expect(answer.status == 405 && answer.text.contains("go back and send it again") && !answer.text.contains("Try again"))
        }
    }

    @Test("assets are kept for ever under their hash and packed for who takes that; links of a project reach the API")
    func assetsAndLinks() async throws {
        try await PageServer.run { pages in
            let page = try await pages.get("/sign-in", signedIn: false).text
            let start = try #require(page.firstRange(of: "/assets/")), path = String(page[start.lowerBound...].prefix { $0 != "\"" })
            let plain = try await pages.live.send("GET", path)
            #expect(plain.status == 200 && plain.headers["cache-control"] == "public, max-age=31536000, immutable")
            let css = path.split(separator: "/").prefix(2).joined(separator: "/")
            let packed = try await pages.live.send("GET", "/\(css)/css/base.css", headers: [("accept-encoding", "br, gzip")])
            #expect(packed.headers["content-encoding"] == "gzip" && packed.body.starts(with: [0x1f, 0x8b]))
            let old = try await pages.live.send("GET", "/assets/0000000000000000/css/base.css")
            #expect(old.status == 200 && old.headers["cache-control"] == "no-cache")
            #expect(try await pages.live.send("GET", "/\(css)/../Package.swift").status == 404)
            try await pages.fill()
            let link = try await pages.get("/projects/\(pages.project)/api/v1/traces?limit=1", accept: "*/*")
            #expect(link.status == 200 && link.text.contains(pages.trace))
            #expect(try await pages.get("/projects/\(pages.project)/api/v1/traces", signedIn: false).status == 401)
        }
    }
}
