import Metastore
import PostgresTesting
import Testing
import TraceModel

@testable import Access

/// Workers' tokens and projects in memory.
private final class FakeWorkers: WorkerDirectory {
    let credentials = Shared<[[UInt8]: KnownWorkerCredential]>([:])
    let projects = Shared<Set<ProjectID>>([])
    let lookUpCount = Shared(0)

    func findWorker(hash: [UInt8]) async throws(MetastoreError) -> KnownWorkerCredential? {
        lookUpCount.change { $0 += 1 }
        return credentials.value[hash]
    }

    func organization(of project: ProjectID) async throws(MetastoreError) -> OrganizationID? {
        lookUpCount.change { $0 += 1 }
        return projects.value.contains(project) ? OrganizationID(high: 1, low: 1) : nil
    }

    func add(revocationTimeUnixNano: Int64? = nil) -> (token: WorkerToken, id: WorkerCredentialID) {
        let token = WorkerToken.generate(), id = WorkerCredentialID.make()
        let credential = WorkerCredential(
            id: id, name: "w", createdTimeUnixNano: 0, revocationTimeUnixNano: revocationTimeUnixNano)
        credentials.change { $0[token.hash] = KnownWorkerCredential(credential: credential, hash: token.hash) }
        return (token, id)
    }
}

@Suite struct WorkerAuthenticatorTests {
    private let workers = FakeWorkers()
    private let clock = TestClock()
    private let authenticator: WorkerAuthenticator
    private let project = ProjectID(high: 7, low: 7)

    init() {
        authenticator = WorkerAuthenticator(workers, clock: clock)
        workers.projects.change { [project] in $0.insert(project) }
    }

    private func error(_ text: String, _ project: String?) async -> AccessError? {
        do throws(AccessError) {
            _ = try await authenticator.authenticate(Credential(text), project: project)
            return nil
        } catch { return error }
    }

    @Test("a worker's token opens every project that exists, looked up once each")
    func known() async throws {
        let (token, id) = workers.add()
        for _ in 0..<100 {
            let caller = try await authenticator.authenticate(Credential(token.text), project: project.uuid)
            #expect(caller == .worker(id, project) && caller.principal == nil && caller.projectID == project)
            try caller.requireIngest()
        }
        #expect(workers.lookUpCount.value == 2)
    }

    @Test("a token nobody has, one with a typing error, a revoked one and one without a project open nothing")
    func refusals() async {
        let (token, _) = workers.add(), unknown = WorkerToken.generate().text
        #expect(await error(unknown, project.uuid) == .unauthenticated(.unknown))
        #expect(await error(String(token.text.dropLast()), project.uuid) == .unauthenticated(.unknown))
        #expect(await error(token.text, nil) == .unauthenticated(.unknown))
        #expect(await error(workers.add(revocationTimeUnixNano: 1).token.text, project.uuid) == .unauthenticated(.revoked))
        #expect(await error(unknown, ProjectID.make().uuid) == .unauthenticated(.unknown), "a stranger learns nothing about projects")
    }

    @Test("a project that does not exist, is archived or is no id is unknown")
    func projects() async {
        let (token, _) = workers.add()
        #expect(await error(token.text, ProjectID.make().uuid) == .unknownProject)
        #expect(await error(token.text, "nonsense") == .unknownProject)
        #expect(await error(token.text, project.uuid) == nil)
        workers.projects.change { $0 = [] }
        authenticator.forgetProjects()
        #expect(await error(token.text, project.uuid) == .unknownProject, "archived here: at once")
    }

    @Test("a revoked token stops at once when it is forgotten here, and in a minute when it was revoked elsewhere")
    func revoked() async {
        for isHere in [true, false] {
            let (token, id) = workers.add()
            #expect(await error(token.text, project.uuid) == nil)
            workers.credentials.change { $0 = [:] }
            #expect(await error(token.text, project.uuid) == nil)
            if isHere { authenticator.forget(id) } else { clock.advance(seconds: 60) }
            #expect(await error(token.text, project.uuid) == .unauthenticated(.unknown))
        }
    }

    @Test("a token never prints itself, and API keys and tokens are not mistaken for each other")
    func texts() throws {
        let token = WorkerToken.generate(), key = APIKeySecret.generate()
        #expect(token.text.hasPrefix("spdw_") && token.text.utf8.count == 5 + 49)
        #expect(!"\(token)".contains(token.text.suffix(20)))
        #expect(WorkerToken(key.text) == nil && APIKeySecret(token.text) == nil)
        #expect(WorkerToken(token.text)?.hash == token.hash && token.hash.count == 32)
        #expect(
            Credential.find { $0 == "authorization" ? "Basic cHJveHk6cHJveHk=" : $0 == "x-api-key" ? token.text : nil }?.text == token.text)
    }
}
