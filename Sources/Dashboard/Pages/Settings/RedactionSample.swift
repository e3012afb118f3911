/// What the redaction page tries rules on, and the patterns that come with Spandrel.

import ByteCoding

enum RedactionSample {
    static let builtins = [
        ("email", "e-mail addresses"), ("card", "card numbers"), ("phone", "phone numbers"), ("ip", "IP addresses"),
        ("api_key", "API keys and tokens"),
    ]

    /// A span in OTLP's JSON, with something of what people would keep out.
    static let span = JSONValue.object([
        JSONMember(key: "name", value: .string("chat")),
        JSONMember(
            key: "attributes",
            value: .array([
                attribute("user.id", "ada@example.com"), attribute("note", "card 4111 1111 1111 1111, call +49 30 901820"),
                attribute("gen_ai.prompt", "My address is ada@example.com and my server is 192.0.2.7."),
            ])),
    ])

    private static func attribute(_ key: String, _ text: String) -> JSONValue {
        .object([
            JSONMember(key: "key", value: .string(key)),
            JSONMember(key: "value", value: .object([JSONMember(key: "stringValue", value: .string(text))])),
        ])
    }
}
