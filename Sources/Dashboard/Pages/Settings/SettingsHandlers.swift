/// `/projects/{project_id}/settings/...`: who may do what, what is kept and what is left out. The forms of these pages go to the API.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import TraceQuery

struct SettingsHandlers: Sendable {
    /// nil: where the browser came to.
    let publicURL: String?

    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getGeneralSettingsPage", SettingsPage.general.path, handler: general),
            pages.page("getMembersPage", SettingsPage.members.path, handler: members),
            pages.page("getKeysPage", SettingsPage.keys.path, handler: keys),
            pages.page("getRedactionPage", SettingsPage.redaction.path, handler: redaction),
            pages.page("getProvidersPage", SettingsPage.providers.path, handler: providers),
            pages.page("getPricesPage", SettingsPage.prices.path, handler: prices),
            pages.page("getAuditPage", SettingsPage.audit.path, handler: audit),
            pages.page("getQuarantinePage", SettingsPage.quarantine.path, handler: quarantine),
        ]
    }

    private func general(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let settings = try await visit.api.get("/api/v1/settings")
        let files = try await visit.api.find("/api/v1/store/files")?.list("data")
        return SettingsPage.general.page(visit, frame) { GeneralContent.set(settings, files: files, in: &$0) }
    }

    private func redaction(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let settings = try await visit.api.get("/api/v1/settings"), rules = settings["redaction"] ?? .null
        let trial = [JSONMember(key: "span", value: RedactionSample.span), JSONMember(key: "redaction", value: rules)]
        let redacted = try await visit.api.ask("/api/v1/redaction/preview", .object(trial))["span"] ?? .null
        return SettingsPage.redaction.page(visit, frame) { RedactionContent.set(settings, redacted: redacted, in: &$0) }
    }

    private func members(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let organization = "/api/v1/organizations/" + (frame.project?.organizationID ?? "")
        // Who has a role in the project alone sees the project's members.
        var members = try await visit.api.findAll(organization + "/members")
        if members == nil { members = try await visit.api.all("/api/v1/projects/\(visit.projectID)/members") }
        let invitations = try await visit.api.findAll(organization + "/invitations") ?? []
        let content = MembersContent(ownID: frame.userID, ownRole: frame.organization?.role ?? .viewer, now: Times.now())
        return SettingsPage.members.page(visit, frame) { content.set(members ?? [], invitations: invitations, in: &$0) }
    }

    private func keys(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let keys = try await visit.api.all("/api/v1/projects/\(visit.projectID)/api-keys")
        let endpoint = publicURL ?? visit.context.ownOrigin(of: visit.request) ?? ""
        let content = KeysContent(
            endpoint: endpoint, mayChange: frame.may(.manageKeys), now: Times.now(), choosable: frame.otherProjects(.manageKeys))
        return SettingsPage.keys.page(visit, frame) { content.set(keys, in: &$0) }
    }

    private func providers(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let organization = frame.project?.organizationID ?? ""
        let credentials = try await visit.api.all("/api/v1/organizations/\(organization)/provider-credentials")
        return SettingsPage.providers.page(visit, frame) {
            ProvidersContent.set(credentials, mayChange: frame.may(.manageCredentials), in: &$0)
        }
    }

    private func prices(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let organization = frame.project?.organizationID ?? ""
        var lists = [PricesContent.Owned(owner: "project", answer: try await visit.api.get("/api/v1/projects/\(visit.projectID)/prices"))]
        // Who has a role in the project alone does not see the organization's.
        if let answer = try await visit.api.find("/api/v1/organizations/\(organization)/prices") {
            lists.append(PricesContent.Owned(owner: "organization", answer: answer))
        }
        lists.append(PricesContent.Owned(owner: "installation", answer: try await visit.api.get("/api/v1/prices")))
        return SettingsPage.prices.page(visit, frame) { PricesContent.set(lists, in: &$0) }
    }

    private func audit(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let filter = AuditFilter(visit, now: Times.now())
        let answer = try await visit.api.get("/api/v1/audit", Pager.parameters(visit) + filter.parameters)
        return SettingsPage.audit.page(visit, frame) { context in
            filter.set(in: &context, visit, project: frame.project?.url ?? "")
            let rows = answer.list("data")
            AuditContent.set(rows, in: &context)
            Pager.set(in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: .init(rows.count, "entry", "entries"))
        }
    }

    private func quarantine(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let reason = visit["reason"].flatMap { $0.isEmpty ? nil : $0 }
        let answer = try await visit.api.get(
            "/api/v1/quarantine", Pager.parameters(visit) + (reason.map { [("reason", $0)] } ?? []))
        let content = QuarantineContent(
            mayReplay: frame.may(.replayQuarantine), mayDelete: frame.may(.manageProject),
            url: { visit.url(setting: [("reason", $0), ("cursor", nil)]) }, shownReason: reason)
        let receipt = try await ReceiptContent.load(visit)
        return SettingsPage.quarantine.page(visit, frame) { context in
            context.set("list_path", visit.pagePath)
            receipt.set(in: &context) { visit.url(setting: [("receipt", $0)]) }
            content.set(answer, in: &context)
            Pager.set(in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: content.shown(answer))
        }
    }
}
