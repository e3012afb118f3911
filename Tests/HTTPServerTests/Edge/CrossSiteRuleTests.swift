import HTTPTypes
import Testing

@testable import HTTPServer

@Suite struct CrossSiteRuleTests {
    private let rule = CrossSiteRule(ownOrigin: "https://spandrel.example")

    private func allows(_ method: HTTPRequest.Method, site: String? = nil, origin: String? = nil, upgrade: Bool = false) -> Bool {
        var headers = HTTPFields()
        headers[.fetchSite] = site
        headers[.origin] = origin
        if upgrade { headers[.upgrade] = "websocket" }
        return rule.allows(method, headers)
    }

    @Test("reading is free, from wherever a link leads", arguments: [HTTPRequest.Method.get, .head, .options])
    func reading(method: HTTPRequest.Method) {
        #expect(allows(method) && allows(method, site: "cross-site") && allows(method, origin: "https://evil.example"))
    }

    @Test(
        "a change comes from a page of this server",
        arguments: [HTTPRequest.Method.post, .put, .patch, .delete, HTTPRequest.Method("ODD")!])
    func changing(method: HTTPRequest.Method) {
        #expect(allows(method, site: "same-origin") && allows(method, origin: "https://spandrel.example"))
        #expect(allows(method, origin: "https://SPANDREL.example"))
        for site in ["cross-site", "same-site", "none", "", "same-origin, same-origin", "SAME-ORIGIN"] {
            #expect(!allows(method, site: site), "\(site)")
            #expect(!allows(method, site: site, origin: "https://spandrel.example"), "\(site): the browser's own word counts")
        }
        for origin in [
            "null", "", "http://spandrel.example", "https://spandrel.example:444", "https://spandrel.example.evil.example",
            "https://evil.example", "https://spandrel.example/", "https://spandrel.example, https://spandrel.example",
        ] {
            #expect(!allows(method, origin: origin), "\(origin)")
        }
        #expect(!allows(method), "neither header: no browser that this server knows of")
    }

    @Test("a WebSocket is like a change, though it is asked for with GET")
    func upgrading() {
        #expect(allows(.get, site: "same-origin", upgrade: true) && allows(.get, origin: "https://spandrel.example", upgrade: true))
        #expect(!allows(.get, site: "cross-site", upgrade: true) && !allows(.get, origin: "https://evil.example", upgrade: true))
        #expect(!allows(.get, upgrade: true))
    }

    @Test("without a host of its own, only the browser's own word counts")
    func noHost() {
        let rule = CrossSiteRule(ownOrigin: nil)
        #expect(rule.allows(.post, [.fetchSite: "same-origin"]))
        #expect(!rule.allows(.post, [.origin: "https://spandrel.example"]))
    }
}
