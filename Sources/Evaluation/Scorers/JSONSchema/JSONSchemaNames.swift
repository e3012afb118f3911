import ByteCoding
import EvaluationModel

/// The names by which places of a schema document are referred to: `$id`, `$anchor`, `$dynamicAnchor`, and JSON pointers (RFC 6901).
struct JSONSchemaNames: Sendable {
    /// Places of the schemas with an `$id`, by absolute URI.
    private var resources: [String: String] = [:]
    /// Places by URI of the resource and anchor: `https://example.com/a#name`.
    private var anchors: [String: String] = [:]
    private var basesByPlace: [String: String] = [:]
    private(set) var rootBase = ""

    init() {}

    init(of document: JSONValue) throws(ScoreError) {
        resources[""] = ""
        var count = 0
        try collect(document, "", base: "", depth: 0, &count)
        rootBase = basesByPlace[""] ?? ""
    }

    /// Keywords whose value is data, not schemas.
    private static let data: Set<String> = ["const", "enum", "default", "examples", "required", "dependentRequired"]
    /// Keywords whose members' names are not keywords.
    private static let maps: Set<String> = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]

    private mutating func collect(_ value: JSONValue, _ place: String, base: String, depth: Int, _ count: inout Int) throws(ScoreError) {
        count += 1
        guard depth < EvaluationLimits.maximumSchemaDepth, count < 10 * EvaluationLimits.maximumSchemaNodeCount else {
            throw JSONSchemaCompiler.invalid("", "it is too large or nests too deeply")
        }
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                try collect(element, "\(place)/\(index)", base: base, depth: depth + 1, &count)
            }
        case .object(let members):
            var base = base
            if let id = value["$id"]?.stringValue {
                base = Self.resolve(id, base)
                if base.hasSuffix("#") { base.removeLast() }
                resources[base] = place
                basesByPlace[place] = base
            }
            for keyword in ["$anchor", "$dynamicAnchor"] {
                if let name = value[keyword]?.stringValue, anchors["\(base)#\(name)"] == nil { anchors["\(base)#\(name)"] = place }
            }
            for member in members where !Self.data.contains(member.key) {
                let place = "\(place)/\(Self.escaped(member.key))"
                if Self.maps.contains(member.key), case .object(let schemas) = member.value {
                    for schema in schemas {
                        try collect(schema.value, "\(place)/\(Self.escaped(schema.key))", base: base, depth: depth + 1, &count)
                    }
                } else {
                    try collect(member.value, place, base: base, depth: depth + 1, &count)
                }
            }
        default: break
        }
    }

    /// The `$id` declared right at a place.
    func base(at place: String) -> String? { basesByPlace[place] }

    /// The `$id` that holds above a place.
    func base(above place: String) -> String? {
        var place = place[...]
        while let slash = place.lastIndex(of: "/") {
            place = place[..<slash]
            if let base = basesByPlace[String(place)] { return base }
        }
        return nil
    }

    /// Where a reference leads, and the base that holds there; nil when out of the document.
    func place(of reference: String, base: String) -> (place: String, base: String)? {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let uri = parts[0].isEmpty ? base : Self.resolve(String(parts[0]), base)
        let fragment = parts.count > 1 ? Self.percentDecoded(String(parts[1])) : ""
        guard let resource = resources[uri] else { return nil }
        if fragment.isEmpty { return (resource, uri) }
        if fragment.hasPrefix("/") { return (resource + fragment, uri) }
        return anchors["\(uri)#\(fragment)"].map { ($0, uri) }
    }

    /// A reference against a base, as far as identifiers of schemas need it (RFC 3986 without dot segments).
    static func resolve(_ reference: String, _ base: String) -> String {
        func hasScheme(_ text: String) -> Bool {
            guard let colon = text.firstIndex(of: ":"), let first = text.utf8.first else { return false }
            return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) && !text[..<colon].contains("/")
        }
        if hasScheme(reference) || base.isEmpty { return reference }
        if reference.hasPrefix("/") {
            guard let scheme = base.firstRange(of: "://") else { return reference }
            return base[..<(base[scheme.upperBound...].firstIndex(of: "/") ?? base.endIndex)] + reference
        }
        guard let slash = base.lastIndex(of: "/") else { return reference }
        return base[...slash] + reference
    }

    static func escaped(_ key: String) -> String {
        key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") })
            ? key.replacing("~", with: "~0").replacing("/", with: "~1") : key
    }

    /// The value a JSON pointer leads to.
    static func value(at pointer: String, in document: JSONValue) -> JSONValue? {
        var value = document
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let key = step.contains("~") ? String(step).replacing("~1", with: "/").replacing("~0", with: "~") : String(step)
            switch value {
            case .object:
                guard let next = value[key] else { return nil }
                value = next
            case .array(let elements):
                guard let index = Int(key), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    private static func percentDecoded(_ text: String) -> String {
        guard text.contains("%") else { return text }
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let byte = UInt8(String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
