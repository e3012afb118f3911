/// One spelling per provider: OpenTelemetry's value of `gen_ai.provider.name` where it has one. Names that are missing
/// here stay as they were sent.
package enum ProviderNames {
    /// Canonical name and the other spellings, compared without regard to case.
    package static let spellings: [(canonical: String, others: [String])] = [
        ("openai", ["open_ai"]),
        ("anthropic", []),
        ("gcp.gemini", ["google", "gemini", "google_genai", "google-genai", "google_ai", "google_generativeai", "google.generative-ai"]),
        ("gcp.vertex_ai", ["vertex", "vertexai", "vertex_ai", "google_vertexai", "google_vertex", "google-vertex", "google.vertex"]),
        ("gcp.gen_ai", ["gcp"]),
        ("azure.ai.openai", ["azure", "az.ai.openai", "azure_openai", "azure-openai", "azureopenai", "azure.openai"]),
        ("azure.ai.inference", ["az.ai.inference", "azure_ai", "azure_ai_inference", "azure-ai-inference"]),
        ("aws.bedrock", ["aws", "bedrock", "aws_bedrock", "amazon_bedrock", "amazon-bedrock", "bedrock_converse"]),
        ("cohere", ["cohere_chat"]),
        ("deepseek", ["deepseek-ai", "deepseek_ai"]),
        ("groq", []),
        ("ibm.watsonx.ai", ["watsonx", "watsonx.ai", "ibm"]),
        ("mistral_ai", ["mistral", "mistralai", "mistral-ai"]),
        ("moonshot_ai", ["moonshot", "moonshotai"]),
        ("perplexity", ["perplexity_ai", "perplexityai"]),
        ("x_ai", ["xai", "x.ai", "x-ai"]),
    ]

    static let canonicalNames: [[UInt8]] = spellings.map { Array($0.canonical.utf8) }

    /// Every spelling -> place in `canonicalNames`.
    static let table = NameTable(
        spellings.enumerated().flatMap { index, entry in
            ([entry.canonical] + entry.others).map { ($0, UInt16(index)) }
        }, ignoringCase: true)
}
