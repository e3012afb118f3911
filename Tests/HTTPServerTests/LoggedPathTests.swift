import Testing

@testable import HTTPServer

@Suite("Paths in the log")
struct LoggedPathTests {
    @Test(
        "words of routes and ids are shown",
        arguments: [
            "/", "", "/v1/traces", "/api/v1/organizations/01a1fd37-4659-74c1-a28f-795e9b7bc68e/provider-credentials",
            "/api/v1/traces/5b8efff798038103d269b633813fc60c", "/favicon.ico", "//",
        ])
    func shown(path: String) { #expect(LoggedPath(path).text == path) }

    @Test(
        "keys, tokens and passwords are hidden wherever they stand",
        arguments: [
            "spdrl_7dHk29sLqPz0aMxN4bVcQ8wErTyUiOpLkJhGfDsAq1w2e3r4t5", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "sk-proj-Abcdefgh12345678Abcdefgh", "abcdefghijkmnpqrstuvwxyzAB", "p%40ssword", "pass word",
            "5b8efff798038103d269b633813fc60c5b8efff798038103d269b633813fc60c",
        ])
    func hidden(secret: String) {
        #expect(LoggedPath("/api/v1/api-keys/\(secret)").text == "/api/v1/api-keys/...")
        #expect(LoggedPath("/\(secret)/x").text == "/.../x")
    }

    @Test("a path of many segments is cut")
    func cut() {
        let text = LoggedPath(String(repeating: "/a", count: 1000)).text
        #expect(text.utf8.count < 100 && text.hasSuffix("/..."))
    }
}
