import ByteCoding
import GenAIConventions
import ModelProviders
import Testing

@Suite("Embeddings")
struct EmbeddingTests {
    private func base64(_ row: [Float]) -> String {
        Base64.text(row.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } })
    }

    @Test("are asked for in the words of the dialect")
    func requests() throws {
        let request = EmbeddingRequest(model: "m", inputs: ["a", "b"], dimensionCount: 3)
        let openAI = try ProviderDialect.openAIResponses.wireRequest(for: request)
        #expect(openAI.path == "/embeddings")
        #expect(
            String(decoding: openAI.body, as: UTF8.self) == #"{"model":"m","input":["a","b"],"dimensions":3,"encoding_format":"base64"}"#)
        let gemini = try ProviderDialect.gemini.wireRequest(for: request)
        #expect(gemini.path == "/models/m:batchEmbedContents")
        #expect(
            String(decoding: gemini.body, as: UTF8.self)
                == #"{"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]},"outputDimensionality":3},"#
                + #"{"model":"models/m","content":{"parts":[{"text":"b"}]},"outputDimensionality":3}]}"#)
        #expect(fault { try ProviderDialect.gemini.wireRequest(for: EmbeddingRequest(model: "m", inputs: [])) }?.kind == .invalid)
    }

    @Test("are read as base64 or numbers and put in order")
    func openAI() throws {
        let body =
            #"{"object":"list","model":"m-1","data":[{"index":1,"embedding":[0.5,-2]},{"embedding":"\#(base64([1, 0.25]))","index":0}],"#
            + #""usage":{"prompt_tokens":4,"total_tokens":4}}"#
        let response = try ProviderDialect.openAIChat.embeddings(from: Array(body.utf8), inputCount: 2)
        #expect(response.embeddings.values == [1, 0.25, 0.5, -2] && response.embeddings.dimensionCount == 2)
        #expect(Array(response.embeddings[1]) == [0.5, -2])
        #expect(response.usage == TokenUsage(input: 4) && response.model == "m-1")
    }

    @Test("of Gemini come in the order of the texts")
    func gemini() throws {
        let body = #"{"embeddings":[{"values":[1e0,2]},{"values":[3,4]}],"usageMetadata":{"promptTokenCount":9}}"#
        let response = try ProviderDialect.gemini.embeddings(from: Array(body.utf8), inputCount: 2)
        #expect(response.embeddings.values == [1, 2, 3, 4] && response.usage == TokenUsage(input: 9))
    }

    @Test(
        "that are not one finite vector of one length for each input are no answer",
        arguments: [
            #"{"data":[{"index":0,"embedding":[1]}]}"#, #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#,
            #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]}"#, #"{"data":[{"embedding":[1]},{"embedding":[]}]}"#,
            #"{"data":[{"embedding":[1]},{"embedding":"AAA"}]}"#, #"{"data":[{"embedding":[1]},{"embedding":[null]}]}"#,
            #"{"data":[{"embedding":[1]},{"embedding":[1e300]}]}"#, #"{"data":[{"embedding":"AADAfw=="},{"embedding":[1]}]}"#, "{}",
        ])
    func broken(body: String) {
        #expect(fault { try ProviderDialect.openAIChat.embeddings(from: Array(body.utf8), inputCount: 2) }?.kind == .invalid)
    }

    @Test("cut short may come whole the next time; an error within is the provider's")
    func faults() {
        #expect(fault { try ProviderDialect.openAIChat.embeddings(from: Array(#"{"data":[{"#.utf8), inputCount: 1) }?.kind == .retryable)
        let error = #"{"error":{"code":401,"status":"UNAUTHENTICATED"}}"#
        #expect(fault { try ProviderDialect.gemini.embeddings(from: Array(error.utf8), inputCount: 1) }?.kind == .auth)
    }
}
