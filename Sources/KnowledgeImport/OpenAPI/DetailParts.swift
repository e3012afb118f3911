/// The parts of an operation's details, gathered from the operation, its path and the top of the document.

import ByteCoding

struct DetailParts {
    var operation: JSONValue
    var site: OperationReader.Site
    var defaults: JSONValue

    private struct Parameter {
        var value: JSONValue
        var pointer: [String]
        /// What tells parameters apart: name and place.
        var identity: String
    }

    /// The details as one fragment. Parts that are not what OpenAPI says are left out with a problem.
    mutating func fragment(_ graph: inout ReferenceGraph) -> Fragment {
        var parts = FragmentParts()
        let parameters = parameters(&graph)
        if !parameters.isEmpty {
            parts.beginList("parameters", count: parameters.count)
            for parameter in parameters {
                parts.append(graph.fragment(of: parameter.value, as: .parameter, at: parameter.pointer))
            }
            parts.endList()
        }
        for (key, kind) in [("requestBody", OpenAPIKind.requestBody), ("responses", .map(.response))] {
            guard let value = operation[key], value != .null else { continue }
            guard case .object = value else {
                graph.report(site.pointer + [key], .warning, "an object is due here; the operation was taken without it")
                continue
            }
            parts.add(key, graph.fragment(of: value, as: kind, at: site.pointer + [key]))
        }
        let security = operation["security"] ?? defaults["security"]
        if let security, case .array = security {
            parts.add("security", graph.fragment(of: security, as: .plain, at: site.pointer + ["security"]))
        }
        if let servers = operation["servers"] ?? site.pathItem["servers"] ?? defaults["servers"], case .array(let list) = servers,
            !list.isEmpty
        {
            parts.add("servers", graph.fragment(of: servers, as: .plain, at: site.pointer + ["servers"]))
        }
        let schemes = securitySchemes(security, &graph)
        if !schemes.isEmpty {
            let components = JSONValue.object([JSONMember(key: "securitySchemes", value: .object(schemes))])
            parts.add("components", graph.fragment(of: components, as: .map(.map(.securityScheme)), at: ["components"]))
        }
        if let callbacks = operation["callbacks"], callbacks != .object([]) {
            graph.report(site.pointer + ["callbacks"], .warning, "callbacks are not taken over")
        }
        return parts.fragment
    }

    // MARK: Parameters

    /// The path's, as far as the operation does not have its own, then the operation's.
    private func parameters(_ graph: inout ReferenceGraph) -> [Parameter] {
        let own = parameters(operation["parameters"], site.pointer + ["parameters"], &graph)
        let taken = Set(own.map(\.identity))
        let inherited = parameters(site.pathItem["parameters"], site.pathPointer + ["parameters"], &graph)
        return inherited.filter { !taken.contains($0.identity) } + own
    }

    private func parameters(_ value: JSONValue?, _ pointer: [String], _ graph: inout ReferenceGraph) -> [Parameter] {
        guard let value, value != .null else { return [] }
        guard case .array(let elements) = value else {
            graph.report(pointer, .warning, "parameters are a list; the operation was taken without them")
            return []
        }
        var found: [Parameter] = []
        var identities: Set<String> = []
        for (index, element) in elements.enumerated() {
            let place = pointer + [String(index)]
            guard let resolved = resolved(element, place, &graph) else { continue }
            guard let name = resolved["name"]?.stringValue, let location = resolved["in"]?.stringValue else {
                graph.report(place, .warning, "a parameter has a name and says what it is in; this one was left out")
                continue
            }
            let identity = "\(location) \(name)"
            guard identities.insert(identity).inserted else {
                graph.report(place, .warning, "this parameter stands here twice; the first counts")
                continue
            }
            found.append(Parameter(value: element, pointer: place, identity: identity))
        }
        return found
    }

    /// What a chain of references leads to; nil, and a problem, when that is nothing.
    private func resolved(_ value: JSONValue, _ pointer: [String], _ graph: inout ReferenceGraph) -> JSONValue? {
        var value = value
        for _ in 0..<KnowledgeImportLimits.maximumReferenceChainLength {
            guard let text = value["$ref"]?.stringValue else { return value }
            guard text.utf8.first == UInt8(ascii: "#"), let target = JSONPointer(fragment: text.dropFirst()),
                let next = graph.value(at: target), case .object = next
            else {
                graph.report(
                    pointer + ["$ref"], .warning,
                    "the reference \(ImportedText.heading(text, maximumByteCount: 256)) leads to no parameter of this document; it was left out"
                )
                return nil
            }
            value = next
        }
        graph.report(pointer + ["$ref"], .warning, "this reference leads to nothing but references; it was left out")
        return nil
    }

    // MARK: Security

    /// The schemes that the requirements name.
    private func securitySchemes(_ security: JSONValue?, _ graph: inout ReferenceGraph) -> [JSONMember] {
        var schemes: [JSONMember] = []
        for requirement in security?.arrayValue ?? [] {
            for member in requirement.objectValue ?? [] where !schemes.contains(where: { $0.key == member.key }) {
                guard schemes.count < KnowledgeImportLimits.maximumReferenceChainLength else { return schemes }
                if let scheme = graph.value(at: JSONPointer(["components", "securitySchemes", member.key])), case .object = scheme {
                    schemes.append(JSONMember(key: member.key, value: scheme))
                } else {
                    graph.report(
                        site.pointer + ["security"], .warning,
                        "no security scheme is called '\(ImportedText.heading(member.key, maximumByteCount: 128))'")
                }
            }
        }
        return schemes
    }
}

/// An object put together from fragments.
struct FragmentParts {
    private var members: [(key: String, node: FragmentNode)] = []
    private var measure = Measure()
    private var references: [Fragment.Reference] = []
    private var list: [FragmentNode]?

    mutating func add(_ key: String, _ part: Fragment) {
        measure.addKey(key)
        take(part, level: 1)
        members.append((key, part.node))
    }

    mutating func beginList(_ key: String, count: Int) {
        measure.addKey(key)
        measure.addContainer(memberCount: count, level: 1)
        members.append((key, .array([])))
        list = []
    }

    mutating func append(_ part: Fragment) {
        take(part, level: 2)
        list?.append(part.node)
    }

    mutating func endList() {
        if let list, let last = members.indices.last { members[last].node = .array(list) }
        list = nil
    }

    private mutating func take(_ part: Fragment, level: Int) {
        measure.add(part.measure, level: level)
        for var reference in part.references {
            reference.level += level
            references.append(reference)
        }
    }

    var fragment: Fragment {
        var measure = measure
        measure.addContainer(memberCount: members.count, level: 0)
        return Fragment(node: .object(members), measure: measure, references: references)
    }
}
