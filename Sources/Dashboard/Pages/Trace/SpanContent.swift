/// One span: its figures, the conversation or its input and output, attributes, events, links and scores.

import ByteCoding
import TraceQuery

struct SpanContent: Sendable {
    /// The API's answer.
    let span: JSONValue
    let scores: [JSONValue]
    /// Those that a test case may be made in.
    let suites: [JSONValue]
    let place: TracePlace
    /// Unix nanoseconds; nil where it is not known.
    let traceStart: Int64?
    var toolSpans = ToolSpans()

    private var id: String { span.text("span_id") }

    private var texts: SpanTexts { SpanTexts(span: span, path: "\(place.apiPath)/spans/\(URLText.encoded(id))/payloads/") }

    var context: PageContext {
        .make { context in
            setHead(in: &context)
            context.set("figures", figures)
            conversation.set(in: &context)
            setInputAndOutput(in: &context)
            context.set("can_make_case", !suites.isEmpty)
            context.set(
                "suites",
                suites.map { suite in
                    .make {
                        $0.set("id", suite.text("id"))
                        $0.set("name", suite.text("name"))
                    }
                })
            setAttributes(in: &context)
            setEvents(in: &context)
            setLinks(in: &context)
            setScores(in: &context)
        }
    }

    private var conversation: Conversation { Conversation(span: span, texts: texts, place: place, toolSpans: toolSpans) }

    /// The messages before the one of this number.
    func setConversation(before: Int, in context: inout PageContext) {
        var conversation = conversation
        conversation.before = before
        conversation.set(in: &context)
    }

    private func setHead(in context: inout PageContext) {
        let kind = span.text("kind"), service = span.text("service"), model = span.text("model"), message = span.text("status_message")
        context.set("id", id)
        context.set("trace_id", span.text("trace_id"))
        context.set("kind", kind)
        context.set("kind_label", Self.kindLabel(kind))
        context.set("is_error", span.text("status") == "error")
        context.set("permalink", place.origin + place.span(id))
        context.set("close_url", place.path)
        context.set("explanation_url", place.explanation(id))
        context.set("name", span.text("name").isEmpty ? "(no name)" : span.text("name"))
        context.set("has_service", !service.isEmpty)
        context.set("service", service)
        context.set("has_model", !model.isEmpty)
        context.set("model", model)
        context.set("model_url", place.filter("model", model))
        context.set("start_time", span.text("start_time"))
        context.set("start_time_text", Times.text(span.text("start_time")))
        let start = TimeText.unixNano(span.text("start_time"))
        let offset = traceStart.flatMap { begin in start.map { Figures.duration(nanoseconds: $0 - begin) } }
        context.set("start_offset_text", offset ?? "an unknown time")
        context.set("has_status_message", !message.isEmpty)
        context.set("status_message", message)
    }

    private static func kindLabel(_ kind: String) -> String {
        switch kind {
        case "llm": "LLM call"
        case "tool": "Tool call"
        case "span", "": "Span"
        default: kind.prefix(1).uppercased() + kind.dropFirst()
        }
    }

    private var figures: [PageContext] {
        func figure(_ label: String, _ name: String, _ value: String?, _ text: String?) -> PageContext? {
            guard let value, let text else { return nil }
            return .make {
                $0.set("label", label)
                $0.set("metric", "span." + name)
                $0.set("value", value)
                $0.set("text", text)
            }
        }
        func count(_ label: String, _ name: String) -> PageContext? {
            figure(label, name, span.integer(name).map { String($0) }, span.integer(name).map { Figures.count($0) })
        }
        let isRunning = span["is_running"]?.boolValue == true
        let duration = isRunning ? nil : span.number("duration_ms"), cost = span.number("cost"), reported = span.number("reported_cost")
        return [
            isRunning ? figure("Duration", "is_running", "true", "running") : nil,
            figure("Duration", "duration_ms", duration.map { Figures.raw($0) }, duration.map { Figures.duration(milliseconds: $0) }),
            count("Tokens in", "input_tokens"), count("of them cached", "cache_read_tokens"),
            count("written to the cache", "cache_write_tokens"),
            count("Tokens out", "output_tokens"), count("of them reasoning", "reasoning_tokens"),
            figure("Cost", "cost", cost.map { Figures.raw($0) }, cost.map { Figures.cost($0) }),
            figure("Cost as reported", "reported_cost", reported.map { Figures.raw($0) }, reported.map { Figures.cost($0) }),
        ].compactMap { $0 }
    }

    // MARK: Input and output

    /// For spans that hold no messages: a tool's arguments and result.
    private func setInputAndOutput(in context: inout PageContext) {
        let hasMessages = context["has_messages"] == .bool(true), kind = span.text("kind")
        let input = hasMessages ? nil : text(of: "input"), output = hasMessages ? nil : text(of: "output")
        context.set("has_content", hasMessages || input != nil || output != nil)
        context.set("content_label", hasMessages && kind == "llm" ? "Conversation" : hasMessages ? "Messages" : "Input and output")
        context.set("attributes_first", hasMessages || input != nil || output != nil ? "false" : "true")
        for (name, value) in [("input", input), ("output", output)] {
            context.set("has_" + name, value != nil)
            context.set(name, value ?? PageContext())
        }
    }

