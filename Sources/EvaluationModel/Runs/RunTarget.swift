import ByteCoding
import ContentReading

/// What a run sends its cases to.
///
///     {"name": "mini", "kind": "model", "provider": "openai", "model": "gpt-4.1-mini", "system": "Be brief.", "prompt": "{{input}}",
///      "parameters": {"temperature": 0, "max_output_tokens": 200}}
///     {"name": "app", "kind": "http", "url": "https://app.example/answer", "body": {"question": "{{input}}"}, "output": "/answer"}
///     {"name": "code", "kind": "exec"}
package struct RunTarget: Equatable, Sendable {
    /// Unique in its run: what results, baselines and reports call it.
    package var name: String
    package var kind: Kind

    package enum Kind: Equatable, Sendable {
        case model(ModelTarget)
        case http(HTTPTarget)
        /// A command beside the code under test: `spandrel run --exec` leases the cases and returns what the command answered.
        case exec
    }

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A model of a provider, with what is said to it.
package struct ModelTarget: Equatable, Sendable {
    /// `openai`, `anthropic`, `gemini`, `xai`, `openai_compatible`.
    package var provider: String
    package var model: String
    /// The name of the organization's credential; nil: the only one it has for this provider.
    package var credential: String?
    /// Templates; what a case gives as messages comes after the system text, without the prompt.
    package var system: String?
    package var prompt: String
    package var parameters: ModelParameters
    /// In JSON Schema's form: `[{"name", "description", "parameters"}]`.
    package var tools: [JSONValue]
    package var streams: Bool
}

package struct ModelParameters: Equatable, Sendable {
    package var temperature: Double?
    package var topP: Double?
    package var maximumOutputTokens: Int?
    package var stop: [String]
    package var seed: Int?
    package var reasoningEffort: String?
    /// Members of the provider's request body that have no name of ours; they win.
    package var extra: [JSONMember]
}

/// An endpoint of the user's own application.
package struct HTTPTarget: Equatable, Sendable {
    package var url: String
    package var headers: [JSONMember]
    /// Templates stand in its texts.
    package var body: JSONValue
    /// JSON pointer (RFC 6901) to the answer in the response; nil: the whole body is it.
    package var output: String?
    package var timeoutSeconds: Double
}

extension RunTarget {
    private enum KindName: String, CaseIterable { case model, http, exec }

    init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let name = reader.requiredText("name", maximumByteCount: RunLimits.maximumNameByteCount)
        if reader.value("kind") == nil { reader.report("kind", "one of model, http, exec is due here") }
        var kind: Kind?
        switch reader.name("kind", of: KindName.self) {
        case .model: kind = ModelTarget(&reader).map(Kind.model)
        case .http: kind = HTTPTarget(&reader).map(Kind.http)
        case .exec: kind = .exec
        case nil: return nil
        }
        reader.finish()
        guard let name, let kind else { return nil }
        self.init(name: name, kind: kind)
    }

    package var json: JSONValue {
        var members = [JSONMember(key: "name", value: .string(name))]
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(JSONMember(key: key, value: value)) } }
        switch kind {
        case .model(let target):
            add("kind", .string("model"))
            add("provider", .string(target.provider))
            add("model", .string(target.model))
            add("credential", target.credential.map(JSONValue.string))
            add("system", target.system.map(JSONValue.string))
            add("prompt", .string(target.prompt))
            add("parameters", target.parameters.json)
            if !target.tools.isEmpty { add("tools", .array(target.tools)) }
            if target.streams { add("stream", .bool(true)) }
        case .http(let target):
            add("kind", .string("http"))
            add("url", .string(target.url))
            if !target.headers.isEmpty { add("headers", .object(target.headers)) }
            add("body", target.body)
            add("output", target.output.map(JSONValue.string))
            add("timeout_seconds", .double(target.timeoutSeconds))
        case .exec: add("kind", .string("exec"))
        }
        return .object(members)
    }
}

extension ModelTarget {
    private enum Provider: String, CaseIterable { case openai, anthropic, gemini, xai, openai_compatible }

    init?(_ reader: inout ObjectReader) {
        if reader.value("provider") == nil { reader.report("provider", "the name of a provider is due here") }
        let provider = reader.name("provider", of: Provider.self)
        let model = reader.requiredText("model", maximumByteCount: RunLimits.maximumNameByteCount)
        let parameters = ModelParameters(
            reader.value("parameters") ?? .object([]), path: reader.path(of: "parameters"), problems: reader.problems)
        let tools = reader.array("tools", maximumCount: RunLimits.maximumToolCount) ?? []
        for (index, tool) in tools.enumerated() where tool["name"]?.stringValue == nil {
            reader.report("tools", "the tool \(index) has no name")
        }
        let credential = reader.text("credential", maximumByteCount: RunLimits.maximumNameByteCount)
        let system = reader.text("system", maximumByteCount: RunLimits.maximumTemplateByteCount)
        let prompt = reader.text("prompt", maximumByteCount: RunLimits.maximumTemplateByteCount) ?? "{{input}}"
        let streams = reader.bool("stream") ?? false
        guard let provider, let model, let parameters else { return nil }
        self.init(
            provider: provider.rawValue, model: model, credential: credential, system: system, prompt: prompt, parameters: parameters,
            tools: tools, streams: streams)
    }
}

extension ModelParameters {
    init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        self.init(
            temperature: reader.number("temperature", in: 0...2), topP: reader.number("top_p", in: 0...1),
            maximumOutputTokens: reader.integer("max_output_tokens", in: 1...RunLimits.maximumOutputTokenCount),
            stop: reader.texts("stop", maximumCount: 16, maximumByteCount: RunLimits.maximumNameByteCount) ?? [],
            seed: reader.integer("seed", in: Int(Int32.min)...Int(Int32.max)),
            reasoningEffort: reader.text("reasoning_effort", maximumByteCount: RunLimits.maximumNameByteCount),
            extra: reader.object("extra") ?? [])
        reader.finish()
    }

    var json: JSONValue {
        var members: [JSONMember] = []
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(JSONMember(key: key, value: value)) } }
        add("temperature", temperature.map(JSONValue.double))
        add("top_p", topP.map(JSONValue.double))
        add("max_output_tokens", maximumOutputTokens.map { .integer(Int64($0)) })
        if !stop.isEmpty { add("stop", .array(stop.map(JSONValue.string))) }
        add("seed", seed.map { .integer(Int64($0)) })
        add("reasoning_effort", reasoningEffort.map(JSONValue.string))
        if !extra.isEmpty { add("extra", .object(extra)) }
        return .object(members)
    }
}

extension HTTPTarget {
    init?(_ reader: inout ObjectReader) {
        let url = reader.requiredText("url", maximumByteCount: RunLimits.maximumURLByteCount)
        if let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") { reader.report("url", "an http or https URL is due here") }
        let headers = reader.object("headers") ?? []
        for header in headers {
            if let problem = HTTPTargetHeader.problem(header) { reader.report("headers", "\(header.key.prefix(64)) \(problem)") }
        }
        let output = reader.text("output", maximumByteCount: RunLimits.maximumURLByteCount)
        if let output, !output.isEmpty, !output.hasPrefix("/") { reader.report("output", "a JSON pointer begins with /") }
        let timeout = reader.number("timeout_seconds", in: 1...RunLimits.maximumTimeoutSeconds) ?? RunLimits.defaultTimeoutSeconds
        let body = reader.value("body") ?? .object([JSONMember(key: "input", value: .string("{{input}}"))])
        guard let url else { return nil }
        self.init(url: url, headers: headers, body: body, output: output, timeoutSeconds: timeout)
    }
}
