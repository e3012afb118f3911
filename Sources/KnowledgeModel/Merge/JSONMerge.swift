/// Three JSON values merged. Objects merge by their members, lists of named objects by the names, the texts that people write by lines,
/// lists that are sets by their elements; anything else is one value, which one side may change.

import ByteCoding
import ContentReading

struct JSONMerge {
    /// Paths where both sides changed the same thing, each in its own way.
    private(set) var conflicts: [String] = []

    /// Lists whose order says nothing and whose elements are whole.
    private static let sets: Set<String> = ["tags", "content.unique_keys", "content.foreign_keys"]

    /// Texts of several lines, wherever they are.
    private static let proseNames = ["markdown", "description", "summary"]

    /// nil stands for a value that is not there; so does the result, which means nothing once there is a conflict.
    mutating func merge(base: JSONValue?, ours: JSONValue?, theirs: JSONValue?, path: String) -> JSONValue? {
        if Self.isSame(ours, theirs) || Self.isSame(theirs, base) { return ours }
        if Self.isSame(ours, base) { return theirs }
        if Self.sets.contains(path) { return Self.mergedSet(base, ours, theirs) }
        if let ours, let theirs {
            if case .string(let here) = ours, case .string(let there) = theirs, Self.isProse(path) {
                return mergedProse(base, here, there, path)
            }
            if let parts = Parts(base, ours, theirs) { return merged(parts, path) }
        }
        conflicts.append(path)
        return ours
    }

    private static func isSame(_ left: JSONValue?, _ right: JSONValue?) -> Bool { left?.canonical.bytes == right?.canonical.bytes }

    private static func isProse(_ path: String) -> Bool { proseNames.contains { path.hasSuffix(".\($0)") } }

    private mutating func mergedProse(_ base: JSONValue?, _ ours: String, _ theirs: String, _ path: String) -> JSONValue {
        if let merged = LineMerge.merge(base: base?.stringValue ?? "", ours: ours, theirs: theirs) { return .string(merged) }
        conflicts.append(path)
        return .string(ours)
    }

    /// Ours, without what they took away, with what they added.
    private static func mergedSet(_ base: JSONValue?, _ ours: JSONValue?, _ theirs: JSONValue?) -> JSONValue? {
        func elements(_ value: JSONValue?) -> [(value: JSONValue, bytes: [UInt8])] {
            (value?.arrayValue ?? []).map { ($0, $0.canonical.bytes) }
        }
        let base = Set(elements(base).map(\.bytes)), ours = elements(ours), theirs = elements(theirs)
        let present = Set(ours.map(\.bytes)), kept = Set(theirs.map(\.bytes))
        return .array(
            ours.filter { kept.contains($0.bytes) || !base.contains($0.bytes) }.map(\.value)
                + theirs.filter { !base.contains($0.bytes) && !present.contains($0.bytes) }.map(\.value))
    }

    /// The parts of three values of the same form.
    private struct Parts {
        let base: NamedParts
        let ours: NamedParts
        let theirs: NamedParts

        init?(_ base: JSONValue?, _ ours: JSONValue, _ theirs: JSONValue) {
            guard let ours = NamedParts(ours), let theirs = NamedParts(theirs), ours.isList == theirs.isList,
                let base = NamedParts(base ?? (ours.isList ? .array([]) : .object([]))), base.isList == ours.isList
            else { return nil }
            self.base = base
            self.ours = ours
            self.theirs = theirs
        }
    }

    private mutating func merged(_ parts: Parts, _ path: String) -> JSONValue {
        var values: [String: JSONValue] = [:]
        for name in (parts.base.names + parts.ours.names + parts.theirs.names).withoutRepetitions {
            values[name] = merge(
                base: parts.base[name], ours: parts.ours[name], theirs: parts.theirs[name], path: parts.ours.path(path, name))
        }
        let names = order(parts, path).filter { values[$0] != nil }
        guard parts.ours.isList else {
            return .object(names.compactMap { name in values[name].map { JSONMember(key: name, value: $0) } })
        }
        return .array(names.compactMap { values[$0] })
    }

    /// The order of the side that changed it; what only the other side has comes after what it comes after there.
    private mutating func order(_ parts: Parts, _ path: String) -> [String] {
        let common = Set(parts.base.names).intersection(parts.ours.names).intersection(parts.theirs.names)
        let base = parts.base.names.filter(common.contains), ours = parts.ours.names.filter(common.contains)
        let theirs = parts.theirs.names.filter(common.contains)
        if parts.ours.isList, ours != base, theirs != base, ours != theirs { conflicts.append(path) }
        let (first, second) = ours == base ? (parts.theirs.names, parts.ours.names) : (parts.ours.names, parts.theirs.names)
        let present = Set(first)
        var followers: [String?: [String]] = [:]
        var previous: String?
        for name in second {
            if present.contains(name) { previous = name } else { followers[previous, default: []].append(name) }
        }
        return (followers[nil] ?? []) + first.flatMap { [$0] + (followers[$0] ?? []) }
    }
}
