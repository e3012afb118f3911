/// One operation of a document as an entry: what stands at its path and at the top of the document is taken over, references are resolved.

import ByteCoding
import KnowledgeModel

struct OperationReader {
    static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    /// Where an operation stands and what it takes over from its path.
    struct Site {
        var method: String
        var path: String
        var pointer: [String]
        /// The path's parameters and servers, and where they stand.
        var pathItem: JSONValue
        var pathPointer: [String]
    }

    let document: String
    private var graph: ReferenceGraph
    private var expansion = ReferenceExpansion()
    private let defaults: JSONValue
    /// In which search each target was last met.
    private var lastTurns: [Int] = []
    private var turn = 0
    /// What is left for the operations that are still to come.
    private(set) var budget: ImportBudget

    init(root: JSONValue, isVersion30: Bool, document: String, budget: ImportBudget) {
        self.document = document
        self.budget = budget
        defaults = root
        graph = ReferenceGraph(root: root, isVersion30: isVersion30)
    }

    var problems: [(pointer: JSONPointer, severity: ImportProblem.Severity, message: String)] { graph.problems }

    /// False once the upload has more operations than are taken.
    mutating func spendOperation() -> Bool { budget.spendOperation() }

    mutating func report(_ path: [String], _ severity: ImportProblem.Severity, _ message: String) { graph.report(path, severity, message) }

    mutating func value(atReference text: String) -> JSONValue? {
        guard text.utf8.first == UInt8(ascii: "#"), let pointer = JSONPointer(fragment: text.dropFirst()) else { return nil }
        return graph.value(at: pointer)
    }

    /// What its entry is called, whether or not it can be taken.
    func key(of operation: JSONValue, at site: Site) -> String {
        OperationExtension(operation).key ?? Self.key(method: site.method, path: site.path, document: document)
    }

    /// Of all operations that a path may have, which goes by its place alone.
    func keys(ofPath path: String) -> [String] {
        Self.methods.map { Self.key(method: $0.uppercased(), path: path, document: document) }
    }

    /// Nil, and a problem, when it cannot be taken.
    mutating func entry(_ operation: JSONValue, at site: Site) -> KnowledgeEntry? {
        guard case .object(let members) = operation else {
            report(site.pointer, .error, "an operation is an object")
            return nil
        }
        let own = OperationExtension(operation)
        func text(_ key: String) -> String { members.first { $0.key == key }?.value.stringValue ?? "" }
        var details = JSONValue.null
        let verbatim = own.details
        if let verbatim {
            details = verbatim
        } else {
            guard let found = self.details(of: operation, at: site) else { return nil }
            details = found
        }
        let operationID = text("operationId")
        let body = APIOperation(
            method: site.method, path: site.path, operationID: operationID.isEmpty ? nil : operationID,
            document: document.isEmpty ? nil : document, summary: text("summary"), description: text("description"),
            isDeprecated: operation["deprecated"] == .bool(true), details: details)
        var content = KnowledgeContent(title: own.title ?? Self.title(of: body), body: .operation(body))
        content.tags = tags(of: operation, at: site.pointer)
        let key = key(of: operation, at: site)
        if let problem = problem(of: body, key) {
            report(site.pointer, .error, problem)
            return nil
        }
        // What references stand for was spent before it was put in their place.
        var measure = Measure.sum(body.summary, body.description)
        if verbatim != nil { measure.add(details, level: 0) }
        guard budget.spend(byteCount: measure.byteCount) else {
            report(site.pointer, .error, ImportBudget.bytesAreSpent)
            return nil
        }
        return KnowledgeEntry(key: key, content: content)
    }

    static func key(of operation: APIOperation) -> String {
        key(method: operation.method, path: operation.path, document: operation.document ?? "")
    }

    private static func key(method: String, path: String, document: String) -> String {
        "api/" + (document.isEmpty ? "" : document + "/") + "\(method) \(path)"
    }

    static func title(of operation: APIOperation) -> String {
        for text in [operation.summary, operation.operationID ?? ""] {
            let title = ImportedText.heading(text, maximumByteCount: KnowledgeLimits.maximumNameByteCount)
            if !title.isEmpty { return title }
        }
        return ImportedText.heading("\(operation.method) \(operation.path)", maximumByteCount: KnowledgeLimits.maximumNameByteCount)
    }

    private func problem(of operation: APIOperation, _ key: String) -> String? {
        if let problem = KnowledgeEntry.problem(ofKey: key) { return problem }
        if (operation.operationID ?? "").utf8.count > KnowledgeLimits.maximumNameByteCount {
            return "the operationId has more than \(KnowledgeLimits.maximumNameByteCount) bytes"
        }
        let texts = Measure.sum(operation.summary, operation.description, operation.operationID ?? "")
        if texts.hasNUL { return "a text holds U+0000, which cannot be stored" }
        let limit = KnowledgeImportLimits.maximumOperationTextByteCount
        return texts.byteCount > limit ? "summary and description have \(texts.byteCount) bytes; at most \(limit) are taken" : nil
    }

