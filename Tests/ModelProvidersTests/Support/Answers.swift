/// Reads answers the way the room does, and says requests, for tables of tests.

import ByteCoding
import CurlClient
import ModelProviders
import Testing

/// The body of the request in a dialect, as text.
func bodyText(_ request: ChatRequest, _ dialect: ProviderDialect, _ provider: Provider? = nil) throws -> String {
    let speaker = provider ?? Provider.allCases.first { $0.dialects.contains(dialect) }
    return String(decoding: try dialect.wireRequest(for: request, provider: try #require(speaker)).body, as: UTF8.self)
}

/// A body read as one answer.
func whole(_ body: String, _ dialect: ProviderDialect) throws -> ChatResponse {
    var accumulator = ChatAccumulator(dialect: dialect)
    try accumulator.read(body: Array(body.utf8))
    return try accumulator.finish(isStream: false)
}

/// The data of events read as one answer, cut into pieces of every length to be sure that cuts do not matter.
func streamed(_ data: [String], _ dialect: ProviderDialect, named: Bool = false) throws -> (response: ChatResponse, deltas: [ChatDelta]) {
    var accumulator = ChatAccumulator(dialect: dialect)
    var parser = ServerSentEventParser()
    var deltas: [ChatDelta] = []
    for (place, text) in data.enumerated() {
        let bytes = Array(((named ? "event: anything\n" : "") + "data: \(text)\n\n").utf8)
        let cut = bytes.count * (place % 5) / 5
        for piece in [bytes[..<cut], bytes[cut...]] {
            for event in try parser.parse(piece) { deltas += try accumulator.read(event) }
        }
    }
    return (try accumulator.finish(isStream: true), deltas)
}

/// The error that reading throws; nil when it throws none.
func fault(_ body: () throws -> some Any) -> ProviderFault? {
    do {
        _ = try body()
        return nil
    } catch let error as ProviderError {
        return error.fault
    } catch {
        Issue.record("\(error) is no ProviderError")
        return nil
    }
}

/// A conversation with everything in it: system, image, a tool called and answered.
var richRequest: ChatRequest {
    var request = ChatRequest(
        model: "m",
        messages: [
            ChatMessage(.system, "Be brief."),
            ChatMessage(.user, [.text("What is it?"), .image(.base64(mediaType: "image/png", data: "AAAA"))]),
            ChatMessage(.assistant, [.text("Let me look."), .toolCall(ToolCall(id: "c1", name: "look", arguments: #"{"at":1}"#))]),
            ChatMessage(.tool, [.toolResult(ToolResult(callID: "c1", content: "a cat"))]),
        ])
    request.tools = [ToolDefinition(name: "look", description: "Looks.", parameters: .object([]))]
    request.toolChoice = .tool("look")
    return request
}
