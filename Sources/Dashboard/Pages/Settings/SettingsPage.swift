/// What the settings' pages of a project have in common: the way from one to the next.

import Access
import ByteCoding

enum SettingsPage: String, CaseIterable, Sendable {
    case general, members, keys, redaction, providers, prices, audit, quarantine

    private var label: String {
        switch self {
        case .general: "General"
        case .members: "Members"
        case .keys: "API keys"
        case .redaction: "Redaction"
        case .providers: "Providers"
        case .prices: "Prices"
        case .audit: "Audit log"
        case .quarantine: "Quarantine"
        }
    }

    private var icon: String {
        switch self {
        case .general: "settings"
        case .members: "users"
        case .keys: "key"
        case .redaction: "shield"
        case .providers: "sparkle"
        case .prices: "dollar"
        case .audit: "audit"
        case .quarantine: "quarantine"
        }
    }

    /// What the API asks of whoever looks at what the page shows.
    private var permission: Permission {
        switch self {
        case .general, .redaction: .readSettings
        case .members: .readProject
        case .keys: .readKeys
        case .providers: .manageCredentials
        case .prices: .readPrices
        case .audit: .readAudit
        case .quarantine: .readQuarantine
        }
    }

    /// The page with what `body` writes.
    func page(_ visit: PageVisit, _ frame: PageFrame, _ body: (inout PageContext) -> Void) -> PageAnswer {
        let context = PageContext.make { context in
            context.set("title", self == .general ? "General settings" : label)
            context.set("page_url", visit.url)
            context.set(
                "settings_navigation",
                Self.allCases.filter { frame.may($0.permission) }.map { page in
                    .make {
                        $0.set("name", page.label)
                        $0.set("url", "\(frame.project?.url ?? "")/settings/\(page.rawValue)")
                        $0.set("icon", page.icon)
                        $0.set("is_current", page == self)
                    }
                })
            body(&context)
        }
        return .page(Page(name: "settings-" + rawValue, context: context, fragments: ["audit_rows", "quarantine_rows"]))
    }

    var path: String { "/projects/{project_id}/settings/" + rawValue }
}