    private mutating func tags(of operation: JSONValue, at pointer: [String]) -> [String] {
        guard let value = operation["tags"] else { return [] }
        var tags: [String] = []
        for (index, element) in (value.arrayValue ?? []).enumerated() {
            let place = pointer + ["tags", String(index)]
            let tag = ImportedText.heading(element.stringValue ?? "", maximumByteCount: KnowledgeLimits.maximumTagByteCount)
            guard !tag.isEmpty, tag == element.stringValue else {
                report(place, .warning, "a tag is a text of 1 to \(KnowledgeLimits.maximumTagByteCount) bytes without control characters")
                continue
            }
            guard tags.count < KnowledgeLimits.maximumTagCount else {
                report(place, .warning, "an operation keeps \(KnowledgeLimits.maximumTagCount) tags at most")
                break
            }
            if !tags.contains(tag) { tags.append(tag) }
        }
        if value.arrayValue == nil { report(pointer + ["tags"], .warning, "tags are a list of texts") }
        return tags
    }

    // MARK: Details

    private mutating func details(of operation: JSONValue, at site: Site) -> JSONValue? {
        guard !budget.isSpent else {
            report(site.pointer, .error, budget.byteCount < 0 ? ImportBudget.bytesAreSpent : ImportBudget.visitsAreSpent)
            return nil
        }
        var parts = DetailParts(operation: operation, site: site, defaults: defaults)
        let fragment = parts.fragment(&graph)
        graph.close()
        guard let reachable = reachable(from: fragment) else {
            report(site.pointer, .error, ImportBudget.visitsAreSpent)
            return nil
        }
        if fragment.measure.hasNUL || graph.hasNUL && reachable.contains(where: { graph.targets[$0].fragment.measure.hasNUL }) {
            report(site.pointer, .error, "a text of the operation holds U+0000, which cannot be stored")
            return nil
        }
        var measure = Measure()
        for form in OperationForm.allCases {
            measure = graph.measure(of: fragment, in: form)
            let kept = reachable.filter { graph.isKept($0, in: form) }
            for index in kept {
                measure.add(byteCount: graph.targets[index].name.utf8.count + 4)
                measure.add(graph.measures[form.rawValue][index], level: 3)
            }
            let limit =
                form == .referring ? KnowledgeImportLimits.maximumDetailsByteCount : KnowledgeImportLimits.maximumInlinedByteCount
            guard measure.byteCount <= limit, measure.depth <= KnowledgeImportLimits.maximumDetailsDepth else { continue }
            guard budget.spend(byteCount: measure.byteCount) else {
                report(site.pointer, .error, ImportBudget.bytesAreSpent)
                return nil
            }
            let value = expansion.value(of: fragment, in: form, graph, reachable: reachable)
            let schemas = kept.map { index in
                JSONMember(key: graph.targets[index].name, value: expansion.value(ofTarget: index, in: form))
            }
            return value.adding(schemas: schemas.sorted { $0.key < $1.key })
        }
        report(
            site.pointer, .error,
            measure.byteCount > KnowledgeImportLimits.maximumDetailsByteCount
                ? "the operation has \(measure.byteCount) bytes; at most \(KnowledgeImportLimits.maximumDetailsByteCount) are taken"
                : "the operation nests \(measure.depth) deep; at most \(KnowledgeImportLimits.maximumDetailsDepth) is taken")
        return nil
    }

    /// All targets below a fragment, each behind those it refers to; nil when too many were looked at.
    private mutating func reachable(from fragment: Fragment) -> [Int]? {
        turn += 1
        lastTurns += [Int](repeating: 0, count: graph.targets.count - lastTurns.count)
        var found: [Int] = []
        var open = fragment.references.map(\.target)
        while let index = open.popLast() {
            guard budget.spendVisit() else { return nil }
            guard lastTurns[index] != turn else { continue }
            lastTurns[index] = turn
            found.append(index)
            for next in graph.targets[index].leadsTo where lastTurns[next] != turn { open.append(next) }
        }
        return found.sorted { graph.targets[$0].place < graph.targets[$1].place }
    }
}

extension Measure {
    static func sum(_ texts: String...) -> Measure {
        var measure = Measure()
        for text in texts { measure.add(text) }
        return measure
    }
}

extension JSONValue {
    /// Details with `components.schemas`, in front of the other components.
    fileprivate func adding(schemas: [JSONMember]) -> JSONValue {
        guard !schemas.isEmpty, case .object(var members) = self else { return self }
        let others = self["components"]?.objectValue ?? []
        members.removeAll { $0.key == "components" }
        members.append(JSONMember(key: "components", value: .object([JSONMember(key: "schemas", value: .object(schemas))] + others)))
        return .object(members)
    }
}
