import ByteCoding
import EvaluationModel

/// The keywords that look into arrays and objects.
extension JSONSchemaValidation {
    mutating func holdsArray(
        _ node: JSONSchemaNode, _ elements: [JSONValue], _ path: String, _ own: inout EvaluatedParts
    ) throws(ScoreError) -> Bool {
        var isRight = true
        if let minimum = node.minimumItems, elements.count < minimum {
            isRight = fault(path, "\(counted(elements.count, "element")) are fewer than \(minimum)")
        }
        if let maximum = node.maximumItems, elements.count > maximum {
            isRight = fault(path, "\(counted(elements.count, "element")) are more than \(maximum)")
        }
        if node.uniqueItems {
            try step(elements.count)
            var seen: Set<[UInt8]> = []
            if let index = elements.firstIndex(where: { !seen.insert($0.canonical.bytes).inserted }) {
                isRight = fault("\(path)[\(index)]", "\(quoted(elements[index])) stands there already")
            }
        }
        for (index, (schema, element)) in zip(node.prefixItems, elements).enumerated() {
            var inner = EvaluatedParts()
            isRight = try holds(schema, element, "\(path)[\(index)]", &inner) && isRight
        }
        own.elementPrefix = max(own.elementPrefix, min(node.prefixItems.count, elements.count))
        if let items = node.items {
            for index in elements.indices.dropFirst(node.prefixItems.count) {
                var inner = EvaluatedParts()
                isRight = try holds(items, elements[index], "\(path)[\(index)]", &inner) && isRight
            }
            own.elementPrefix = elements.count
        }
        if let contains = node.contains { isRight = try holdsContains(node, contains, elements, path, &own) && isRight }
        return isRight
    }

    private mutating func holdsContains(
        _ node: JSONSchemaNode, _ contains: Int, _ elements: [JSONValue], _ path: String, _ own: inout EvaluatedParts
    ) throws(ScoreError) -> Bool {
        var count = 0
        for (index, element) in elements.enumerated() {
            var inner = EvaluatedParts()
            if try quietly(contains, element, &inner) {
                count += 1
                if schema.tracksEvaluation { own.elements.insert(index) }
            }
        }
        let minimum = node.minimumContains ?? 1
        if count < minimum { return fault(path, "\(counted(count, "element")) of the kind asked for, at least \(minimum) are due") }
        if let maximum = node.maximumContains, count > maximum {
            return fault(path, "\(counted(count, "element")) of the kind asked for, at most \(maximum) may be")
        }
        return true
    }

    mutating func holdsObject(
        _ node: JSONSchemaNode, _ members: [JSONMember], _ path: String, _ own: inout EvaluatedParts
    ) throws(ScoreError) -> Bool {
        guard node.looksAtObjects else { return true }
        let looksAtMembers =
            !node.properties.isEmpty || !node.patternProperties.isEmpty || node.additionalProperties != nil || node.propertyNames != nil
        // Where members are looked at one by one they are counted then.
        if !looksAtMembers { try step(members.count) }
        // Of equal keys the last counts, as everywhere.
        let values = members.values
        var isRight = true
        if let minimum = node.minimumProperties, values.count < minimum {
            isRight = fault(path, "\(values.count) members are fewer than \(minimum)")
        }
        if let maximum = node.maximumProperties, values.count > maximum {
            isRight = fault(path, "\(values.count) members are more than \(maximum)")
        }
        try step(node.required.count)
        for key in node.required where values[key] == nil { isRight = fault(path, "the member \(quoted(key)) is missing") }
        for (key, others) in node.dependentRequired where values[key] != nil {
            for other in others where values[other] == nil {
                isRight = fault(path, "the member \(quoted(other)) is missing, which \(quoted(key)) asks for")
            }
        }
        if looksAtMembers {
            var seen: Set<String> = []
            for member in members where seen.insert(member.key).inserted {
                guard let value = values[member.key] else { continue }
                isRight = try holdsMember(node, member.key, value, path, &own) && isRight
            }
        }
        for (key, schema) in node.dependentSchemas.sorted(by: { $0.key < $1.key }) where values[key] != nil {
            isRight = try holds(schema, .object(members), path, &own) && isRight
        }
        return isRight
    }

    private mutating func holdsMember(
        _ node: JSONSchemaNode, _ key: String, _ value: JSONValue, _ path: String, _ own: inout EvaluatedParts
    ) throws(ScoreError) -> Bool {
        try step()
        var isRight = true
        var isKnown = false
        let place = JSONDifferenceSearch.join(path, key)
        var inner = EvaluatedParts()
        if let schema = node.properties[key] {
            isKnown = true
            isRight = try holds(schema, value, place, &inner) && isRight
        }
        for property in node.patternProperties {
            try step()
            guard try matches(property.pattern, key) else { continue }
            isKnown = true
            isRight = try holds(property.node, value, place, &inner) && isRight
        }
        if !isKnown, let rest = node.additionalProperties {
            isKnown = true
            isRight = try holds(rest, value, place, &inner) && isRight
        }
        if let names = node.propertyNames, try !quietly(names, .string(key), &inner) {
            isRight = fault(path, "\(quoted(key)) may not be the name of a member")
        }
        if isKnown, schema.tracksEvaluation { own.keys.insert(key) }
        return isRight
    }
}
