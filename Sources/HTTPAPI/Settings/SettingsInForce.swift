/// What projects' settings do: the redaction rules, limits, quotas and origins of all projects, handed to those who obey them. All are
/// read before the server listens; a change made here works from the next request on, one made through another server after the next
/// `refresh`.

import Access
import HTTPServer
import Ingest
import Metastore
import Synchronization
import TraceModel

package final class SettingsInForce: CrossOriginPolicy {
    private let metastore: Metastore
    private let vault: Vault
    private let rulebook: RedactionRulebook
    private let limiter: RequestLimiter
    private let quotas: ByteQuotas

    private struct State {
        /// Of the settings each project is held to.
        var versions: [ProjectID: Int64] = [:]
        var origins: [String: Set<String>] = [:]
    }
    private let state = Mutex(State())

    package init(metastore: Metastore, vault: Vault, rulebook: RedactionRulebook, limiter: RequestLimiter, quotas: ByteQuotas) {
        self.metastore = metastore
        self.vault = vault
        self.rulebook = rulebook
        self.limiter = limiter
        self.quotas = quotas
    }

    /// Reads the settings of all projects and puts those that changed into force. Errors: MetastoreError, `masterKey`,
    /// RedactionRulesError (rules of a newer program); of the projects with a fault what is in force stays, and the first fault is thrown
    /// once all others have their new settings.
    package func refresh() async throws {
        let all = try await metastore.settings.all()
        var fault: (any Error)?
        for (project, settings) in all {
            do { try await apply(settings, to: project) } catch { fault = fault ?? error }
        }
        let gone = state.withLock { state in state.versions.keys.filter { all[$0] == nil } }
        for project in gone { forget(project) }
        if let fault { throw fault }
    }

    /// Puts a project's settings into force, unless newer ones are.
    func apply(_ settings: VersionedSettings, to project: ProjectID) async throws {
        guard settings.version > state.withLock({ $0.versions[project] ?? 0 }) else { return }
        let rules = try RedactionRules(json: settings.settings.redactionRules)
        let salt = try await vault.redactionSalt(of: project)
        // The rulebook and the lines below each decide by version themselves: two refreshes may overtake each other.
        rulebook.replace(rules, salt: salt, of: project, version: UInt64(settings.version))
        state.withLock { state in
            guard settings.version > state.versions[project] ?? 0 else { return }
            state.versions[project] = settings.version
            let origins = settings.settings.allowedOrigins
            state.origins[project.uuid] = origins.isEmpty ? nil : Set(origins)
            limiter.setIngestLimits(
                RequestLimits(
                    requestsPerSecond: settings.settings.ingestRequestsPerSecond, bytesPerSecond: settings.settings.ingestBytesPerSecond),
                of: project)
            quotas.setQuota(settings.settings.byteQuota, of: project)
        }
    }

    /// A project was archived: nothing more comes in for it.
    private func forget(_ project: ProjectID) {
        rulebook.remove(project)
        limiter.setIngestLimits(RequestLimits(), of: project)
        quotas.setQuota(nil, of: project)
        state.withLock { state in
            state.versions[project] = nil
            state.origins[project.uuid] = nil
        }
    }

    // MARK: Origins

    package func isAllowedBySomeProject(_ origin: String) async -> Bool {
        state.withLock { state in state.origins.values.contains { $0.contains(origin) } }
    }

    package func isAllowed(_ origin: String, byProject project: String) async -> Bool {
        state.withLock { $0.origins[project]?.contains(origin) ?? false }
    }
}
