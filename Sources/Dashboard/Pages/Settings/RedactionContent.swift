/// The rules of what is not stored, as fields of a form, and what they make of a span.

import ByteCoding

enum RedactionContent {
    /// `redacted`: what the API made of the sample.
    static func set(_ settings: JSONValue, redacted: JSONValue, in context: inout PageContext) {
        let rules = settings["redaction"] ?? .null, patterns = rules.list("patterns"), on = Set(patterns.map { $0.text("builtin") })
        let isMetadataOnly = rules.text("mode") == "metadata_only"
        context.set("etag", GeneralContent.etag(settings))
        context.set("rules_json", GeneralContent.text(rules))
        // PUT replaces all settings: those that this page does not show go back as they are.
        let rest = settings.objectValue?.filter { !["redaction", "version"].contains($0.key) } ?? []
        context.set("rest_json", GeneralContent.text(.object(rest)))
        context.set("is_full", !isMetadataOnly)
        context.set("is_metadata_only", isMetadataOnly)
        context.set(
            "builtins",
            RedactionSample.builtins.map { name, label in
                .make {
                    $0.set("name", name)
                    $0.set("label", label)
                    $0.set("is_on", on.contains(name))
                }
            })
        context.set("key_rules_text", rules.list("keys").map { "\($0.text("action")) \($0.text("glob"))" }.joined(separator: "\n"))
        let own = patterns.filter { !$0.has("builtin") }
        context.set("pattern_rules_text", own.map { "\($0.text("name")) \($0.text("regex"))" }.joined(separator: "\n"))
        context.set("sample_span_json", JSONLayout.text(RedactionSample.span))
        context.set("redacted_json", JSONLayout.text(redacted))
    }
}
