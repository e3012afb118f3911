/// From a request's credential to its principal: an API key's, or a user's with an access token or a browser's cookie.
///
/// A known caller costs one SHA-256 and one or two looks into a cache; RememberedLookUps says when PostgreSQL is asked.

import IPAddresses
import Metastore
import Synchronization
import TraceModel

/// Which of somebody's organizations has a project. Another organization's project and one that nobody has are the same answer, found
/// and remembered in the same way, so that they take the same time.
private struct ProjectQuestion: Hashable, Sendable {
    let project: ProjectID
    let organizations: [OrganizationID]
}

package final class Authenticator: Sendable {
    /// A key as it is remembered.
    private struct KnownKey: Equatable, Sendable {
        let id: APIKeyID
        let principal: Principal
        let networks: AllowedNetworks
    }

    private let keyDirectory: any KeyDirectory
    private let userDirectory: (any UserDirectory)?
    private let clock: any AccessClock
    private let tokens: AccessTokens?
    private let keys: RememberedLookUps<SecretHash, KnownKey>
    private let users: RememberedLookUps<SessionID, KnownUser>
    /// Of the cookies of browsers. Whether the session still stands is asked of `users` each time.
    private let browsers: RememberedLookUps<SecretHash, SessionID>
    private let organizations: RememberedLookUps<ProjectQuestion, OrganizationID>
    /// Unix nanoseconds of each key's last use since the last note.
    private let uses = Mutex<[APIKeyID: Int64]>([:])
    /// The same of each browser's session.
    private let browserUses = Mutex<[SessionID: Int64]>([:])

    /// Without `users` and `tokens`, only API keys open anything.
    package init(
        keys: any KeyDirectory, users: (any UserDirectory)? = nil, tokens: AccessTokens? = nil,
        clock: any AccessClock = SystemAccessClock()
    ) {
        keyDirectory = keys
        userDirectory = users
        self.clock = clock
        self.tokens = tokens
        self.keys = RememberedLookUps(clock: clock, unknown: .unauthenticated(.unknown)) { hash throws(MetastoreError) in
            Self.answer(try await keys.find(hash: hash.bytes), hash)
        }
        self.users = RememberedLookUps(clock: clock, unknown: .unauthenticated(.signedOut)) { session throws(MetastoreError) in
            guard let known = try await users?.find(session: session) else { return .unknown }
            return Self.answer(known)
        }
        browsers = RememberedLookUps(clock: clock, unknown: .unauthenticated(.signedOut)) { hash throws(MetastoreError) in
            guard let known = try await users?.find(browserTokenHash: hash.bytes),
                isEqualInConstantTime(known.tokenHash, hash.bytes)
            else { return .unknown }
            let idleEnd = known.useTimeUnixNano + AccessLimits.browserIdleLifetimeSeconds * 1_000_000_000
            return .found(known.id, expiryTimeUnixNano: idleEnd)
        }
        organizations = RememberedLookUps(clock: clock, unknown: .unknownProject) { question throws(MetastoreError) in
            guard let organization = try await users?.organization(of: question.project, among: question.organizations) else {
                return .unknown
            }
            return .found(organization, expiryTimeUnixNano: nil)
        }
    }

    /// `project`: of the header `Spandrel-Project`; one of the key's or none. `address`: the client's. `needsMembership` false: what is
    /// asked for is the user's own, and somebody who is a member of nothing may ask. Errors: `networkNotAllowed`, `unauthenticated`,
    /// `unknownProject`, `unavailable`.
    package func authenticate(
        _ credential: Credential?, project: ProjectID? = nil, address: IPAddress? = nil, needsMembership: Bool = true
    ) async throws(AccessError) -> Principal {
        guard let credential else { throw .unauthenticated(.missing) }
        if credential.isOfBrowser {
            return try await principal(of: try await user(ofBrowser: credential), project, needsMembership)
        }
        guard let secret = APIKeySecret(credential.text) else {
            // A worker's token opens the way of spans alone: anywhere else it is a key that nobody has.
            if WorkerToken.looksLikeOne(credential.text) { throw .unauthenticated(.unknown) }
            guard let tokens, AccessTokens.looksLikeOne(credential.text) else { throw .unauthenticated(.malformed) }
            return try await principal(of: try await user(of: try await tokens.verify(credential.text)), project, needsMembership)
        }
        let entry = try await keys.entry(secret.lookUpHash)
        guard entry.value.networks.allow(address) else { throw .networkNotAllowed }
        let now = clock.unixNano()
        if let expiry = entry.expiryTimeUnixNano, expiry <= now { throw .unauthenticated(.expired) }
        uses.withLock { $0[entry.value.id] = now }
        let principal = entry.value.principal
        guard let project else { return principal }
        guard let chosen = principal.choosing(project) else { throw .unknownProject }
        return chosen
    }

    /// Authenticates a key and asks for a scope. Errors: as above, and `forbidden`.
    package func authenticate(_ credential: Credential?, needing scope: Scope) async throws(AccessError) -> Principal {
        let principal = try await authenticate(credential)
        try principal.require(scope)
        return principal
    }

    /// The same caller in a project that the path names. A user needs a role in it; a key has its own project, and when it was made
    /// to reach the organization, the keys of the others. Errors: `unknownProject`, `unauthenticated`, `unavailable`.
    package func narrow(_ principal: Principal, to project: ProjectID) async throws(AccessError) -> Principal {
        if principal.projectID == project { return principal }
        switch principal.caller {
        case .user(_, let session): return try await self.principal(of: try await users.entry(session).value, in: project)
        case .key:
            // A key's own project is its, whichever of them it had chosen.
            guard principal.reach != .furtherProject else { throw .unknownProject }
            guard principal.has(.admin), principal.reach == .organization else { throw .unknownProject }
            let own = try principal.organizationID
            _ = try await organizations.entry(ProjectQuestion(project: project, organizations: [own]))
            return Principal(
                caller: principal.caller, name: principal.name, organizationID: own, projectID: project,
                grants: .scopes(principal.scopes, reach: .otherProject), limits: principal.limits)
        }
    }

    /// The same caller in an organization that the path names. Errors: `notFound`, `unauthenticated`, `unavailable`.
    package func narrow(_ principal: Principal, to organization: OrganizationID) async throws(AccessError) -> Principal {
        if principal.knownOrganizationID == organization { return principal }
        guard let session = principal.sessionID, let there = try await users.entry(session).value.principal(in: organization) else {
            throw .notFound("organization")
        }
        return there
    }

    /// The same caller as known now, in the same project: for what goes on after its request was answered. A user goes on for as long as
    /// the session and the role do, whatever became of the access token; a key for as long as it may be used. Errors: as `authenticate`.
    package func confirm(
        _ principal: Principal, shown credential: Credential, address: IPAddress?
    ) async throws(AccessError) -> Principal {
        guard let session = principal.sessionID else {
            let now = try await authenticate(credential, address: address)
            guard now.caller == principal.caller, let project = principal.projectID else { throw .unauthenticated(.revoked) }
            if principal.reach == .furtherProject {
                guard let chosen = now.choosing(project) else { throw .unknownProject }
                return chosen
            }
            return try await narrow(now, to: project)
        }
        let entry = try await users.entry(session)
        if let expiry = entry.expiryTimeUnixNano, expiry <= clock.unixNano() { throw .unauthenticated(.signedOut) }
        guard entry.value.id == principal.userID, let project = principal.projectID else { throw .unauthenticated(.signedOut) }
        return try await self.principal(of: entry.value, in: project)
    }

    // MARK: Users

    private func principal(
        of user: KnownUser, _ project: ProjectID?, _ needsMembership: Bool
    ) async throws(AccessError) -> Principal {
        guard let project else {
            if let principal = user.principal(in: nil as OrganizationID?) { return principal }
            if needsMembership { throw .unauthenticated(.noMembership) }
            return user.withoutMembership
        }
        guard user.isMember else { throw .unauthenticated(.noMembership) }
        return try await principal(of: user, in: project)
    }

    private func user(ofBrowser credential: Credential) async throws(AccessError) -> KnownUser {
        guard let token = SecretToken(credential.text, .browser) else { throw .unauthenticated(.signedOut) }
        let browser = try await browsers.entry(SecretHash(of: token.text)), session = try await users.entry(browser.value)
        let now = clock.unixNano()
        for expiry in [browser.expiryTimeUnixNano, session.expiryTimeUnixNano] {
            if let expiry, expiry <= now { throw .unauthenticated(.signedOut) }
        }
        browserUses.withLock { $0[browser.value] = now }
        return session.value
    }

    private func user(of claims: AccessTokens.Claims) async throws(AccessError) -> KnownUser {
        let entry = try await users.entry(claims.session)
        let user = entry.value
        if let expiry = entry.expiryTimeUnixNano, expiry <= clock.unixNano() { throw .unauthenticated(.signedOut) }
        guard user.id == claims.user, user.signInGeneration == claims.generation else { throw .unauthenticated(.signedOut) }
        return user
    }

    private func principal(of user: KnownUser, in project: ProjectID) async throws(AccessError) -> Principal {
        let organization =
            user.needsOrganization(of: project)
            ? try await organizations.entry(ProjectQuestion(project: project, organizations: user.organizations)).value : nil
        guard let principal = user.principal(in: project, of: organization) else { throw .unknownProject }
        return principal
    }

    // MARK: Changes made here

    /// A key was revoked or replaced: its next request is looked up again.
    package func forget(_ key: APIKeyID) { keys.forget { $0.id == key } }

    /// A project was renamed: keys that may choose it are looked up again.
    package func forget(choosersOf project: ProjectID) {
        keys.forget { $0.principal.choices.contains { $0.id == project } }
    }

    /// A project was archived: the next request of each of its keys, and of those that may choose it, is looked up again.
    package func forget(projectKeys project: ProjectID) {
        keys.forget { $0.principal.projectID == project || $0.principal.choices.contains { $0.id == project } }
        organizations.forget { _ in true }
        users.forget { _ in true }
    }

    /// A session was ended.
    package func forget(_ session: SessionID) { users.forget { $0.session == session } }

    /// A user's memberships changed, or all sessions ended.
    package func forget(_ user: UserID) { users.forget { $0.id == user } }

    // MARK: Uses of keys and of browsers' sessions

    /// Notes last uses from time to time until the task is cancelled, and once more then. Runs as long as the server.
    package func recordUsesUntilCancelled() async {
        repeat {
            try? await Task.sleep(for: .nanoseconds(AccessLimits.useRecordIntervalNanoseconds))
            // In a task of its own: the last round comes after this one's cancellation.
            await Task { await self.recordUses() }.value
        } while !Task.isCancelled
    }

    /// Notes the last uses known now. What cannot be noted is kept for the next time.
    package func recordUses() async {
        await recordKeyUses()
        await recordBrowserUses()
    }

    private func recordBrowserUses() async {
        let uses = browserUses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
        guard !uses.isEmpty else { return }
        do throws(MetastoreError) { try await userDirectory?.recordUses(of: uses) } catch {
            browserUses.withLock { $0.merge(uses) { max($0, $1) } }
        }
    }

    private func recordKeyUses() async {
        let uses = self.uses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
        guard !uses.isEmpty else { return }
        do throws(MetastoreError) { try await keyDirectory.recordUses(uses) } catch {
            self.uses.withLock { $0.merge(uses) { max($0, $1) } }
        }
    }

    // MARK: What PostgreSQL answered

    private static func answer(_ known: KnownAPIKey?, _ hash: SecretHash) -> RememberedLookUps<SecretHash, KnownKey>.Answer {
        guard let known, isEqualInConstantTime(known.hash, hash.bytes) else { return .unknown }
        let record = known.record
        if record.revocationTimeUnixNano != nil { return .refused(.revoked) }
        if known.isProjectArchived { return .refused(.projectArchived) }
        let restrictions = record.restrictions, further = record.furtherProjects
        // Scopes this program does not know (a newer one's) give nothing.
        let principal = Principal(
            caller: .key(record.id), name: record.prefix, organizationID: known.organizationID, projectID: record.projectID,
            grants: .scopes(
                Set(record.scopes.compactMap { Scope(rawValue: $0) }), reach: record.reachesOrganization ? .organization : .project),
            limits: RequestLimits(
                requestsPerSecond: restrictions.requestsPerSecond, bytesPerSecond: restrictions.bytesPerSecond,
                maximumConcurrency: restrictions.maximumConcurrency),
            choices: further.isEmpty ? [] : [KeyProject(id: record.projectID, name: known.projectName)] + further)
        return .found(
            KnownKey(id: record.id, principal: principal, networks: AllowedNetworks(restrictions.allowedNetworks)),
            expiryTimeUnixNano: record.expiryTimeUnixNano)
    }

    private static func answer(_ known: KnownSession) -> RememberedLookUps<SessionID, KnownUser>.Answer {
        if known.session.revocationTimeUnixNano != nil { return .refused(.signedOut) }
        guard !known.isUserDisabled else { return .refused(.noMembership) }
        return .found(KnownUser(known), expiryTimeUnixNano: known.session.expiryTimeUnixNano)
    }
}
