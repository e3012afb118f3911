/// Pieces of a document read into fragments: what stands there literally, and the references, whose targets the graph then knows.

import ByteCoding

extension ReferenceGraph {
    /// What a piece is built with.
    private struct Site {
        var path: [String]
        var measure = Measure()
        var references: [Fragment.Reference] = []
        /// Whatever is not as the document has it.
        var changeCount = 0
    }

    /// Reads a value that stands at a path; its references become targets.
    mutating func fragment(of value: JSONValue, as kind: OpenAPIKind, at path: [String]) -> Fragment {
        var site = Site(path: path)
        let node = node(value, kind, level: 0, &site)
        return Fragment(node: node, measure: site.measure, references: site.references)
    }

    private mutating func node(_ value: JSONValue, _ kind: OpenAPIKind, level: Int, _ site: inout Site) -> FragmentNode {
        if case .plain = kind { return literal(value, level, &site) }
        let referenceCount = site.references.count
        let changeCount = site.changeCount
        func result(_ node: FragmentNode) -> FragmentNode {
            if site.references.count != referenceCount { return node }
            return .literal(site.changeCount == changeCount ? value : node.literalValue)
        }
        switch value {
        case .array(let elements):
            let inner: OpenAPIKind
            switch kind {
            case .list(let kind): inner = kind
            case .schema: inner = .schema
            default: return literal(value, level, &site)
            }
            site.measure.addContainer(memberCount: elements.count, level: level)
            var nodes: [FragmentNode] = []
            nodes.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                site.path.append(String(index))
                nodes.append(node(element, inner, level: level + 1, &site))
                site.path.removeLast()
            }
            return result(.array(nodes))
        case .object(var members):
            if isVersion30, case .schema = kind {
                let upgraded = SchemaUpgrade.upgraded(members)
                if upgraded != members { site.changeCount += 1 }
                members = upgraded
            }
            if kind.isReferable, case .string(let text)? = members.first(where: { $0.key == "$ref" })?.value {
                return reference(text, members, kind, level, &site)
            }
            site.measure.addContainer(memberCount: members.count, level: level)
            var nodes: [(key: String, node: FragmentNode)] = []
            nodes.reserveCapacity(members.count)
            for member in members {
                site.measure.addKey(member.key)
                site.path.append(member.key)
                nodes.append((member.key, node(member.value, kind.member(member.key), level: level + 1, &site)))
                site.path.removeLast()
            }
            return result(.object(nodes))
        default: return literal(value, level, &site)
        }
    }

    private func literal(_ value: JSONValue, _ level: Int, _ site: inout Site) -> FragmentNode {
        site.measure.add(value, level: level)
        return .literal(value)
    }

    /// Members that say something about a schema and do not narrow it: beside a reference they stand in place of the target's.
    private static let annotations: Set<String> = [
        "title", "description", "summary", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "externalDocs",
        "$comment",
    ]

    private mutating func reference(
        _ text: String, _ members: [JSONMember], _ kind: OpenAPIKind, _ level: Int, _ site: inout Site
    ) -> FragmentNode {
        let target: Int
        switch finding(text, kind) {
        case .target(let index): target = index
        case .problem(let message):
            report(site.path + ["$ref"], .warning, message)
            site.changeCount += 1
            return literal(kind.placeholder(for: ImportedText.heading(text, maximumByteCount: 256)), level, &site)
        }
        var beside = members.filter { $0.key != "$ref" }
        if case .schema = kind {
            if beside.contains(where: { !Self.annotations.contains($0.key) && !$0.key.hasPrefix("x-") }) {
                // The target and what stands beside the reference both hold.
                var parts = [JSONValue.object([JSONMember(key: "$ref", value: .string(text))])]
                if let index = beside.firstIndex(where: { $0.key == "allOf" }), case .array(let others) = beside[index].value {
                    parts += others
                    beside.remove(at: index)
                }
                site.changeCount += 1
                return node(.object([JSONMember(key: "allOf", value: .array(parts))] + beside), .schema, level: level, &site)
            }
        } else {
            beside = beside.filter { ["summary", "description"].contains($0.key) }
        }
        var size = Measure()
        for member in beside {
            size.add(byteCount: 1)
            size.addKey(member.key)
            size.add(member.value, level: level + 1)
        }
        site.measure.depth = max(site.measure.depth, size.depth)
        site.measure.hasNUL = site.measure.hasNUL || size.hasNUL
        site.references.append(Fragment.Reference(target: target, level: level, overrideByteCount: size.byteCount))
        return .reference(target: target, overrides: beside)
    }
}
