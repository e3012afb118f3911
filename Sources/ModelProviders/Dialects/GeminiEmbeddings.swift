/// Gemini's embeddings: one request of the batch for each text, as its own SDK sends even a single one.

import ByteCoding
import GenAIConventions

enum GeminiEmbeddings {
    static func encode(_ request: EmbeddingRequest) throws(ProviderError) -> WireRequest {
        let model = GeminiRequest.modelPath(request.model)
        let requests = request.inputs.map { text -> JSONValue in
            .members(
                ("model", .string(model)), ("content", .members(("parts", .array([.members(("text", .string(text)))])))),
                ("outputDimensionality", .integer(request.dimensionCount)))
        }
        let body = JSONValue.members(("requests", .array(requests)))
        return WireRequest(
            path: "/\(model):batchEmbedContents", version: GeminiRequest.version, keyHeader: .google,
            body: try body.bytes(merging: request.extra))
    }

    static func read(_ scanner: inout JSONScanner, into answer: inout PartialEmbeddings) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "embeddings") {
                guard try scanner.entersArray() else { continue }
                while try scanner.nextElement() { answer.add(try readValues(&scanner), at: nil) }
            } else if scanner.matches(key, "usageMetadata") {
                guard try scanner.entersObject() else { continue }
                while let key = try scanner.nextKey() {
                    if scanner.matches(key, "promptTokenCount") {
                        answer.usage = try scanner.integer().map { TokenUsage(input: $0) }
                    } else {
                        try scanner.skipValue()
                    }
                }
            } else if scanner.matches(key, "error") {
                answer.failure = try ProviderErrorBody.readError(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
    }

    private static func readValues(_ scanner: inout JSONScanner) throws(JSONError) -> [Float] {
        var row: [Float] = []
        guard try scanner.entersObject() else { return row }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "values") { row = try PartialEmbeddings.numbers(&scanner) } else { try scanner.skipValue() }
        }
        return row
    }
}
