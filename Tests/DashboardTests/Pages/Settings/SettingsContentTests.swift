import Access
import ByteCoding
import Testing
import TraceQuery

@testable import Dashboard

@Suite("Settings' pages of the API's answers") struct SettingsContentTests {
    private static let now = TimeText.unixNano("2026-11-21T10:00:00.000000000Z") ?? 0
    private static let settings = #"""
        {"version": 7, "retention_days": 30, "retention_bytes": 1048576, "byte_quota": null,
         "ingest_requests_per_second": 100, "ingest_bytes_per_second": null,
         "redaction": {"mode": "full", "keys": [{"glob": "user.id", "action": "hash"}, {"glob": "*.password", "action": "drop"}],
           "patterns": [{"builtin": "email"}, {"name": "badge", "regex": "EMP-\\d{6}"}]},
         "default_models": {}, "allowed_origins": ["https://ci.example", "https://b.example"]}
        """#

    @Test("retention and limits are shown as they are set, nothing where nothing is set, with what is stored")
    func general() throws {
        let files = try Hostile.json(
            #"[{"spans_bytes": 1048576, "payloads_bytes": 0}, {"spans_bytes": 1048576, "payloads_bytes": 2097152}]"#)
        let settings = try Hostile.json(Self.settings)
        let built = BuiltContext { GeneralContent.set(settings, files: files.arrayValue, in: &$0) }
        #expect(try built.faults("settings-general", besides: BuiltContext.settings) == [])
        #expect(built.context["etag"] == .string("\"7\"") && built.context["retention_days"] == .string("30"))
        #expect(built.context["byte_quota"] == .string("") && built.context["retention_bytes"] == .string("1048576"))
        #expect(built.context["allowed_origins_text"] == .string("https://ci.example\nhttps://b.example"))
        #expect(built.context["stored_text"] == .string("4 MiB in 2 files now. The oldest spans go first."))
    }

    @Test("rules of redaction are lines of a form; what the form does not show goes back as it was")
    func redaction() throws {
        let settings = try Hostile.json(Self.settings)
        let built = BuiltContext { RedactionContent.set(settings, redacted: RedactionSample.span, in: &$0) }
        #expect(try built.faults("settings-redaction", besides: BuiltContext.settings) == [])
        #expect(built.context["key_rules_text"] == .string("hash user.id\ndrop *.password"))
        #expect(built.context["pattern_rules_text"] == .string("badge EMP-\\d{6}"))
        #expect(built.context["is_full"] == .bool(true) && built.context["is_metadata_only"] == .bool(false))
        let builtins = built.context["builtins"].arrayValue ?? []
        #expect(builtins.filter { $0.flag("is_on") }.map { $0.text("name") } == ["email"])
        let rest = try Hostile.json(built.context["rest_json"].stringValue ?? "")
        #expect(rest["redaction"] == nil && rest["version"] == nil && rest["retention_days"] == .integer(30))
    }

    @Test("a role is changed by those who stand at least as high, never by oneself")
    func members() throws {
        let members =
            try Hostile.json(
                #"""
                [{"user_id": "a", "email": "ada@example.com", "name": "Ada Lovelace", "role": "owner",
                  "created_at": "2026-08-09T06:00:00Z"},
                 {"user_id": "b", "email": "b@example.com", "name": "", "role": "admin", "created_at": "2026-08-09T06:00:00Z"},
                 {"user_id": "c", "email": "c@example.com", "name": "C", "role": "viewer", "created_at": "2026-08-09T06:00:00Z"}]
                """#
            ).arrayValue ?? []
        let invitations =
            try Hostile.json(
                #"""
                [{"id": "1", "email": "w@example.com", "role": "member", "expires_at": "2026-11-28T08:40:00Z",
                  "accepted_at": null, "revoked_at": null},
                 {"id": "2", "email": "o@example.com", "role": "member", "expires_at": "2026-11-01T08:40:00Z",
                  "accepted_at": null, "revoked_at": null},
                 {"id": "3", "email": "t@example.com", "role": "member", "expires_at": "2026-11-28T08:40:00Z",
                  "revoked_at": "2026-11-20T00:00:00Z"},
                 {"id": "4", "email": "in@example.com", "role": "member", "expires_at": "2026-11-28T08:40:00Z",
                  "accepted_at": "2026-11-20T00:00:00Z"}]
                """#
            ).arrayValue ?? []
        func built(_ id: String, _ role: Role) -> BuiltContext {
            BuiltContext { MembersContent(ownID: id, ownRole: role, now: Self.now).set(members, invitations: invitations, in: &$0) }
        }
        let owner = built("a", .owner), admin = built("b", .admin), viewer = built("c", .viewer)
        #expect(try owner.faults("settings-members", besides: BuiltContext.settings) == [])
        #expect(owner.texts("members", "can_change") == ["false", "true", "true"])
        #expect(admin.texts("members", "can_change") == ["false", "false", "true"])
        #expect(viewer.texts("members", "can_change") == ["false", "false", "false"])
        #expect(owner.texts("members", "name") == ["Ada Lovelace", "b@example.com", "C"] && owner.texts("members", "initials")[0] == "AL")
        let roles = admin.context["members"].arrayValue?.last?.list("roles").map { $0.text("value") }
        #expect(roles == ["admin", "member", "viewer"], "an admin makes no owners")
        #expect(owner.texts("invitation_roles", "value") == ["viewer", "member", "admin", "owner"])
        #expect(admin.texts("invitation_roles", "value") == ["viewer", "member", "admin"], "nor invites one")
        #expect(owner.texts("invitations", "state_text") == ["waiting", "expired", "taken back"])
        #expect(owner.texts("invitations", "can_revoke") == ["true", "false", "false"])
    }

    @Test("a key says whether it works and for how long; those that do not stand last and are not changed")
    func keys() throws {
        func key(_ id: String, _ more: String) -> String {
            #"""
            {"id": "\#(id)", "name": "\#(id)", "prefix": "spdrl_\#(id)", "scopes": ["ingest", "read"], "created_at": "2026-08-09T06:00:00Z",
             "last_used_at": null, "further_projects": [{"id": "p", "name": "staging"}], \#(more)}
            """#
        }
        let all = [
            key("revoked", #""expires_at": null, "revoked_at": "2026-11-01T00:00:00Z", "replaced_by": null, "created_by": null"#),
            key(
                "works",
                #""expires_at": null, "revoked_at": null, "replaced_by": null, "created_by": {"kind": "user", "id": "a", "name": "Ada"}"#),
            key("ends", #""expires_at": "2026-12-03T10:00:01Z", "revoked_at": null, "replaced_by": null, "created_by": null"#),
            key("late", #""expires_at": "2027-12-03T10:00:00Z", "revoked_at": null, "replaced_by": null, "created_by": null"#),
            key("today", #""expires_at": "2026-11-21T12:00:00Z", "revoked_at": null, "replaced_by": "x", "created_by": null"#),
            key(
                "over",
                #""expires_at": "2026-11-21T09:59:59Z", "revoked_at": null, "created_by": {"kind": "api_key", "id": "k", "name": null}"#
            ),
        ]
        let keys = try Hostile.json("[\(all.joined(separator: ","))]").arrayValue ?? []
        let built = BuiltContext { KeysContent(endpoint: "https://t.example/", mayChange: true, now: Self.now).set(keys, in: &$0) }
        #expect(try built.faults("settings-keys", besides: BuiltContext.settings) == [])
        #expect(built.context["endpoint"] == .string("https://t.example"))
        #expect(built.texts("keys", "has_further_projects").allSatisfy { $0 == "true" })
        #expect(built.texts("keys", "id") == ["works", "ends", "late", "today", "revoked", "over"])
        #expect(
            built.texts("keys", "state_text") == [
                "works", "ends in 12 days", "ends in 377 days", "replaced, ends within a day", "revoked", "expired",
            ])
        #expect(built.texts("keys", "tone") == ["good", "warn", "good", "warn", "faint", "faint"])
        #expect(built.texts("keys", "can_change") == ["true", "true", "true", "true", "false", "false"])
        #expect(built.texts("keys", "created_by") == ["Ada", "", "", "", "", "api key"])
        let viewer = BuiltContext { KeysContent(endpoint: "", mayChange: false, now: Self.now).set(keys, in: &$0) }
        #expect(!viewer.texts("keys", "can_change").contains("true"))
    }

    @Test("a price has all its digits, and a credential no secret")
    func pricesAndProviders() throws {
        let prices: [(Double?, String)] = [
            (0.4, "$0.40"), (15, "$15.00"), (0.075, "$0.075"), (0.0375, "$0.0375"), (0, "$0"), (nil, "–"), (.nan, "–"),
            (0.00001, "$0.000010"),
        ]
        for (price, text) in prices { #expect(PricesContent.price(price) == text) }
        let answer = try Hostile.json(
            #"""
            {"version": 4, "data": [{"provider": null, "model_pattern": "gpt-4.1-mini*", "effective_from": "2026-04-03T00:00:00Z",
              "input_per_million": 0.4, "output_per_million": 1.6, "cache_read_per_million": 0.1, "cache_write_per_million": null,
              "reasoning_per_million": null, "cache_write_1h_per_million": 6, "audio_input_per_million": 0.7, "tiers": [
                {"service_tier": "batch", "above_input_tokens": 0, "input_per_million": 0.2, "output_per_million": 0.8},
                {"service_tier": "standard", "above_input_tokens": 200000, "input_per_million": 0.8}], "source": "built in"}]}
            """#)
        let shown = BuiltContext { PricesContent.set([.init(owner: "project", answer: answer)], in: &$0) }
        #expect(
            shown.texts("prices", "other_text") == [
                "cache write for 1 h $6.00, audio input $0.70; batch: input $0.20, output $0.80; above 200,000 tokens: input $0.80"
            ])
        #expect(shown.texts("prices", "owner_text") == ["project"])
        #expect(try shown.faults("settings-prices", besides: BuiltContext.settings) == [])
        #expect(shown.texts("prices", "provider") == ["any provider"] && shown.texts("prices", "cache_write_text") == ["–"])
        let credential = try Hostile.json(
            #"""
            {"id": "1", "provider": "xai", "name": "team", "base_url": null, "version": 1, "updated_at": "2026-04-03T00:00:00Z",
             "secret": "sk-never"}
            """#)
        let built = BuiltContext { ProvidersContent.set([credential], mayChange: true, in: &$0) }
        #expect(try built.faults("settings-providers", besides: BuiltContext.settings) == [])
        #expect(built.texts("credentials", "provider_text") == ["xAI"] && built.texts("credentials", "base_url") == [""])
        #expect(!String(decoding: built.context.value.bytes, as: UTF8.self).contains("sk-never"))
    }

    private static let audit = #"""
        [{"id": "1", "time_unix_nano": "1795255200000000000", "caller_kind": "api_key", "caller_name": "ci", "action": "createAPIKey",
          "resource_kind": "api_key", "resource_id": "k", "address": null, "request_id": "r", "outcome": "succeeded",
          "before": null, "after": {"name": "ci"}},
         {"id": "2", "time_unix_nano": "1795255200000000000", "caller_kind": "anonymous", "caller_name": "", "action": "signIn",
          "resource_kind": "user", "resource_id": "u", "address": "10.0.0.7", "request_id": "r", "outcome": "refused",
          "before": null, "after": null},
         {"id": "3", "time_unix_nano": "1795255200000000000", "caller_kind": "user", "caller_name": "Ada", "action": "updateProject",
          "resource_kind": "project", "resource_id": "p", "address": "10.0.0.7", "request_id": "r", "outcome": "succeeded",
          "before": {"name": "a"}, "after": {"name": "b"}}]
        """#

    @Test("an entry of the audit log says who did what, whether it was refused, and what was before and after")
    func audit() throws {
        let entries = try Hostile.json(Self.audit).arrayValue ?? []
        let built = BuiltContext { AuditContent.set(entries, in: &$0) }
        #expect(
            try built.faults(
                "settings-audit",
                besides: BuiltContext.settings.union(BuiltContext.pager).union(["action", "from", "list_path", "export_url"]))
                == [])
        #expect(built.texts("rows", "caller_name") == ["ci", "anonymous", "Ada"])
        #expect(built.texts("rows", "caller_kind") == ["api key", "anonymous", "user"])
        #expect(built.texts("rows", "is_refused") == ["false", "true", "false"])
        #expect(built.texts("rows", "has_change") == ["true", "false", "true"])
        #expect(built.texts("rows", "change_text")[2] == "before\n{\n  \"name\": \"a\"\n}\n\nafter\n{\n  \"name\": \"b\"\n}")
    }

    private static let quarantine = #"""
        {"data": [{"id": "2", "received_at": "2026-11-21T10:00:00Z", "reason": "trace_id_zero", "exporter": "OTel-OTLP-Exporter-Go/1.38",
           "format": "json", "source_bytes": 14, "source_base64": "eyJuYW1lIjogImEifQ==", "is_cut": false, "is_replayable": true},
          {"id": "1", "received_at": "2026-11-21T10:00:00Z", "reason": "span_id_zero", "exporter": null, "format": "protobuf",
           "source_bytes": 70000, "source_base64": "CgNhYmMAAQIDBAUGBwgJCgsMDQ==", "is_cut": true, "is_replayable": false}],
         "next_cursor": null, "counts_by_reason": {"span_id_zero": 3, "trace_id_zero": 812},
         "groups": [{"reason": "trace_id_zero", "explanation": "a trace id must not be all zeros", "count": 812, "replayable_count": 810,
           "first_seen_at": "2026-11-20T10:00:00Z", "last_seen_at": "2026-11-21T10:00:00Z",
           "exporters": [{"name": "OTel-OTLP-Exporter-Go/1.38", "count": 800}, {"name": null, "count": 12}],
           "sample": {"format": "json", "source_base64": "eyJuYW1lIjogImEifQ=="}},
          {"reason": "span_id_zero", "explanation": null, "count": 3, "replayable_count": 0, "first_seen_at": "2026-11-20T10:00:00Z",
           "last_seen_at": "2026-11-21T10:00:00Z", "exporters": [{"name": null, "count": 3}], "sample": null}]}
        """#

    private static func quarantineContent(mayReplay: Bool = true, mayDelete: Bool = true, shown: String? = nil) -> QuarantineContent {
        QuarantineContent(
            mayReplay: mayReplay, mayDelete: mayDelete, url: { $0.map { "?reason=" + $0 } ?? "?" }, shownReason: shown)
    }

    @Test("refused spans are shown by reason, with who sent them, since when, and what can be taken in again by whom")
    func quarantineGroups() throws {
        let answer = try Hostile.json(Self.quarantine), content = Self.quarantineContent()
        let built = BuiltContext { context in
            content.set(answer, in: &context)
            ReceiptContent(id: "").set(in: &context) { "?receipt=" + $0 }
        }
        #expect(
            try built.faults("settings-quarantine", besides: BuiltContext.settings.union(BuiltContext.pager).union(["list_path"])) == [])
        #expect(built.texts("reasons", "reason") == ["trace_id_zero", "span_id_zero"] && built.texts("reasons", "share") == ["100", "0"])
        #expect(built.texts("reasons", "url") == ["?reason=trace_id_zero", "?reason=span_id_zero"])
        #expect(built.texts("reasons", "explanation") == ["a trace id must not be all zeros", ""])
        #expect(
            built.texts("reasons", "can_replay") == ["true", "false"]
                && built.texts("reasons", "first_time").first == "2026-11-20T10:00:00Z")
        #expect(built.texts("reasons", "sample_text") == ["{\"name\": \"a\"}", ""])
        let exporters = built.context["reasons"].arrayValue?.first?.list("exporters").map { $0.text("name") }
        #expect(exporters == ["OTel-OTLP-Exporter-Go/1.38", "not told"])
        #expect(built.context["count"] == .integer(815) && built.context["replayable_count"] == .integer(810))
        #expect(built.context["can_replay"] == .bool(true) && built.context["can_delete"] == .bool(true))
        let viewed = BuiltContext { Self.quarantineContent(mayReplay: false, mayDelete: false).set(answer, in: &$0) }
        #expect(viewed.texts("reasons", "can_replay") == ["false", "false"] && viewed.context["can_replay"] == .bool(false))
        #expect(viewed.texts("reasons", "can_delete") == ["false", "false"] && viewed.context["can_delete"] == .bool(false))
        #expect(try !viewed.page("settings-quarantine").contains("/api/v1/quarantine\""))
        #expect(content.shown(answer) == .init(2, of: 815, "span", "spans"))
        #expect(Self.quarantineContent(shown: "span_id_zero").shown(answer) == .init(2, of: 3, "span", "spans"))
    }

    @Test("refused spans are shown as they came: JSON as it is, bytes in hexadecimal")
    func quarantineRows() throws {
        let answer = try Hostile.json(Self.quarantine)
        let built = BuiltContext { Self.quarantineContent().set(answer, in: &$0) }
        #expect(built.texts("rows", "exporter") == ["OTel-OTLP-Exporter-Go/1.38", ""])
        #expect(built.texts("rows", "is_replayable") == ["true", "false"])
        let sources = built.texts("rows", "source_text")
        #expect(sources[0] == "{\"name\": \"a\"}")
        #expect(sources[1].hasPrefix("0a 03 61 62 63 00 01 02 03 04 05 06 07 08 09 0a  ..abc..........."))
        #expect(
            sources[1].split(separator: "\n").count == 2 && sources[1].hasSuffix("0b 0c 0d" + String(repeating: " ", count: 41) + "..."))
        let empty = BuiltContext { Self.quarantineContent().set(.object([]), in: &$0) }
        #expect(empty.context["has_rows"] == .bool(false) && empty.context["has_reasons"] == .bool(false))
    }

    private static let receipt = #"""
        {"id": "5f5f", "status": "partially_stored", "received_at": "2026-11-21T10:00:00Z", "visible_since": "2026-11-21T10:00:01Z",
         "stored_spans": 1511, "rejected_spans": 3, "message": "3 spans rejected", "rejections": [{"index": 17, "reason": "span_id_zero",
         "explanation": "a span id must not be all zeros", "trace_id": "5b8e", "span_id": null}], "unlisted_rejections": 2,
         "duplicate_of": null}
        """#

    @Test("a receipt says what became of an export, which spans were refused, and which request it repeats; one that is not there says why")
    func receipts() throws {
        func built(_ content: ReceiptContent) -> BuiltContext { BuiltContext { content.set(in: &$0) { "?receipt=" + $0 } } }
        let one = built(ReceiptContent(id: "5f5f", receipt: try Hostile.json(Self.receipt)))
        let receipt = one.context["receipt"]
        #expect(
            receipt.text("status_text") == "partially stored" && receipt.text("tone") == "warn" && receipt.text("stored_text") == "1,511")
        #expect(receipt.flag("has_visible") && receipt.text("visible_time") == "2026-11-21T10:00:01Z" && !receipt.flag("has_first"))
        #expect(one.texts("rejections", "reason") == ["span_id_zero"] && one.texts("rejections", "span_id") == [""])
        #expect(one.context["unlisted_text"] == .string("and 2 more") && one.context["has_receipt_problem"] == .bool(false))
        let repeated = Self.receipt.replacing(#""duplicate_of": null"#, with: #""duplicate_of": "0a0a""#)
            .replacing("partially_stored", with: "duplicate")
        let second = built(ReceiptContent(id: "5f5f", receipt: try Hostile.json(repeated))).context["receipt"]
        #expect(second.flag("has_first") && second.text("first_url") == "?receipt=0a0a" && second.text("tone") == "faint")
        let gone = built(ReceiptContent(id: "5f5f", problem: "it is not kept any more"))
        #expect(gone.context["has_receipt"] == .bool(false) && gone.context["receipt_problem"] == .string("it is not kept any more"))
        #expect(try gone.page("settings-quarantine-empty").contains("it is not kept any more"))
        let hostile = Hostile.replacing(try Hostile.json(Self.receipt), besides: ["received_at", "visible_since"])
        Hostile.check(try built(ReceiptContent(id: Hostile.text, receipt: hostile)).page("settings-quarantine"), "a receipt")
    }

    @Test("names that others chose stay text on every page of settings")
    func hostileTexts() throws {
        let times: Set<String> = [
            "time_unix_nano", "created_at", "updated_at", "expires_at", "effective_from", "received_at", "role", "mode",
        ]
        func hostile(_ json: String, _ more: Set<String> = []) throws -> JSONValue {
            Hostile.replacing(try Hostile.json(json), besides: times.union(more))
        }
        let settings = try hostile(Self.settings, ["builtin"]), audit = try hostile(Self.audit),
            answer = try hostile(Self.quarantine, ["source_base64", "format", "first_seen_at", "last_seen_at"])
        let member = try hostile(
            #"{"user_id": "u", "email": "e", "name": "n", "role": "viewer", "created_at": "2026-08-09T06:00:00Z"}"#, ["user_id"])
        let key = try hostile(
            #"{"id": "k", "name": "n", "prefix": "p", "scopes": ["s"], "created_by": {"kind": "k", "name": "n"}}"#, ["id"])
        let pages: [(String, BuiltContext)] = [
            ("settings-general", BuiltContext { GeneralContent.set(settings, files: nil, in: &$0) }),
            ("settings-redaction", BuiltContext { RedactionContent.set(settings, redacted: settings, in: &$0) }),
            (
                "settings-members",
                BuiltContext { MembersContent(ownID: "", ownRole: .owner, now: 0).set([member], invitations: [], in: &$0) }
            ),
            ("settings-keys", BuiltContext { KeysContent(endpoint: Hostile.text, mayChange: true, now: 0).set([key], in: &$0) }),
            ("settings-providers", BuiltContext { ProvidersContent.set([key], mayChange: true, in: &$0) }),
            ("settings-audit", BuiltContext { AuditContent.set(audit.arrayValue ?? [], in: &$0) }),
            ("settings-quarantine", BuiltContext { Self.quarantineContent(shown: Hostile.text).set(answer, in: &$0) }),
        ]
        for (name, built) in pages { Hostile.check(try built.page(name), name) }
    }
}
