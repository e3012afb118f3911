/// `GET /v1/models`: any name is a model here; the list shows a few.

import ByteCoding

enum ModelLists {
    /// A model with this name does not exist.
    static let missing = "no-such-model"
    private static let names = ["stand-in", "stand-in-judge", "stand-in-embedding"]
    private static let created = 1_700_000_000

    static func list(_ dialect: Dialect) -> JSONValue {
        let models = JSONValue.array(names.map { model($0, dialect) })
        switch dialect {
        case .anthropic: return ["data": models, "has_more": false, "first_id": .string(names[0]), "last_id": .text(names.last)]
        case .gemini: return ["models": models]
        default: return ["object": "list", "data": models]
        }
    }

    static func model(_ name: String, _ dialect: Dialect) -> JSONValue {
        switch dialect {
        case .anthropic:
            [
                "type": "model", "id": .string(name), "display_name": .string(name), "created_at": .string(UTCTime.text(created)),
                "lifecycle": "active", "max_input_tokens": 1_000_000, "max_tokens": 128_000,
            ]
        case .gemini:
            [
                "name": .string("models/" + name), "version": "1", "displayName": .string(name), "inputTokenLimit": 1_000_000,
                "outputTokenLimit": 128_000,
                "supportedGenerationMethods": ["generateContent", "countTokens", "embedContent", "batchEmbedContents"],
            ]
        default: ["id": .string(name), "object": "model", "created": .count(created), "owned_by": "stand-in"]
        }
    }

    static func missing(_ name: String, _ dialect: Dialect) -> Refusal {
        var refusal = Refusal(
            404,
            dialect == .anthropic
                ? "model: \(name)"
                : dialect == .gemini
                    ? "models/\(name) is not found for API version v1, or is not supported for generateContent."
                    : "The model `\(name)` does not exist or you do not have access to it.", code: "model_not_found")
        refusal.parameter = dialect.isOpenAIShaped ? "model" : nil
        return refusal
    }
}