    private func text(of name: String) -> PageContext? {
        guard let key = span[name + "_attribute"]?.stringValue else { return nil }
        return texts.attribute("attributes", key, span["attributes"]?[key])
    }

    // MARK: Attributes

    private func setAttributes(in context: inout PageContext) {
        var groups: [(name: String, items: [PageContext])] = []
        func add(_ name: String, _ items: [PageContext]) { if !items.isEmpty { groups.append((name, items)) } }
        let attributes = texts.all("attributes", span["attributes"])
        var order: [String] = [], byPrefix: [String: [PageContext]] = [:]
        for (key, value) in attributes {
            let prefix = key.contains(".") ? String(key.prefix { $0 != "." }) : "Other"
            if byPrefix[prefix] == nil { order.append(prefix) }
            byPrefix[prefix, default: []].append(item(key, value, field: "attributes." + key, span["attributes"]?[key]))
        }
        for prefix in order { add(prefix, byPrefix[prefix] ?? []) }
        let resource = texts.all("resource", span["resource"]?["attributes"])
        add("Resource", resource.map { item($0, $1, field: "resource." + $0, span["resource"]?["attributes"]?[$0]) })
        let scope = texts.all("scope", span["scope"]?["attributes"])
        add("Scope", scopeItems + scope.map { item($0, $1, field: nil, nil) })
        add("Span", spanItems)
        context.set("attribute_count", groups.reduce(0) { $0 + $1.items.count })
        context.set(
            "attribute_groups",
            groups.map { group in
                .make {
                    $0.set("name", group.name)
                    $0.set("items", group.items)
                }
            })
    }

    private var scopeItems: [PageContext] {
        ["name", "version"].compactMap { name in
            let value = span["scope"]?.text(name) ?? ""
            return value.isEmpty ? nil : item(name, SpanTexts.content(value), field: "scope." + name, .string(value))
        }
    }

    /// What OTLP itself says of a span.
    private var spanItems: [PageContext] {
        ["span_id", "parent_span_id", "span_kind", "status", "trace_state", "start_time", "end_time"].compactMap { name in
            let value = span.text(name)
            return value.isEmpty ? nil : item(name, SpanTexts.content(value), field: nil, nil)
        }
    }

    /// `value`: what a link filters by; none for what is long or no scalar.
    private func item(_ key: String, _ content: PageContext, field: String?, _ value: JSONValue?) -> PageContext {
        var item = PageContext()
        item.set("key", key)
        let operand = SpanTexts.scalar(value)
        let link = field.flatMap { field in operand.map { place.filter(field, $0) } }
        item.set("has_filter", link != nil)
        item.set("filter_url", link ?? "")
        return content.merged(into: item)
    }

    // MARK: Events, links, scores

    private func setEvents(in context: inout PageContext) {
        let events = span.list("events"), start = TimeText.unixNano(span.text("start_time")) ?? 0
        context.set("has_events", !events.isEmpty)
        context.set("event_count", events.count)
        context.set(
            "events",
            events.enumerated().map { index, event in
                let attributes = texts.plain("events.\(index)", event["attributes"])
                let offset = TimeText.unixNano(event.text("time")).map { $0 - start }
                return .make {
                    $0.set("name", event.text("name"))
                    $0.set("offset_text", offset.map { ($0 < 0 ? "" : "+") + Figures.duration(nanoseconds: $0) } ?? "")
                    $0.set("is_exception", ["exception", "gen_ai.client.operation.exception"].contains(event.text("name")))
                    $0.set("has_attributes", !attributes.isEmpty)
                    $0.set(
                        "attributes",
                        attributes.map { key, value in
                            .make {
                                $0.set("key", key)
                                $0.set("value", value)
                            }
                        })
                }
            })
    }

    private func setLinks(in context: inout PageContext) {
        let links = span.list("links")
        context.set("has_links", !links.isEmpty)
        context.set("link_count", links.count)
        context.set(
            "links",
            links.enumerated().map { index, link in
                let attributes = texts.plain("links.\(index)", link["attributes"])
                let trace = link.text("trace_id"), span = link.text("span_id")
                return .make {
                    $0.set("trace_id", trace)
                    $0.set("span_id", span)
                    $0.set("url", URLText.url("\(place.project)/traces/\(URLText.encoded(trace))", [("span", span)]))
                    $0.set("has_attributes", !attributes.isEmpty)
                    $0.set("attributes_text", attributes.map { "\($0): \($1)" }.joined(separator: ", "))
                }
            })
    }

    private func setScores(in context: inout PageContext) {
        context.set("has_scores", !scores.isEmpty)
        context.set("score_count", scores.count)
        context.set("scores", scores.map { ScoreContext.make($0) })
    }
}

/// A judgement of a span or an outcome.
enum ScoreContext {
    static func make(_ score: JSONValue) -> PageContext {
        let passed = score["passed"]?.boolValue, value = score.number("value"), label = score.text("label")
        let words = [value.map { Figures.fixed($0, 2) }, label.isEmpty ? nil : label, passed.map { $0 ? "passed" : "failed" }]
        return .make {
            $0.set("name", score.text("name"))
            $0.set("value_text", words.compactMap { $0 }.first ?? "–")
            $0.set("tone", passed.map { $0 ? "good" : "bad" } ?? "")
            $0.set("reason", score.text("reason"))
            $0.set("source", score["source_name"]?.stringValue ?? score.text("source"))
        }
    }
}
