/// Credentials for providers of models. The API never answers a secret.

import ByteCoding

enum ProvidersContent {
    static let names = [
        "openai": "OpenAI", "anthropic": "Anthropic", "gemini": "Google Gemini", "xai": "xAI",
        "openai_compatible": "compatible with OpenAI",
    ]

    static func set(_ credentials: [JSONValue], mayChange: Bool, in context: inout PageContext) {
        context.set("has_credentials", !credentials.isEmpty)
        context.set(
            "credentials",
            credentials.map { credential in
                .make {
                    $0.set("id", credential.text("id"))
                    $0.set("provider_text", names[credential.text("provider")] ?? credential.text("provider"))
                    $0.set("name", credential.text("name"))
                    $0.set("base_url", credential.text("base_url"))
                    $0.setTime("updated", credential.text("updated_at"))
                    $0.set("can_change", mayChange)
                }
            })
    }
}
