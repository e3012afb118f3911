import Access
import HTTPTesting
import Metastore
import Testing
import TraceModel

@testable import HTTPAPI

@Suite("Settings in force")
struct SettingsInForceTests {
    @Test("rules of one project that this program cannot read do not keep other projects from their settings")
    func oneFault() async throws {
        try await TestInstallation.run { installation, _ in
            let organization = installation.first.organizationID
            var projects: [ProjectID] = []
            for number in 0..<6 { projects.append(try await installation.makeProject("Project \(number)")) }
            for (number, project) in projects.enumerated() {
                let rules = number == 3 ? #"{"of a newer program":1}"# : "{}"
                _ = try await installation.metastore.settings.replace(
                    project, in: organization,
                    with: ProjectSettings(redactionRules: Array(rules.utf8), allowedOrigins: ["https://\(number).example"]),
                    version: nil, audit: .system("replaceSettings"))
            }
            await #expect(throws: (any Error).self) { try await installation.settings.refresh() }
            for (number, project) in projects.enumerated() {
                #expect(await installation.settings.isAllowed("https://\(number).example", byProject: project.uuid) == (number != 3))
            }
        }
    }
}
