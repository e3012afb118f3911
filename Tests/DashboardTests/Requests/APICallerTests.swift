import HTTPAPI
import HTTPServer
import HTTPTesting
import Testing

@testable import Dashboard

@Suite("A page's way to the API") struct APICallerTests {
    @Test("a path that the API does not have is a failure of the page, not an empty answer")
    func missingRoute() async throws {
        try await TestInstallation.run { installation, _ in
            let dashboard = try Dashboard(
                api: [], problem: { Problem(describing: $0) }, accounts: installation.accounts, hasIdentityProvider: false, publicURL: nil)
            try await LiveServer.run(
                dashboard.routes, problemPage: dashboard.problemPage, problem: { Problem(describing: $0) }
            ) { live in
                let answer = try await live.send("GET", "/account", headers: [("accept", "text/html")])
                #expect(answer.status == 404, "\(answer.text.prefix(300))")
            }
        }
    }
}
