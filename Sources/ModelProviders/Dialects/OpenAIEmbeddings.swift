/// OpenAI's embeddings: asked for as base64 of little-endian floats, a third of the bytes that decimal numbers take; read either way.

import ByteCoding

enum OpenAIEmbeddings {
    static func encode(_ request: EmbeddingRequest) throws(ProviderError) -> WireRequest {
        let body = JSONValue.members(
            ("model", .string(request.model)), ("input", .array(request.inputs.map { .string($0) })),
            ("dimensions", .integer(request.dimensionCount)), ("encoding_format", .string("base64")))
        return WireRequest(path: "/embeddings", body: try body.bytes(merging: request.extra))
    }

    static func read(_ scanner: inout JSONScanner, into answer: inout PartialEmbeddings) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "data") {
                guard try scanner.entersArray() else { continue }
                while try scanner.nextElement() { try readEmbedding(&scanner, into: &answer) }
            } else if scanner.matches(key, "model") {
                answer.model = try scanner.text()
            } else if scanner.matches(key, "usage") {
                if let usage = try OpenAIUsage.read(&scanner) {
                    answer.usage = usage.tokens
                    answer.cost = usage.cost
                }
            } else if scanner.matches(key, "error") {
                answer.failure = try ProviderErrorBody.readError(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
    }

    private static func readEmbedding(_ scanner: inout JSONScanner, into answer: inout PartialEmbeddings) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        var row: [Float] = []
        var index: Int?
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "index") {
                index = try scanner.integer().flatMap { Int(exactly: $0) }
            } else if scanner.matches(key, "embedding") {
                row = try scanner.peek() == .string ? floats(try scanner.string(), scanner) : try PartialEmbeddings.numbers(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
        answer.add(row, at: index)
    }

    /// Empty when the text is no base64 of whole floats.
    private static func floats(_ text: JSONString, _ scanner: JSONScanner) -> [Float] {
        let decoded = text.hasEscapes ? Base64.decode(scanner.text(of: text)) : Base64.decode(scanner.raw(text))
        guard let bytes = decoded, bytes.count % 4 == 0, bytes.count / 4 <= ModelProvidersLimits.embeddingDimensionCount else { return [] }
        return bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { place in
                // Bounds: `place * 4 + 4 <= bytes.count`.
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)))
            }
        }
    }
}
