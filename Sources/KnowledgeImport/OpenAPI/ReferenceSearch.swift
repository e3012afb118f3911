/// Where references lead: to which part of the document, under which name, or why to none. Each is looked for once.

import ByteCoding

struct ReferenceSearch {
    enum Finding {
        /// An index of `found`.
        case target(Int)
        /// For people.
        case problem(String)
    }

    struct Found {
        let pointer: JSONPointer
        let kind: OpenAPIKind
        /// Of a schema, no other's; else empty.
        let name: String
        let value: JSONValue
    }

    private let root: JSONValue
    /// In the order they were met, each part once for each kind that it was referred to as.
    private(set) var found: [Found] = []
    private var findings: [String: Finding] = [:]
    private var indexes: [String: Int] = [:]
    /// How many targets have got a name.
    private var nameCounts: [String: Int] = [:]
    /// Members of large objects by key: where, by the pointer to the object.
    private var members: [String: [String: JSONValue]] = [:]

    init(root: JSONValue) { self.root = root }

    /// - Parameters:
    ///   - text: what stands at `$ref`.
    ///   - kind: what the reference stands in the place of.
    mutating func finding(_ text: String, _ kind: OpenAPIKind) -> Finding {
        let key = "\(kind.name) \(text)"
        if let finding = findings[key] { return finding }
        let finding = look(text, kind)
        findings[key] = finding
        return finding
    }

    private mutating func look(_ text: String, _ kind: OpenAPIKind) -> Finding {
        let shown = ImportedText.heading(text, maximumByteCount: 256)
        guard text.utf8.first == UInt8(ascii: "#") else {
            return .problem("the reference leads to another document (\(shown)); only what is in this one is read")
        }
        guard let pointer = JSONPointer(fragment: text.dropFirst()), !pointer.tokens.isEmpty else {
            return .problem("the reference \(shown) is no pointer to a part of the document, such as #/components/schemas/Pet")
        }
        guard let value = value(at: pointer) else { return .problem("the document has nothing at \(shown)") }
        switch (value, kind) {
        case (.object, _), (.bool, .schema): break
        default: return .problem("what stands at \(shown) is not \(kind.name)")
        }
        let key = "\(kind.name) \(pointer)"
        if let index = indexes[key] { return .target(index) }
        indexes[key] = found.count
        let name = kind == .schema ? makeName(pointer.tokens.last ?? "") : ""
        found.append(Found(pointer: pointer, kind: kind, name: name, value: value))
        return .target(found.count - 1)
    }

    /// nil: the document has nothing there.
    mutating func value(at pointer: JSONPointer) -> JSONValue? {
        var value = root
        var prefix = ""
        for token in pointer.tokens {
            switch value {
            case .object(let members):
                if members.count > 16 {
                    if self.members[prefix] == nil {
                        self.members[prefix] = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
                    }
                    guard let found = self.members[prefix]?[token] else { return nil }
                    value = found
                } else {
                    guard let found = members.first(where: { $0.key == token }) else { return nil }
                    value = found.value
                }
            case .array(let elements):
                guard let index = Int(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
            prefix += "/" + JSONPointer.escaped(token)
        }
        return value
    }

    /// As OpenAPI 3.1 allows names, none given twice.
    private mutating func makeName(_ token: String) -> String {
        var bytes = token.utf8.prefix(200).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                byte
            default: UInt8(ascii: "_")
            }
        }
        if bytes.isEmpty { bytes = Array("Schema".utf8) }
        let wanted = String(decoding: bytes, as: UTF8.self)
        var name = wanted
        while nameCounts[name] != nil {
            nameCounts[wanted, default: 1] += 1
            name = "\(wanted)_\(nameCounts[wanted, default: 1])"
        }
        nameCounts[name] = 1
        return name
    }
}
