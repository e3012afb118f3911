/// The bytes of an OpenAPI document as a JSON value, from JSON or YAML, and where its parts stand in the text.

import ByteCoding
import YAML

struct DocumentSource {
    private enum Form {
        case json(ArraySlice<UInt8>)
        case yaml(YAMLDocument)
    }

    /// No key stands twice in any object of it: of equal ones the first is kept.
    let root: JSONValue
    let repeatedKeys: [ImportProblem]
    private let form: Form

    init(_ bytes: [UInt8]) throws(KnowledgeImportError) {
        let text = try ImportedText.checked(bytes, maximumByteCount: KnowledgeImportLimits.maximumDocumentByteCount)
        let first = text.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
        guard let first else { throw KnowledgeImportError("the document is empty") }
        var failure: KnowledgeImportError?
        if first == UInt8(ascii: "{") {
            do {
                let value = try text.withUnsafeBufferPointer { buffer throws(JSONError) in
                    try JSONValue.parse(UnsafeRawBufferPointer(buffer), maximumDepth: KnowledgeImportLimits.maximumJSONDepth)
                }
                var repeated = RepeatedKeys()
                root = repeated.removed(from: value)
                form = .json(text)
                let places = JSONPlaces.positions(of: repeated.found.map(\.pointer.tokens), in: text)
                repeatedKeys = zip(repeated.found, places).map { found, position in
                    let place = ImportPlace(pointer: found.pointer.description, line: position.line, column: position.column)
                    return found.isOtherForm
                        ? ImportProblem(at: place, "this key \(Self.otherForm)")
                        : ImportProblem(.warning, at: place, "this key stands more than once in its object; the first counts")
                }
                return
            } catch {
                failure = KnowledgeImportError(
                    at: ImportPlace(JSONPlaces.position(ofByte: error.byteOffset, in: text)), "not JSON: \(error.message)")
            }
        }
        do {
            let document = try YAMLDocument(
                Array(text), mergesKeys: true, keepsFirstOfKeys: true, maximumByteCount: KnowledgeImportLimits.maximumDocumentByteCount,
                maximumNodeCount: KnowledgeImportLimits.maximumYAMLNodeCount)
            root = document.value
            form = .yaml(document)
            repeatedKeys = document.repeatedKeys.map { key in
                let name = ImportedText.heading(key.key, maximumByteCount: 64), place = ImportPlace(key.position)
                return key.isOtherForm
                    ? ImportProblem(at: place, "the key '\(name)', like line \(key.firstLine)'s, \(Self.otherForm)")
                    : ImportProblem(.warning, at: place, "the key '\(name)' stood in line \(key.firstLine) already; the first counts")
            }
        } catch {
            // What begins as JSON and is no YAML either was meant as JSON.
            throw failure ?? KnowledgeImportError(at: ImportPlace(error.position), "not YAML: \(error.message)")
        }
    }

    /// What looks the same would be taken for a repetition by whoever reads of it, and is none: something is left out.
    private static let otherForm = "differs from an earlier one in its Unicode normal form alone; the first counts, and this was left out"

    /// Where values stand; for one that is not there, its nearest container.
    func positions(of pointers: [JSONPointer]) -> [YAMLPosition] {
        switch form {
        case .json(let text): JSONPlaces.positions(of: pointers.map(\.tokens), in: text)
        case .yaml(let document): pointers.map { document.position(of: $0.steps(in: root)) }
        }
    }
}

/// Finds keys that stand twice in an object. Those that differ in their Unicode normal form alone are equal, as texts are in Swift.
struct RepeatedKeys {
    /// `isOtherForm`: its bytes are not the first one's.
    private(set) var found: [(pointer: JSONPointer, isOtherForm: Bool)] = []
    private var path: [String] = []
    /// All that were left out, also those beyond what `found` names.
    private var removedCount = 0

    /// The value with the first of equal keys.
    mutating func removed(from value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): return object(members).map(JSONValue.object) ?? value
        case .array(let elements):
            var changed = elements
            var isChanged = false
            for (index, element) in elements.enumerated() {
                guard element.objectValue != nil || element.arrayValue != nil else { continue }
                path.append(String(index))
                let count = removedCount
                let cleaned = removed(from: element)
                if removedCount != count {
                    changed[index] = cleaned
                    isChanged = true
                }
                path.removeLast()
            }
            return isChanged ? .array(changed) : value
        default: return value
        }
    }

    private mutating func object(_ members: [JSONMember]) -> [JSONMember]? {
        var changed: [JSONMember]?
        var keys: Set<String> = []
        for (index, member) in members.enumerated() {
            let first = members.count <= 8 ? members[..<index].first { $0.key == member.key }?.key : Self.earlier(member.key, &keys)
            path.append(member.key)
            defer { path.removeLast() }
            if let first {
                if changed == nil { changed = Array(members[..<index]) }
                removedCount += 1
                if found.count <= KnowledgeImportLimits.maximumProblemCount {
                    found.append((JSONPointer(path), !first.utf8.elementsEqual(member.key.utf8)))
                }
                continue
            }
            let count = removedCount
            let cleaned = removed(from: member.value)
            if removedCount != count, changed == nil { changed = Array(members[..<index]) }
            changed?.append(JSONMember(key: member.key, value: cleaned))
        }
        return changed
    }

    /// The equal key that was there before; nil: it is the first.
    private static func earlier(_ key: String, _ keys: inout Set<String>) -> String? {
        let (isFirst, there) = keys.insert(key)
        return isFirst ? nil : there
    }
}
