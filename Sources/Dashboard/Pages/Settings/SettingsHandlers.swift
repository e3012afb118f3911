/// `/projects/{project_id}/settings/...`: who may do what, what is kept and what is left out. The forms of these pages go to the API.

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

    // MARK: General, redaction

    private func general(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let settings = try await visit.api.get("/api/v1/settings")
        return SettingsPage.general.page(visit, frame) { context in
            context.set("etag", Self.etag(settings))
            for name in ["retention_days", "byte_quota", "ingest_requests_per_second", "ingest_bytes_per_second"] {
                context.set(name, settings.integer(name).map { String($0) })
            }
            context.set("allowed_origins_text", settings.list("allowed_origins").compactMap(\.stringValue).joined(separator: "\n"))
            context.set("redaction_json", Self.text(settings["redaction"]))
            context.set("default_models_json", Self.text(settings["default_models"]))
            context.set("stored_text", "The oldest spans go first.")
        }
    }

    private func redaction(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let settings = try await visit.api.get("/api/v1/settings"), rules = settings["redaction"] ?? .null
        let sample = RedactionSample.span
        let trial = JSONValue.object([JSONMember(key: "span", value: sample), JSONMember(key: "redaction", value: rules)])
        let redacted = try await visit.api.ask("/api/v1/redaction/preview", trial)["span"] ?? .null
        let rest = settings.objectValue?.filter { !["redaction", "version"].contains($0.key) } ?? []
        return SettingsPage.redaction.page(visit, frame) { context in
            context.set("etag", Self.etag(settings))
            context.set("rules_json", Self.text(rules))
            context.set("rest_json", Self.text(.object(rest)))
            context.set("is_full", rules.text("mode") != "metadata_only")
            context.set("is_metadata_only", rules.text("mode") == "metadata_only")
            let patterns = rules.list("patterns"), on = Set(patterns.map { $0.text("builtin") })
            context.set(
                "builtins",
                RedactionSample.builtins.map { name, label in
                    .make {
                        $0.set("name", name)
                        $0.set("label", label)
                        $0.set("is_on", on.contains(name))
                    }
                })
            context.set(
                "key_rules_text", rules.list("keys").map { "\($0.text("action")) \($0.text("glob"))" }.joined(separator: "\n"))
            context.set(
                "pattern_rules_text",
                patterns.filter { $0["builtin"] == nil }.map { "\($0.text("name")) \($0.text("regex"))" }.joined(separator: "\n"))
            context.set("sample_span_json", JSONLayout.text(sample))
            context.set("redacted_json", JSONLayout.text(redacted))
        }
    }

    private static func etag(_ settings: JSONValue) -> String { "\"\(settings.integer("version") ?? 0)\"" }

    private static func text(_ value: JSONValue?) -> String { value.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "{}" }

    // MARK: Members, keys, providers

    private func members(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let organization = "/api/v1/organizations/" + (frame.project?.organizationID ?? "")
        let members = try await visit.api.get(organization + "/members", [("limit", "200")]).list("data")
        let invitations = try await visit.api.find(organization + "/invitations", [("limit", "100")])?.list("data") ?? []
        let own = frame.organization?.role ?? .viewer, now = Times.now()
        return SettingsPage.members.page(visit, frame) { context in
            context.set(
                "members",
                members.map { member in
                    let role = member.text("role"), name = member.text("name"), email = member.text("email")
                    // Nobody changes a role above the own, and nobody their own here.
                    let canChange = own >= .admin && own >= (Standing(rawValue: role) ?? .owner) && member.text("user_id") != frame.userID
                    return .make {
                        $0.set("user_id", member.text("user_id"))
                        $0.set("name", name.isEmpty ? email : name)
                        $0.set("email", email)
                        $0.set("initials", PageFrame.initials(name.isEmpty ? email : name))
                        $0.set("role", role)
                        $0.set("can_change", canChange)
                        $0.set(
                            "roles",
                            ["owner", "admin", "member", "viewer"].filter { (Standing(rawValue: $0) ?? .owner) <= own || $0 == role }
                                .map { value in
                                    .make {
                                        $0.set("value", value)
                                        $0.set("is_selected", value == role)
                                    }
                                })
                        $0.set("created_time", member.text("created_at"))
                        $0.set("created_text", Times.text(member.text("created_at")))
                    }
                })
            let shown = invitations.filter { $0["accepted_at"]?.isNull != false }
            context.set("has_invitations", !shown.isEmpty)
            context.set(
                "invitations",
                shown.map { invitation in
                    let isRevoked = invitation["revoked_at"]?.isNull == false
                    let isExpired = (TimeText.unixNano(invitation.text("expires_at")) ?? 0) < now
                    return .make {
                        $0.set("id", invitation.text("id"))
                        $0.set("email", invitation.text("email"))
                        $0.set("role", invitation.text("role"))
                        $0.set("state_text", isRevoked ? "taken back" : isExpired ? "expired" : "waiting")
                        $0.set("tone", isRevoked || isExpired ? "faint" : "info")
                        $0.set("expires_time", invitation.text("expires_at"))
                        $0.set("expires_text", Times.text(invitation.text("expires_at")))
                        $0.set("can_revoke", own >= .admin && !isRevoked && !isExpired)
                    }
                })
        }
    }

    private func keys(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let keys = try await visit.api.get("/api/v1/projects/\(visit.projectID)/api-keys", [("limit", "200")]).list("data")
        let endpoint = publicURL ?? visit.context.ownOrigin(of: visit.request) ?? "", now = Times.now()
        return SettingsPage.keys.page(visit, frame) { context in
            context.set("endpoint", endpoint)
            context.set("api_key_shown", "YOUR_API_KEY")
            context.set("has_keys", !keys.isEmpty)
            context.set("keys", keys.map { key($0, frame, now) })
        }
    }

    private func key(_ key: JSONValue, _ frame: PageFrame, _ now: Int64) -> PageContext {
        let isRevoked = key["revoked_at"]?.isNull == false, used = key.text("last_used_at")
        let isExpired = TimeText.unixNano(key.text("expires_at")).map { $0 <= now } ?? false
        return .make {
            $0.set("id", key.text("id"))
            $0.set("name", key.text("name"))
            $0.set("prefix", key.text("prefix"))
            $0.set("scopes", key.list("scopes").compactMap(\.stringValue).map { scope in .make { $0.set("name", scope) } })
            $0.set("has_last_used", !used.isEmpty)
            $0.set("last_used_time", used)
            $0.set("last_used_text", used.isEmpty ? "never" : Times.text(used))
            $0.set("state_text", isRevoked ? "revoked" : isExpired ? "expired" : key["replaced_by"]?.isNull == false ? "replaced" : "works")
            $0.set("tone", isRevoked || isExpired ? "faint" : "good")
            $0.set("created_by", key["created_by"]?.text("name") ?? "")
            $0.set("can_change", frame.may(.admin) && !isRevoked)
        }
    }

    private func providers(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let organization = frame.project?.organizationID ?? ""
        let credentials = try await visit.api.get("/api/v1/organizations/\(organization)/provider-credentials", [("limit", "100")]).list(
            "data")
        let names = [
            "openai": "OpenAI", "anthropic": "Anthropic", "gemini": "Gemini", "xai": "xAI", "openai_compatible": "OpenAI-compatible",
        ]
        return SettingsPage.providers.page(visit, frame) { context in
            context.set("has_credentials", !credentials.isEmpty)
            context.set(
                "credentials",
                credentials.map { credential in
                    .make {
                        $0.set("id", credential.text("id"))
                        $0.set("provider_text", names[credential.text("provider")] ?? credential.text("provider"))
                        $0.set("name", credential.text("name"))
                        $0.set("base_url", credential.text("base_url"))
                        $0.set("updated_time", credential.text("updated_at"))
                        $0.set("updated_text", Times.text(credential.text("updated_at")))
                        $0.set("can_change", frame.may(.admin))
                    }
                })
        }
    }

    private func prices(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let answer = try await visit.api.get("/api/v1/prices")
        func price(_ value: Double?) -> String { value.map { $0 == 0 ? "$0" : Figures.cost($0) } ?? "–" }
        return SettingsPage.prices.page(visit, frame) { context in
            context.set("version", answer.integer("version"))
            context.set(
                "prices",
                answer.list("data").map { row in
                    .make {
                        $0.set("model_pattern", row.text("model_pattern"))
                        $0.set("provider", row.text("provider"))
                        $0.set("effective_time", row.text("effective_from"))
                        $0.set("effective_text", Times.text(row.text("effective_from")))
                        $0.set("input_text", price(row.number("input_per_million")))
                        $0.set("output_text", price(row.number("output_per_million")))
                        $0.set("cache_read_text", price(row.number("cache_read_per_million")))
                        $0.set("cache_write_text", price(row.number("cache_write_per_million")))
                        $0.set("reasoning_text", price(row.number("reasoning_per_million")))
                        $0.set("source", row.text("source"))
                    }
                })
        }
    }

    // MARK: Audit log, quarantine

    private func audit(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        var parameters = Pager.parameters(visit) + visit.items(["action"])
        if let from = visit["from"].flatMap({ TimeRange.time($0, now: Times.now()) }) {
            parameters.append(("since", TimeText.rfc3339(from)))
        }
        let answer = try await visit.api.get("/api/v1/audit", parameters), rows = answer.list("data")
        return SettingsPage.audit.page(visit, frame) { context in
            context.set("list_path", visit.pagePath)
            context.set("action", visit["action"])
            context.set("from", visit["from"])
            context.set("export_url", (frame.project?.url ?? "") + "/api/v1/audit/export")
            context.set("has_rows", !rows.isEmpty)
            context.set("rows", rows.map(Self.entry))
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: Figures.counted(Int64(rows.count), "entry", "entries")
            )
        }
    }

    private static func entry(_ entry: JSONValue) -> PageContext {
        let time = Int64(entry.text("time_unix_nano")).map { TimeText.rfc3339($0) } ?? ""
        let before = entry["before"] ?? .null, after = entry["after"] ?? .null
        var change = ""
        if !before.isNull { change += "before\n" + JSONLayout.text(before) + (after.isNull ? "" : "\n\nafter\n") }
        if !after.isNull { change += JSONLayout.text(after) }
        return .make {
            $0.set("time", time)
            $0.set("time_text", Times.text(time))
            $0.set("caller_name", entry.text("caller_name"))
            $0.set("caller_kind", entry.text("caller_kind"))
            $0.set("action", entry.text("action"))
            $0.set("is_refused", entry.text("outcome") == "refused")
            $0.set("resource_kind", entry.text("resource_kind").replacing("_", with: " "))
            $0.set("resource_id", entry.text("resource_id"))
            $0.set("address", entry.text("address"))
            $0.set("has_change", !change.isEmpty)
            $0.set("change_text", change)
        }
    }

    private func quarantine(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let answer = try await visit.api.get("/api/v1/quarantine", Pager.parameters(visit)), rows = answer.list("data")
        let counts = (answer["counts_by_reason"]?.objectValue ?? []).map { ($0.key, $0.value.integerValue ?? 0) }.sorted { $0.1 > $1.1 }
        return SettingsPage.quarantine.page(visit, frame) { context in
            context.set("can_replay", false)
            context.set("replay_api", "POST /api/v1/quarantine/replay")
            context.set("has_reasons", !counts.isEmpty)
            context.set(
                "reasons",
                counts.map { reason, count in
                    .make {
                        $0.set("reason", reason)
                        $0.set("url", visit.pagePath)
                        $0.set("count", count)
                        $0.set("count_text", Figures.count(count))
                        $0.set("share", Int((100 * Double(count) / Double(max(1, counts[0].1))).rounded()))
                    }
                })
            context.set("has_rows", !rows.isEmpty)
            context.set(
                "rows",
                rows.map { row in
                    let bytes = Base64.decode(row.text("source_base64")) ?? []
                    let text = String(validating: bytes, as: UTF8.self) ?? row.text("source_base64")
                    return .make {
                        $0.set("received_time", row.text("received_at"))
                        $0.set("received_text", Times.text(row.text("received_at")))
                        $0.set("reason", row.text("reason"))
                        $0.set("format", row.text("format"))
                        $0.set("bytes_text", Figures.bytes(row.integer("source_bytes") ?? 0))
                        $0.set("is_cut", row.flag("is_cut"))
                        $0.set("source_text", text)
                    }
                })
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: Figures.counted(Int64(rows.count), "span", "spans"))
        }
    }
}
