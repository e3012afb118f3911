/// Puts targets in place of references. What a target comes to is made once in each form and shared by all that refer to it: memory grows with
/// the document, not with what its references multiply to.

import ByteCoding

struct ReferenceExpansion {
    private var values: [OperationForm: [Int: JSONValue]] = [:]

    /// The fragment's value. `reachable`: all targets below it, in the order of their places.
    mutating func value(of fragment: Fragment, in form: OperationForm, _ graph: ReferenceGraph, reachable: [Int]) -> JSONValue {
        for index in reachable where values[form]?[index] == nil {
            let value = value(of: graph.targets[index].fragment.node, in: form, graph)
            values[form, default: [:]][index] = value
        }
        return value(of: fragment.node, in: form, graph)
    }

    /// What a target that was reachable comes to.
    func value(ofTarget index: Int, in form: OperationForm) -> JSONValue { values[form]?[index] ?? .null }

    private func value(of node: FragmentNode, in form: OperationForm, _ graph: ReferenceGraph) -> JSONValue {
        switch node {
        case .literal(let value): return value
        case .array(let nodes): return .array(nodes.map { value(of: $0, in: form, graph) })
        case .object(let members):
            return .object(members.map { JSONMember(key: $0.key, value: value(of: $0.node, in: form, graph)) })
        case .reference(let index, let overrides):
            let target = graph.targets[index]
            let base: JSONValue
            if graph.isKept(index, in: form) {
                base = .object([JSONMember(key: "$ref", value: .string("#/components/schemas/\(target.name)"))])
            } else if target.isCyclic {
                base = target.kind.placeholder(for: "#\(ImportedText.heading(target.pointer.description, maximumByteCount: 256))")
            } else {
                base = values[form]?[index] ?? .null
            }
            guard !overrides.isEmpty, case .object(let members) = base else { return base }
            let replaced = Set(overrides.map(\.key))
            return .object(members.filter { !replaced.contains($0.key) } + overrides)
        }
    }
}
