/// One case of a suite: what is asked and expected, by what it is scored, and how it came to be so.

import ByteCoding

struct CaseContent: Sendable {
    let key: String
    let suite: JSONValue
    let project: String

    /// `answer`: the API's of the case, with its history.
    func set(_ answer: JSONValue, versions: [JSONValue], _ results: CaseResults, in context: inout PageContext) {
        let stored = answer["test_case"] ?? .null, content = stored["content"] ?? .null
        context.set("title", key)
        context.set("suite_id", suite.text("id"))
        context.set("suite_name", suite.text("name"))
        context.set("suite_url", "\(project)/suites/\(suite.text("id"))")
        context.set("suite_version", suite.integer("version") ?? 0)
        context.set("key", key)
        context.set("is_removed", stored.has("removed_in"))
        context.set("tags", PageContext.names(content.texts("tags")))
        setSource(content["source"] ?? .null, in: &context)
        setTexts(content, in: &context)
        context.set("scorers", content.list("scorers").map(scorer))
        context.set("content_json", JSONLayout.text(content))
        let rows = results.rows(of: key, project: project)
        context.set("has_results", !rows.isEmpty)
        context.set("results", rows)
        context.set("history", answer.list("history").map { form($0, versions) })
    }

    private func setSource(_ source: JSONValue, in context: inout PageContext) {
        let trace = source.text("trace_id"), span = source.text("span_id")
        context.set("has_source", !trace.isEmpty)
        context.set("source_url", trace.isEmpty ? "" : URLText.url("\(project)/traces/\(trace)", span.isEmpty ? [] : [("span", span)]))
    }

    /// Messages as a conversation, anything else as it is.
    private func setTexts(_ content: JSONValue, in context: inout PageContext) {
        let input = content["input"] ?? .null
        Conversation.set(written: input.list("messages"), in: &context)
        let isConversation = context["has_messages"] == .bool(true)
        for (name, value) in [("input", isConversation ? .null : TestCaseText.shown(input)), ("expected", content["expected"] ?? .null)] {
            context.set("has_" + name, !value.isNull)
            context.set(name, value.isNull ? PageContext() : SpanTexts.content(value))
        }
    }

    private func scorer(_ scorer: JSONValue) -> PageContext {
        let rest = scorer.objectValue?.filter { !["kind", "name"].contains($0.key) } ?? []
        return .make {
            $0.set("kind", scorer.text("kind"))
            $0.set("name", scorer["name"]?.stringValue ?? scorer.text("kind"))
            $0.set("text", rest.map { "\($0.key): \(SpanTexts.text($0.value))" }.joined(separator: ", "))
        }
    }

    private func form(_ form: JSONValue, _ versions: [JSONValue]) -> PageContext {
        let number = form.integer("introduced_in") ?? 0, version = versions.first { $0.integer("version") == number } ?? .null
        return .make {
            $0.set("version", number)
            $0.set("source", version.text("source"))
            $0.set("message", version.text("message"))
            $0.set("time", version.text("created_at"))
            $0.set("time_text", Times.text(version.text("created_at")))
        }
    }
}
