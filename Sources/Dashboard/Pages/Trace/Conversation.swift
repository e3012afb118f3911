/// The messages of a span as a conversation: a tool's call and its result, which lie in two messages, stand together.

import ByteCoding

struct Conversation: Sendable {
    let span: JSONValue
    let texts: SpanTexts
    /// Where its trace is shown; nil where messages stand alone.
    var place: TracePlace?
    /// Spans of the tools that its trace called.
    var toolSpans = ToolSpans()
    /// Messages before this one are shown, counted from the first; nil: the last ones.
    var before: Int?

    /// Messages that stand in the page; of longer conversations the last ones.
    private static let shownMessageCount = 60

    /// A message and the beginning of its parts' names among the long values.
    private struct Placed {
        let message: JSONValue
        let name: String
    }

    func set(in context: inout PageContext) {
        let placed =
            ["input", "output"].flatMap { side in
                span.list(side + "_messages").enumerated().map { Placed(message: $1, name: "messages.\(side).\($0)") }
            }
        let results = results(placed)
        // Messages of nothing but results that stand with their calls are shown there.
        let calls = Set(
            placed.flatMap { $0.message.list("parts") }.filter { $0.text("type") == "tool_call" }.map { $0.text("tool_call_id") })
        let shown = placed.filter { placed in
            let parts = placed.message.list("parts")
            return parts.isEmpty
                || !parts.allSatisfy {
                    $0.text("type") == "tool_result" && !$0.text("tool_call_id").isEmpty && calls.contains($0.text("tool_call_id"))
                }
        }
        let end = min(shown.count, max(0, before ?? shown.count)), begin = max(0, end - Self.shownMessageCount)
        let tools = Self.tools(span)
        context.set("has_messages", !shown.isEmpty)
        context.set("has_tools", !tools.isEmpty)
        context.set("tools_text", Figures.counted(Int64(tools.count), "tool offered", "tools offered"))
        context.set("tools", tools.map { name in .make { $0.set("name", name) } })
        let earlier = place.map { URLText.url($0.path, [("span", span.text("span_id")), ("before", String(begin))]) }
        context.set("has_earlier", begin > 0)
        context.set("earlier_url", begin > 0 ? earlier ?? "" : "")
        context.set("earlier_text", begin > 0 ? Figures.counted(Int64(begin), "earlier message", "earlier messages") : "")
        let links = links(placed)
        context.set("messages", shown[begin..<end].map { message($0, results, links) })
        // Of a conversation that is too long for the API the end is missing.
        let omitted = end == shown.count ? span.integer("omitted_message_count") ?? 0 : 0
        context.set("has_omitted", omitted > 0)
        context.set(
            "omitted_text",
            omitted > 0 ? Figures.counted(omitted, "more message", "more messages") + ": they are in the attributes" : "")
    }

    /// Messages as a test case has them: a role and a content each. None where the list holds anything else.
    static func set(written messages: [JSONValue], in context: inout PageContext) {
        let isOne = !messages.isEmpty && messages.allSatisfy { $0["role"]?.stringValue != nil && $0["content"] != nil }
        let parts = messages.map { message in
            JSONValue.object([
                JSONMember(key: "role", value: message["role"] ?? .null),
                JSONMember(
                    key: "parts",
                    value: .array([
                        .object([
                            JSONMember(key: "type", value: .string("text")),
                            JSONMember(key: "text", value: .string(SpanTexts.text(message["content"] ?? .null))),
                        ])
                    ])),
            ])
        }
        let span = JSONValue.object([JSONMember(key: "input_messages", value: .array(isOne ? parts : []))])
        Conversation(span: span, texts: SpanTexts(span: span, path: "")).set(in: &context)
    }

    /// The last message of the user, and what was answered to it.
    func setLastTurn(in context: inout PageContext) {
        set(in: &context)
        let messages = context["messages"].arrayValue ?? []
        let last = messages.lastIndex { $0.text("role") == "user" } ?? max(0, messages.count - 2)
        context.set("messages", .array(Array(messages.dropFirst(last))))
        context.set("has_tools", false)
        context.set("has_earlier", false)
        context.set("has_omitted", false)
    }

    private func message(_ placed: Placed, _ results: [String: PageContext], _ links: [String: String]) -> PageContext {
        let message = placed.message, role = message.text("role"), reason = message.text("finish_reason"), name = message.text("name")
        return .make {
            $0.set("role", Self.roles.contains(role) ? role : "other")
            $0.set("role_label", role.isEmpty ? "Message" : role.prefix(1).uppercased() + role.dropFirst())
            $0.set("has_name", !name.isEmpty)
            $0.set("name", name)
            $0.set("has_note", !reason.isEmpty)
            $0.set("note", reason)
            $0.set("parts", message.list("parts").enumerated().map { part($1, "\(placed.name).\($0)", results, links) })
        }
    }

    private static let roles: Set<String> = ["system", "user", "assistant", "tool", "developer"]

