/// What the references of a document lead to, each target read once: pieces of the document (`+fragments`) and the references between them
/// (`ReferenceSearch`).
///
/// Nothing is put in place of a reference here. `close` finds which targets contain themselves and what each comes to, in bytes and in
/// depth, with everything in place: sums over the graph, in linear time, however much the references multiply.

import ByteCoding

struct ReferenceGraph {
    struct Target {
        let pointer: JSONPointer
        let kind: OpenAPIKind
        /// In `components.schemas` of the operations that keep references to it.
        let name: String
        fileprivate let value: JSONValue
        fileprivate(set) var fragment = Fragment(node: .literal(.null), measure: .nothing, references: [])
        /// What it refers to, each once.
        var leadsTo: [Int] = []
        /// Those with a smaller place do not refer to it, unless it contains itself.
        var place = 0
        /// Leads back to itself.
        var isCyclic = false

        fileprivate init(_ found: ReferenceSearch.Found) {
            (pointer, kind, name, value) = (found.pointer, found.kind, found.name, found.value)
        }
    }

    let isVersion30: Bool
    private(set) var targets: [Target] = []
    /// By form and target: what the target comes to, and whether references to it stay references. Apart from the targets, as these are asked
    /// for each operation and target.
    private(set) var measures: [[Measure]] = OperationForm.allCases.map { _ in [] }
    private var kept: [[Bool]] = OperationForm.allCases.map { _ in [] }
    /// Whether a text of any target holds U+0000.
    private(set) var hasNUL = false
    private var search: ReferenceSearch
    private var builtCount = 0
    private(set) var closedCount = 0
    var problems: [(pointer: JSONPointer, severity: ImportProblem.Severity, message: String)] = []

    init(root: JSONValue, isVersion30: Bool) {
        search = ReferenceSearch(root: root)
        self.isVersion30 = isVersion30
    }

    mutating func report(_ path: [String], _ severity: ImportProblem.Severity, _ message: String) {
        // More warnings cannot be listed; the count goes on.
        let isListed = severity == .error || problems.count <= KnowledgeImportLimits.maximumProblemCount
        problems.append((JSONPointer(isListed ? path : []), severity, message))
    }

    // MARK: Targets

    /// What a reference leads to, by the index of a target, or why to nothing.
    mutating func finding(_ text: String, _ kind: OpenAPIKind) -> ReferenceSearch.Finding {
        let finding = search.finding(text, kind)
        targets += search.found[targets.count...].map(Target.init)
        return finding
    }

    /// Also used for what is no fragment: path items, parameters that are to be told apart.
    mutating func value(at pointer: JSONPointer) -> JSONValue? { search.value(at: pointer) }

    // MARK: Closing

    /// Reads every target that is known and not yet read, and those they lead to; then says of each whether it contains itself and what it
    /// comes to.
    mutating func close() {
        while builtCount < targets.count {
            let target = targets[builtCount]
            let fragment = fragment(of: target.value, as: target.kind, at: target.pointer.tokens)
            targets[builtCount].leadsTo = Array(Set(fragment.references.map(\.target))).sorted()
            targets[builtCount].fragment = fragment
            hasNUL = hasNUL || fragment.measure.hasNUL
            builtCount += 1
        }
        guard closedCount < targets.count else { return }
        let first = closedCount
        for form in OperationForm.allCases {
            measures[form.rawValue] += [Measure](repeating: .nothing, count: targets.count - first)
            kept[form.rawValue] += [Bool](repeating: false, count: targets.count - first)
        }
        let groups = ReferenceCycles.groups(from: first, to: targets.count) { targets[$0].leadsTo }
        for group in groups {
            for index in group.members {
                targets[index].place = closedCount
                targets[index].isCyclic = group.isCyclic
                closedCount += 1
                if group.isCyclic, targets[index].kind != .schema {
                    report(targets[index].pointer.tokens, .warning, "this reference leads back to itself")
                }
            }
            for form in OperationForm.allCases {
                for index in group.members { kept[form.rawValue][index] = isToBeKept(index, in: form, isCyclic: group.isCyclic) }
                for index in group.members { measures[form.rawValue][index] = measure(of: targets[index].fragment, in: form) }
            }
        }
    }

    /// What a fragment comes to whose targets are closed.
    func measure(of fragment: Fragment, in form: OperationForm) -> Measure {
        var sum = fragment.measure
        for reference in fragment.references {
            sum.add(measureInPlace(of: reference.target, in: form), level: reference.level)
            sum.add(byteCount: reference.overrideByteCount)
        }
        return sum
    }

    /// What stands in place of a reference: the target or, where it stays, the reference.
    private func measureInPlace(of index: Int, in form: OperationForm) -> Measure {
        let target = targets[index]
        if isKept(index, in: form) { return Measure(byteCount: 33 + target.name.utf8.count, depth: 1) }
        // A placeholder stands for what cannot be kept and never ends.
        return target.isCyclic ? Measure(byteCount: 512, depth: 2) : measures[form.rawValue][index]
    }

    /// Whether references to a target stay references.
    func isKept(_ index: Int, in form: OperationForm) -> Bool { kept[form.rawValue][index] }

    private func isToBeKept(_ index: Int, in form: OperationForm, isCyclic: Bool) -> Bool {
        guard case .schema = targets[index].kind else { return false }
        switch form {
        case .inlined: return isCyclic
        case .withoutLarge:
            return isCyclic || measures[OperationForm.inlined.rawValue][index].byteCount >= KnowledgeImportLimits.largeSchemaByteCount
        case .referring: return true
        }
    }
}
