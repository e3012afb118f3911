/// Who calls: each provider's own header, and which keys are bad. Any key is good but one that begins with `invalid`.

enum Credentials {
    /// - Throws: `Refusal` for a key that is missing or bad.
    /// - Returns: the key; nil where none is needed and none was given.
    static func check(_ call: HTTPCall, _ dialect: Dialect) throws -> String? {
        guard let key = key(call, dialect) else {
            switch dialect {
            case .compatible: return nil
            case .anthropic: throw Refusal(401, "x-api-key header is required")
            case .gemini:
                throw Refusal(401, "Method doesn't allow unregistered callers. Please use API Key.", reason: "CREDENTIALS_MISSING")
            default: throw Refusal(401, "You didn't provide an API key.")
            }
        }
        guard key.hasPrefix("invalid") else { return key }
        switch dialect {
        case .anthropic: throw Refusal(401, "invalid x-api-key")
        // Gemini calls it a bad request.
        case .gemini: throw Refusal(400, "API key not valid. Please pass a valid API key.", reason: "API_KEY_INVALID")
        // So does xAI.
        case .xAI: throw Refusal(400, "Incorrect API key provided: in***id. You can obtain an API key from https://console.x.ai.")
        default: throw Refusal(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
    }

    static func key(_ call: HTTPCall, _ dialect: Dialect) -> String? {
        switch dialect {
        case .anthropic: call.header("x-api-key") ?? bearer(call)
        case .gemini: call.header("x-goog-api-key") ?? call.query["key"]
        default: bearer(call)
        }
    }

    private static func bearer(_ call: HTTPCall) -> String? {
        guard let value = call.header("authorization"), value.lowercased().hasPrefix("bearer ") else { return nil }
        let key = value.dropFirst(7)
        return key.isEmpty ? nil : String(key)
    }
}
