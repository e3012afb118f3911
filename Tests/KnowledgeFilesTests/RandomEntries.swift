import ByteCoding
import KnowledgeModel
import SeededRandom

/// Entries of every kind with whatever an entry may say, the awkward above all.
struct RandomEntries {
    var random: SeededGenerator

    private static let pieces = [
        "a", "Refunds", "---", "...", "# h", "é", "e\u{301}", "ﬁ", "🙂", "\u{feff}", "\u{200b}", "\u{202e}", "0", "1e5", "null", "true",
        "no", "~", "=",
        "<<", ":", ": ", " #", "- ", "? ", "'", "\"", "\\", "|", ">", "{", "}", "[", "]", ",", "&a", "*a", "!t", "%", "@", "`", "\u{ffff}",
    ]

    mutating func word(_ range: ClosedRange<Int> = 1...4, more: [String] = []) -> String {
        var text = ""
        for _ in 0..<Int.random(in: range, using: &random) { text += (Self.pieces + more).randomElement(using: &random)! }
        return text
    }

    mutating func prose() -> String {
        word(0...9, more: ["\n", "\n\n", "\n---\n", "\n...\n", "  ", "\t", "\u{1}", "\u{85}", "\u{2028}", "```\n", "\n  x", " \n"])
    }

    mutating func list<T>(_ range: ClosedRange<Int>, _ element: (inout RandomEntries) -> T) -> [T] {
        (0..<Int.random(in: range, using: &random)).map { _ in element(&self) }
    }

    mutating func value(_ depth: Int = 3) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer([0, -1, 7, .max, .min].randomElement(using: &random)!)
        case 3: return .double([0.5, -0.25, 1e300, Double.leastNonzeroMagnitude, 1e22, 123456789.125].randomElement(using: &random)!)
        case 4, 5: return .string(prose())
        case 6: return .array(list(0...3) { $0.value(depth - 1) })
        default: return object(depth)
        }
    }

    mutating func object(_ depth: Int) -> JSONValue {
        // Keys that look the same are one to JSON's readers here.
        var members: [String: JSONValue] = [:]
        for key in list(0...4, { $0.word(0...4, more: ["\n", String(repeating: "k", count: 1100)]) }) { members[key] = value(depth - 1) }
        return .object(members.map { JSONMember(key: $0.key, value: $0.value) })
    }

    mutating func key() -> String {
        while true {
            let key = list(1...3) {
                $0.word(1...3, more: ["con", "COM1.x", "a.md", "b.yaml", ".git", " ", String(repeating: "l", count: 90)])
            }
            .joined(separator: "/")
            if KnowledgeEntry.problem(ofKey: key) == nil { return key }
        }
    }

    mutating func body() -> KnowledgeBody {
        switch KnowledgeKind.allCases.randomElement(using: &random)! {
        case .article: return .article(Article(markdown: prose()))
        case .operation:
            var details: [JSONMember] = []
            if random.chance(50) { details.append(JSONMember(key: "parameters", value: .array(list(0...2) { $0.value() }))) }
            if random.chance(50) { details.append(JSONMember(key: "responses", value: object(4))) }
            if random.chance(30) { details.append(JSONMember(key: "components", value: object(5))) }
            return .operation(
                APIOperation(
                    method: ["GET", "X-Y"].randomElement(using: &random)!, path: word(), operationID: random.chance(50) ? word() : nil,
                    document: random.chance(50) ? word() : nil, summary: prose(), description: prose(), isDeprecated: random.chance(50),
                    details: .object(details)))
        case .table:
            let columns = list(1...4) { entries in
                TableDescription.Column(
                    name: entries.word(), type: entries.word(0...3), isNullable: entries.random.chance(50),
                    defaultValue: entries.random.chance(50) ? entries.word() : nil, description: entries.prose())
            }
            let name = columns[0].name
            return .table(
                TableDescription(
                    schema: random.chance(50) ? word() : nil, name: word(), description: prose(), columns: columns,
                    primaryKey: random.chance(50) ? [name] : [], uniqueKeys: random.chance(50) ? [[name]] : [],
                    foreignKeys: random.chance(50)
                        ? [.init(columns: [name], table: word(), references: random.chance(50) ? ["x"] : [])] : []))
        }
    }

    /// As the server would keep it.
    mutating func entry() -> KnowledgeEntry {
        while true {
            let content = KnowledgeContent(title: word(), tags: list(0...3) { $0.word() }, body: body())
            // A column's name may stand twice, a text may be of control characters: the server refuses those.
            if let valid = try? content.validated() { return KnowledgeEntry(key: key(), content: valid) }
        }
    }
}
