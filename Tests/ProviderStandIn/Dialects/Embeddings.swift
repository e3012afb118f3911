/// Embeddings in OpenAI's and Gemini's shapes.

import ByteCoding

/// The texts to embed, and in which shape.
struct EmbeddingRequest {
    enum Shape: Equatable { case base64, floats, geminiOne, geminiBatch }

    var modelName: String
    var texts: [String] = []
    var dimensions: [Int] = []
    var shape: Shape

    private static let maximumInputCount = 2048

    /// The body of `POST /v1/embeddings`.
    static func openAI(_ fields: RequestFields) throws -> EmbeddingRequest {
        try fields.onlyKnown(["input", "model", "dimensions", "encoding_format", "user"])
        var request = EmbeddingRequest(modelName: try fields.requiredString("model"), shape: .floats)
        if try fields.choice("encoding_format", ["float", "base64"]) == "base64" { request.shape = .base64 }
        let input = try fields.require("input")
        if let text = input.stringValue {
            request.texts = [text]
        } else if let texts = input.arrayValue, !texts.isEmpty, texts.allSatisfy({ $0.stringValue != nil }) {
            request.texts = texts.compactMap(\.stringValue)
        } else {
            throw fields.wrongKind("input", "a string or an array of strings")
        }
        guard request.texts.count <= maximumInputCount, !request.texts.contains(where: \.isEmpty) else {
            throw Refusal.invalid("'$.input' is invalid: from 1 to \(maximumInputCount) strings that are not empty.", at: "input")
        }
        let dimension = try dimension(fields, "dimensions")
        request.dimensions = request.texts.map { _ in dimension }
        return request
    }

    /// The body of `embedContent`, or with `isBatch` of `batchEmbedContents`.
    static func gemini(_ fields: RequestFields, model: String, isBatch: Bool) throws -> EmbeddingRequest {
        var request = EmbeddingRequest(modelName: model, shape: isBatch ? .geminiBatch : .geminiOne)
        guard isBatch else {
            try request.add(fields)
            return request
        }
        try fields.onlyKnown(["requests"])
        for (index, element) in try fields.requiredArray("requests").enumerated() {
            try request.add(RequestFields(element, path: "requests[\(index)]", dialect: .gemini))
        }
        return request
    }

    private mutating func add(_ fields: RequestFields) throws {
        try fields.onlyKnown(["model", "content", "taskType", "title", "outputDimensionality", "embedContentConfig"])
        let content = try RequestFields(fields.require("content"), path: fields.place("content"), dialect: .gemini)
        texts.append(try content.requiredArray("parts").compactMap { $0["text"]?.stringValue }.joined(separator: "\n"))
        dimensions.append(try Self.dimension(fields.object("embedContentConfig") ?? fields, "outputDimensionality"))
    }

    private static func dimension(_ fields: RequestFields, _ name: String) throws -> Int {
        try fields.integer(name, in: 1...Int64(NGramVector.maximumDimension)) ?? NGramVector.defaultDimension
    }
}

enum EmbeddingAnswer {
    static func body(_ request: EmbeddingRequest, texts: [String]) -> JSONValue {
        let vectors = zip(texts, request.dimensions).map { NGramVector.vector(of: $0.0, dimension: $0.1) }
        let tokens = JSONValue.count(texts.reduce(0) { $0 + max(1, TokenCount.of($1)) })
        switch request.shape {
        case .geminiOne: return ["embedding": values(vectors[0])]
        case .geminiBatch: return ["embeddings": .array(vectors.map(values))]
        case .floats, .base64:
            let data = vectors.enumerated().map { index, vector -> JSONValue in
                let embedding = request.shape == .base64 ? JSONValue.string(base64(vector)) : .array(vector.map { .double(Double($0)) })
                return ["object": "embedding", "index": .count(index), "embedding": embedding]
            }
            return [
                "object": "list", "data": .array(data), "model": .string(request.modelName),
                "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
            ]
        }
    }

    private static func values(_ vector: [Float]) -> JSONValue { ["values": .array(vector.map { .double(Double($0)) })] }

    /// Little-endian 32-bit floats.
    private static func base64(_ vector: [Float]) -> String {
        Base64.text(vector.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) } })
    }
}
