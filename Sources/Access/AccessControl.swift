/// The checks every request passes before its parameters are read, for both edges alike: who asks, for which project or organization,
/// and whether the limits leave room.

import IPAddresses
import Metastore
import TraceModel

package struct AccessControl: Sendable {
    private let authenticator: Authenticator
    private let workers: WorkerAuthenticator?
    private let limiter: RequestLimiter

    /// Without `workers`, no worker's token opens anything.
    package init(authenticator: Authenticator, workers: WorkerAuthenticator? = nil, limiter: RequestLimiter) {
        self.authenticator = authenticator
        self.workers = workers
        self.limiter = limiter
    }

    /// `project`: the value of the header `Spandrel-Project`. `needsMembership`: as Authenticator's. Errors: as Authenticator's; a text
    /// that is no id names no project.
    package func authenticate(
        _ credential: Credential?, project text: String?, address: IPAddress?, needsMembership: Bool = true
    ) async throws(AccessError) -> Principal {
        let project = text.map { ProjectID(uuid: $0) }
        // Credentials first: a stranger learns nothing about projects.
        let principal = try await authenticator.authenticate(
            credential, project: project ?? nil, address: address, needsMembership: needsMembership)
        if case .some(.none) = project { throw .unknownProject }
        return principal
    }

    /// Who sends spans or what belongs to them: a key, in the project that the request chooses among the key's, or a user, in the project
    /// that our own header names. Errors: as above, and `projectNotChoosable`.
    package func authenticateSender(
        _ credential: Credential?, selector: ProjectSelector?, address: IPAddress?
    ) async throws(AccessError) -> Principal {
        guard let credential, !credential.isOfBrowser, APIKeySecret(credential.text) != nil else {
            return try await authenticate(credential, project: selector.flatMap { $0.isOwn ? $0.text : nil }, address: address)
        }
        let principal = try await authenticator.authenticate(credential, address: address)
        return try selector.map { selector throws(AccessError) in try principal.choosing(selector) } ?? principal
    }

    /// The same, or a worker, whose project is the value of the header `Spandrel-Project-ID`. Errors: as above.
    package func authenticateExport(
        _ credential: Credential?, selector: ProjectSelector?, workerProject: String?, address: IPAddress?
    ) async throws(AccessError) -> ExportCaller {
        if let workers, let credential, WorkerToken.looksLikeOne(credential.text) {
            return try await workers.authenticate(credential, project: workerProject)
        }
        return .principal(try await authenticateSender(credential, selector: selector, address: address))
    }

    /// The same caller in the project that the path names. Errors: `unknownProject`, `unauthenticated`, `unavailable`.
    package func narrow(_ principal: Principal, toProject text: String) async throws(AccessError) -> Principal {
        guard let id = ProjectID(uuid: text) else { throw .unknownProject }
        return try await authenticator.narrow(principal, to: id)
    }

    /// The same caller in the organization that the path names. Errors: `notFound`, `unauthenticated`, `unavailable`.
    package func narrow(_ principal: Principal, toOrganization text: String) async throws(AccessError) -> Principal {
        guard let id = OrganizationID(uuid: text) else { throw .notFound("organization") }
        return try await authenticator.narrow(principal, to: id)
    }

    /// The same caller as known now: for what goes on after its request was answered. Errors: as Authenticator.confirm.
    package func confirm(
        _ principal: Principal, shown credential: Credential, address: IPAddress?
    ) async throws(AccessError) -> Principal {
        try await authenticator.confirm(principal, shown: credential, address: address)
    }

    /// Counts a request in before its body is read; whoever gets the allowance ends it, once. `reporting` gets where the caller stands,
    /// or stands when refused. Errors: `tooManyConcurrentRequests`, `rateLimited`.
    package func begin(
        _ principal: Principal?, reporting report: (RateLimitState) -> Void
    ) throws(AccessError) -> RequestAllowance {
        guard let principal else { return RequestAllowance(limiter, nil, project: nil) }
        let permit = try reporting(report) { () throws(AccessError) in try limiter.begin(principal) }
        if let rate = permit?.rate { report(rate) }
        return RequestAllowance(limiter, permit, project: nil)
    }

    /// The same for an export into a project, which has limits of its own for all of its callers together. Errors: as `begin`.
    ///
    /// - Parameter caller: nil where the caller was counted in before its body said which project it is for.
    package func beginIngest(
        _ caller: ExportCaller?, into project: ProjectID, reporting report: (RateLimitState) -> Void
    ) throws(AccessError) -> RequestAllowance {
        var permit: RequestPermit?
        if let principal = caller?.principal { permit = try reporting(report) { () throws(AccessError) in try limiter.begin(principal) } }
        do throws(AccessError) {
            let rate = try reporting(report) { () throws(AccessError) in try limiter.beginIngest(project) }
            if let rate = permit?.rate ?? rate { report(rate) }
        } catch {
            if let permit { limiter.end(permit) }
            throw error
        }
        return RequestAllowance(limiter, permit, project: project)
    }

    private func reporting<T>(
        _ report: (RateLimitState) -> Void, _ body: () throws(AccessError) -> T
    ) throws(AccessError) -> T {
        do throws(AccessError) { return try body() } catch {
            if case .rateLimited(let rate) = error { report(rate) }
            throw error
        }
    }
}
