/// Gemini's generateContent, the request.

import ByteCoding

enum GeminiRequest {
    static let version = "v1"

    static func encode(_ request: ChatRequest) throws(ProviderError) -> WireRequest {
        let system = try ChatTurn.systemTexts(of: request.messages)
        let configuration = generationConfiguration(request)
        let body = JSONValue.members(
            ("contents", .array(try contents(request.messages))),
            ("systemInstruction", system.isEmpty ? nil : .members(("parts", .array(system.map { .members(("text", .string($0))) })))),
            (
                "tools",
                request.tools.isEmpty ? nil : .array([.members(("functionDeclarations", .array(request.tools.map(declaration))))])
            ),
            ("toolConfig", request.toolChoice.map { .members(("functionCallingConfig", toolChoice($0))) }),
            ("generationConfig", configuration.objectValue?.isEmpty == false ? configuration : nil))
        let method = request.stream ? "streamGenerateContent?alt=sse" : "generateContent"
        return WireRequest(
            path: "/\(modelPath(request.model)):\(method)", version: version, keyHeader: .google,
            body: try body.bytes(merging: request.parameters.extra))
    }

    /// `models/NAME`, or a name that says itself where it belongs; with everything escaped that is no plain character of a path.
    static func modelPath(_ model: String) -> String {
        let parts = model.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let isWhole = parts.count == 2 && (parts[0] == "models" || parts[0] == "tunedModels")
        return isWhole ? "\(parts[0])/\(escaped(parts[1]))" : "models/\(escaped(model[...]))"
    }

    private static func escaped(_ text: Substring) -> String {
        var path = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                path.unicodeScalars.append(Unicode.Scalar(byte))
            default: path += byte < 16 ? "%0\(String(byte, radix: 16))" : "%\(String(byte, radix: 16))"
            }
        }
        return path
    }

    private static func generationConfiguration(_ request: ChatRequest) -> JSONValue {
        let parameters = request.parameters
        var schema: JSONValue?
        if case .jsonSchema(_, let given, _) = request.responseFormat { schema = given }
        return .members(
            ("temperature", .double(parameters.temperature)),
            ("topP", .double(parameters.topP)),
            ("maxOutputTokens", .integer(parameters.maximumOutputTokenCount)),
            ("stopSequences", .unlessEmpty(parameters.stop.map { .string($0) })),
            ("seed", parameters.seed.map { .integer($0) }),
            ("thinkingConfig", parameters.reasoningEffort.map { .members(("thinkingLevel", .string($0.uppercased()))) }),
            ("responseMimeType", request.responseFormat == .text ? nil : .string("application/json")),
            ("responseJsonSchema", schema))
    }

    private static func contents(_ messages: [ChatMessage]) throws(ProviderError) -> [JSONValue] {
        var names: [String: String] = [:]
        var contents: [JSONValue] = []
        for turn in ChatTurn.turns(of: messages) {
            var parts: [JSONValue] = []
            for part in turn.parts {
                if case .toolCall(let call) = part { names[call.id] = call.name }
                parts.append(try encode(part, names))
            }
            contents.append(.members(("role", .string(turn.role == .assistant ? "model" : "user")), ("parts", .array(parts))))
        }
        return contents
    }

    private static func encode(_ part: ChatPart, _ names: [String: String]) throws(ProviderError) -> JSONValue {
        switch part {
        case .text(let text): return .members(("text", .string(text)))
        case .image(.url(let url)): return .members(("fileData", .members(("fileUri", .string(url)))))
        case .image(.base64(let mediaType, let data)):
            return .members(("inlineData", .members(("mimeType", .string(mediaType)), ("data", .string(data)))))
        case .toolCall(let call):
            let function = JSONValue.members(
                ("id", .string(call.id)), ("name", .string(call.name)), ("args", try call.argumentsObject()))
            return .members(("functionCall", function), ("thoughtSignature", .string(call.signature)))
        case .toolResult(let result):
            guard let name = result.name ?? names[result.callID] else {
                throw ProviderError(.invalid, "a tool result names neither its tool nor a call of this conversation")
            }
            let response = JSONValue.members((result.isError ? "error" : "output", .string(result.content)))
            return .members(
                ("functionResponse", .members(("id", .string(result.callID)), ("name", .string(name)), ("response", response))))
        }
    }

    private static func declaration(_ tool: ToolDefinition) -> JSONValue {
        .members(
            ("name", .string(tool.name)), ("description", .string(tool.description)), ("parametersJsonSchema", tool.parameters))
    }

    private static func toolChoice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: .members(("mode", .string("AUTO")))
        case .none: .members(("mode", .string("NONE")))
        case .required: .members(("mode", .string("ANY")))
        case .tool(let name): .members(("mode", .string("ANY")), ("allowedFunctionNames", .array([.string(name)])))
        }
    }
}
