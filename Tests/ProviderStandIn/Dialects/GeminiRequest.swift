/// Reads and checks the bodies of Gemini's `generateContent` and of its token count.

import ByteCoding

enum GeminiRequest {
    private static let known: Set<String> = [
        "model", "contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings", "cachedContent", "labels",
        "serviceTier", "store", "generateContentRequest",
    ]
    private static let knownOfConfig: Set<String> = [
        "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "responseMimeType", "responseSchema",
        "responseJsonSchema", "responseModalities", "presencePenalty", "frequencyPenalty", "seed", "responseLogprobs", "logprobs",
        "thinkingConfig", "speechConfig", "mediaResolution", "audioTimestamp", "imageConfig", "routingConfig", "modelSelectionConfig",
        "enableEnhancedCivicAnswers", "enableAffectiveDialog", "responseFormat", "translationConfig", "audioTranscriptionConfig",
    ]
    private static let parts: Set<String> = [
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult", "thought",
        "thoughtSignature", "videoMetadata", "mediaResolution", "toolCall", "toolResponse", "partMetadata", "audioTranscription",
        "mediaProcessing",
    ]

    static func read(_ fields: RequestFields, model: String) throws -> ChatRequest {
        try fields.onlyKnown(known)
        var request = ChatRequest(modelName: model)
        // A token count may wrap what it counts.
        let body = try fields.object("generateContentRequest") ?? fields
        if let system = try body.object("systemInstruction") { try read(system, isSystem: true, into: &request) }
        for (index, content) in try body.requiredArray("contents").enumerated() {
            try read(RequestFields(content, path: "contents[\(index)]", dialect: .gemini), isSystem: false, into: &request)
        }
        if let config = try body.object("generationConfig") { try readConfig(config, &request) }
        try readTools(body, &request)
        return request
    }

    private static func read(_ content: RequestFields, isSystem: Bool, into request: inout ChatRequest) throws {
        try content.onlyKnown(["role", "parts"])
        let role = try content.string("role") ?? "user"
        guard isSystem || ["user", "model", "function"].contains(role) else {
            throw Refusal.invalid("Please use a valid role: user, model.")
        }
        var texts: [String] = [], results: [String] = []
        let list = try content.array("parts") ?? []
        guard !list.isEmpty else {
            throw Refusal.invalid("* GenerateContentRequest.\(content.path).parts: contents.parts must not be empty.")
        }
        for (index, part) in list.enumerated() {
            let part = try RequestFields(part, path: content.place("parts[\(index)]"), dialect: .gemini)
            try part.onlyKnown(parts)
            if let text = try part.string("text"), try part.bool("thought") != true { texts.append(text) }
            if let call = try part.object("functionCall") { _ = try call.requiredString("name") }
            if let response = try part.object("functionResponse") {
                _ = try response.requiredString("name")
                let value = try response.require("response")
                let result = value["output"] ?? value["result"] ?? value
                results.append(result.stringValue ?? result.text)
            }
        }
        let text = texts.joined(separator: "\n")
        if isSystem {
            request.add(role: .system, text: text)
        } else if role == "model" {
            request.add(role: .assistant, text: text)
        } else if !results.isEmpty {
            request.add(role: .tool, text: results.joined(separator: "\n"))
        } else {
            request.add(role: .user, text: text)
        }
    }

    private static func readConfig(_ config: RequestFields, _ request: inout ChatRequest) throws {
        try config.onlyKnown(knownOfConfig)
        try config.number("temperature", in: 0...2)
        try config.number("topP", in: 0...1)
        try config.number("topK", in: 0...1000)
        request.choiceCount = try config.integer("candidateCount", in: 1...8) ?? 1
        request.maximumTokenCount = try config.integer("maxOutputTokens", in: 1...10_000_000)
        request.stopSequences = try config.strings("stopSequences", maximumCount: 5)
        request.answerSchema = config["responseSchema"] ?? config["responseJsonSchema"]
        request.wantsJSON = try config.string("responseMimeType") == "application/json"
        guard request.answerSchema == nil || request.wantsJSON else {
            throw Refusal.invalid("Function calling config or response schema needs response_mime_type: application/json")
        }
    }

    private static func readTools(_ body: RequestFields, _ request: inout ChatRequest) throws {
        for (index, tool) in (try body.array("tools") ?? []).enumerated() {
            let tool = try RequestFields(tool, path: "tools[\(index)]", dialect: .gemini)
            for (place, function) in (try tool.array("functionDeclarations") ?? []).enumerated() {
                let function = try RequestFields(function, path: tool.place("functionDeclarations[\(place)]"), dialect: .gemini)
                request.tools.append(
                    .init(name: try function.requiredString("name"), schema: function["parameters"] ?? function["parametersJsonSchema"]))
            }
        }
        guard let calling = try body.object("toolConfig")?.object("functionCallingConfig") else { return }
        switch try calling.choice("mode", ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"]) {
        case "ANY": request.toolChoice = .required(try calling.array("allowedFunctionNames")?.first?.stringValue)
        case "NONE": request.toolChoice = .none
        default: break
        }
    }
}
