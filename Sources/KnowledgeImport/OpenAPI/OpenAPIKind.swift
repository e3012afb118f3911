/// What the parts of an operation are, as far as references and schemas stand in them: only where OpenAPI expects one is `$ref` a
/// reference, and not in an example or a default that happens to have such a member.

import ByteCoding

indirect enum OpenAPIKind: Equatable, Sendable {
    /// Anything else: taken as it is.
    case plain
    case list(OpenAPIKind)
    case map(OpenAPIKind)
    case schema, parameter, requestBody, response, header, mediaType, encoding, example, link, securityScheme
    /// What `APIOperation.details` is.
    case details

    /// What a member of a part of this kind is.
    func member(_ key: String) -> OpenAPIKind {
        switch self {
        case .plain, .example, .link, .securityScheme: .plain
        case .list: .plain
        case .map(let kind): kind
        case .schema: Self.schemaMembers[key] ?? .plain
        case .parameter, .header:
            switch key {
            case "schema": .schema
            case "content": .map(.mediaType)
            case "examples": .map(.example)
            default: .plain
            }
        case .requestBody: key == "content" ? .map(.mediaType) : .plain
        case .response:
            switch key {
            case "headers": .map(.header)
            case "content": .map(.mediaType)
            case "links": .map(.link)
            default: .plain
            }
        case .mediaType:
            switch key {
            case "schema": .schema
            case "examples": .map(.example)
            case "encoding": .map(.encoding)
            default: .plain
            }
        case .encoding: key == "headers" ? .map(.header) : .plain
        case .details:
            switch key {
            case "parameters": .list(.parameter)
            case "requestBody": .requestBody
            case "responses": .map(.response)
            case "components": .map(.map(.securityScheme))
            default: .plain
            }
        }
    }

    private static let schemaMembers: [String: OpenAPIKind] = {
        var members: [String: OpenAPIKind] = [:]
        for key in ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"] { members[key] = .map(.schema) }
        for key in ["allOf", "anyOf", "oneOf", "prefixItems"] { members[key] = .list(.schema) }
        for key in [
            "items", "additionalItems", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
            "unevaluatedItems", "unevaluatedProperties", "contentSchema",
        ] { members[key] = .schema }
        return members
    }()

    /// Whether `{"$ref": ...}` may stand in its place.
    var isReferable: Bool {
        switch self {
        case .plain, .list, .map, .mediaType, .encoding, .details: false
        default: true
        }
    }

    /// What a person calls it.
    var name: String {
        switch self {
        case .plain, .details: "a value"
        case .list: "a list"
        case .map: "an object"
        case .schema: "a schema"
        case .parameter: "a parameter"
        case .requestBody: "a request body"
        case .response: "a response"
        case .header: "a header"
        case .mediaType: "a media type"
        case .encoding: "an encoding"
        case .example: "an example"
        case .link: "a link"
        case .securityScheme: "a security scheme"
        }
    }

    /// What stands where a reference leads nowhere: valid in its place, and says so to whoever reads it.
    func placeholder(for reference: String) -> JSONValue {
        let note = JSONMember(key: "description", value: .string("(the reference \(reference) could not be resolved)"))
        return switch self {
        case .requestBody: .object([note, JSONMember(key: "content", value: .object([]))])
        case .header: .object([note, JSONMember(key: "schema", value: .object([]))])
        case .securityScheme: .object([note, JSONMember(key: "type", value: .string("mutualTLS"))])
        default: .object([note])
        }
    }
}