    private func part(_ part: JSONValue, _ name: String, _ results: [String: PageContext], _ links: [String: String]) -> PageContext {
        let type = part.text("type"), value = content(part, name)
        let isCall = type == "tool_call" || type == "tool_result"
        var context = PageContext()
        context.set("is_text", type == "text" || type == "other")
        context.set("is_reasoning", type == "reasoning")
        context.set("is_media", type == "media")
        context.set("is_tool_call", isCall)
        context.set("is_failed", false)
        context.set("has_result", false)
        context.set("has_span_url", false)
        context.set("span_url", "")
        context.set("span_id", "")
        context.set("tool_name", "")
        context.set("preview", "")
        context.set("result_tone", "")
        context.set("result_label", "")
        context.set("arguments", PageContext())
        context.set("result", PageContext())
        let shown = isCall ? SpanTexts.content("") : type == "media" ? SpanTexts.content(Self.media(part["value"])) : value
        context = shown.merged(into: context)
        guard isCall else { return context }
        let tool = part.text("tool_name")
        context.set("tool_name", tool.isEmpty ? "tool" : tool)
        if let place, let id = links[name] {
            context.set("has_span_url", true)
            context.set("span_url", place.span(id))
            context.set("span_id", id)
        }
        if type == "tool_call" {
            context.set("arguments", value)
            context.set("preview", Self.preview(value))
            if let result = results[part.text("tool_call_id")] { setResult(result, in: &context) }
        } else {
            // Its call is not among the messages.
            setResult(value, in: &context)
        }
        return context
    }

    private func setResult(_ result: PageContext, in context: inout PageContext) {
        context.set("has_result", true)
        context.set("result", result)
        let isFailed = Self.looksFailed(result)
        context.set("is_failed", isFailed)
        context.set("result_tone", isFailed ? "bad" : "good")
        context.set("result_label", isFailed ? "error" : "ok")
    }

    /// Spans of the calls, by the names of the calls' parts. Calls among the input were made by others: no child of this span is theirs.
    private func links(_ placed: [Placed]) -> [String: String] {
        var spans = toolSpans, links: [String: String] = [:]
        for message in placed {
            for (index, part) in message.message.list("parts").enumerated() where part.text("type") == "tool_call" {
                let isOwn = message.name.hasPrefix("messages.output.")
                links["\(message.name).\(index)"] = spans.take(
                    call: part.text("tool_call_id"), tool: part.text("tool_name"), amongChildren: isOwn)
            }
        }
        return links
    }

    /// By the id of their call.
    private func results(_ placed: [Placed]) -> [String: PageContext] {
        var results: [String: PageContext] = [:]
        for message in placed {
            for (index, part) in message.message.list("parts").enumerated() where part.text("type") == "tool_result" {
                let id = part.text("tool_call_id")
                if !id.isEmpty { results[id] = content(part, "\(message.name).\(index)") }
            }
        }
        return results
    }

    private func content(_ part: JSONValue, _ name: String) -> PageContext {
        if let payload = texts.payload(part["payload"]?.stringValue ?? name) { return payload }
        if let text = part["text"]?.stringValue { return SpanTexts.content(text) }
        return SpanTexts.content(part["value"] ?? .null)
    }

    /// The first line of the arguments.
    private static func preview(_ arguments: PageContext) -> String {
        let text = arguments["text"].stringValue ?? ""
        let line = text.prefix { $0 != "\n" }.prefix(80)
        return line.count < text.count ? line + "…" : String(line)
    }

    private static func looksFailed(_ result: PageContext) -> Bool {
        let text = result["text"].stringValue ?? ""
        if let value = try? JSONValue.parse(text, maximumDepth: 64) {
            return value["is_error"]?.boolValue == true || value["error"].map { !$0.isNull && $0 != .bool(false) } == true
        }
        let beginning = text.prefix(80).lowercased()
        return beginning.hasPrefix("error") || beginning.contains("exception:") || beginning.contains("error:")
    }

    /// What is not text is named: its kind, and where it says so its type or address.
    private static func media(_ value: JSONValue?) -> String {
        let value = value ?? .null
        let words = [
            value.text("type"), value.text("mime_type"), value["source"]?.text("media_type") ?? "", value["image_url"]?.text("url") ?? "",
            value.text("uri"),
        ]
        let said = words.filter { !$0.isEmpty }.map { String($0.prefix(120)) }
        return said.isEmpty ? "a part that is no text" : said.joined(separator: ", ")
    }

    /// Names of the tools that a call offers, in the forms senders write them: as text or with their structure, in the span's attributes or,
    /// where content is in events, in those of an event.
    private static func tools(_ span: JSONValue) -> [String] {
        let places = [span["attributes"]] + span.list("events").map { $0["attributes"] }
        for attributes in places {
            for key in ["gen_ai.tool.definitions", "llm.tools", "gen_ai.request.tools", "llm.request.functions"] {
                guard let value = attributes?[key] else { continue }
                let list = value.arrayValue ?? value.stringValue.flatMap { try? JSONValue.parse($0, maximumDepth: 32) }?.arrayValue
                guard let list else { continue }
                return list.compactMap { $0["function"]?["name"]?.stringValue ?? $0["name"]?.stringValue }
            }
        }
        return []
    }
}
