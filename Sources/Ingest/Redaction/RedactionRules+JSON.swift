/// Redaction rules <-> JSON, the form in which they are kept with a project's settings and shown in the API:
///
///     {"mode": "full" | "metadata_only",
///      "keys": [{"glob": "user.*", "action": "drop" | "hash"}],
///      "patterns": [{"builtin": "email", "replacement": "[someone]"}, {"name": "badge", "regex": "EMP-\\d{6}"}]}
///
/// Every member may be left out; unknown ones are refused, for a rule that is misspelt protects nothing.

import ByteCoding
import RegularExpressions

/// What is wrong with a rules document, member by member.
package struct RedactionRulesError: Error, Equatable, Sendable, CustomStringConvertible {
    package struct Fault: Equatable, Sendable {
        /// Where: `patterns[2].regex`; empty for the document itself.
        package let path: String
        package let message: String
    }

    package let faults: [Fault]

    package var description: String {
        faults.map { $0.path.isEmpty ? $0.message : "\($0.path): \($0.message)" }.joined(separator: "; ")
    }
}

extension RedactionRules {
    package init(json bytes: [UInt8]) throws(RedactionRulesError) {
        guard bytes.count <= RedactionLimits.maximumDocumentByteCount else {
            throw RedactionRulesError(
                faults: [.init(path: "", message: "the rules have at most \(RedactionLimits.maximumDocumentByteCount) bytes")])
        }
        let value: JSONValue
        do { value = try JSONValue.parse(bytes, maximumDepth: 8) } catch {
            throw RedactionRulesError(faults: [.init(path: "", message: "the rules are no JSON: \(error.message)")])
        }
        try self.init(json: value)
    }

    package init(json value: JSONValue) throws(RedactionRulesError) {
        var reader = RedactionRulesReader()
        let rules = reader.rules(value)
        guard reader.faults.isEmpty else { throw RedactionRulesError(faults: reader.faults) }
        self = rules
    }

    package var json: JSONValue {
        func object(_ members: [(String, JSONValue)]) -> JSONValue { .object(members.map { JSONMember(key: $0.0, value: $0.1) }) }
        return object([
            ("mode", .string(mode.rawValue)),
            ("keys", .array(keys.map { object([("glob", .string($0.glob.text)), ("action", .string($0.action.rawValue))]) })),
            (
                "patterns",
                .array(
                    patterns.map { rule in
                        var members: [(String, JSONValue)]
                        switch rule.form {
                        case .builtIn(let pattern): members = [("builtin", .string(pattern.rawValue))]
                        case .custom(let name, let pattern): members = [("name", .string(name)), ("regex", .string(pattern.text))]
                        }
                        if let replacement = rule.replacement { members.append(("replacement", .string(replacement))) }
                        return object(members)
                    })
            ),
        ])
    }
}

/// Reads the document and collects everything that is wrong with it, so that one attempt shows all of it.
private struct RedactionRulesReader {
    var faults: [RedactionRulesError.Fault] = []

    private mutating func fault(_ path: String, _ message: String) { faults.append(.init(path: path, message: message)) }

    mutating func rules(_ value: JSONValue) -> RedactionRules {
        var rules = RedactionRules()
        guard let members = object(value, "", allowed: ["mode", "keys", "patterns"]) else { return rules }
        if let mode = members["mode"] {
            if let known = mode.stringValue.flatMap(RedactionRules.Mode.init(rawValue:)) {
                rules.mode = known
            } else {
                fault("mode", "must be one of \(names(RedactionRules.Mode.allCases))")
            }
        }
        for (path, element) in elements(members["keys"], "keys", maximumCount: RedactionLimits.maximumKeyRuleCount) {
            if let rule = keyRule(element, path) { rules.keys.append(rule) }
        }
        let patternLimit = RedactionLimits.maximumCustomPatternCount + SensitivePattern.allCases.count
        var known: Set<String> = []
        for (path, element) in elements(members["patterns"], "patterns", maximumCount: patternLimit) {
            guard let rule = patternRule(element, path) else { continue }
            if !known.insert(rule.name).inserted { fault(path, "there is another pattern named \"\(rule.name)\"") }
            rules.patterns.append(rule)
        }
        let customCount = rules.patterns.count { if case .custom = $0.form { true } else { false } }
        if customCount > RedactionLimits.maximumCustomPatternCount {
            fault("patterns", "holds more than \(RedactionLimits.maximumCustomPatternCount) regular expressions")
        }
        return rules
    }

    private mutating func keyRule(_ value: JSONValue, _ path: String) -> RedactionRules.KeyRule? {
        guard let members = object(value, path, allowed: ["glob", "action"]) else { return nil }
        let glob = text(members["glob"], path + ".glob", maximumByteCount: RedactionLimits.maximumGlobByteCount)
        let action = members["action"]?.stringValue.flatMap(RedactionRules.KeyAction.init(rawValue:))
        if action == nil { fault(path + ".action", "must be one of \(names(RedactionRules.KeyAction.allCases))") }
        guard let glob, let action else { return nil }
        return RedactionRules.KeyRule(glob: Glob(glob), action: action)
    }

    private mutating func patternRule(_ value: JSONValue, _ path: String) -> RedactionRules.PatternRule? {
        guard let members = object(value, path, allowed: ["builtin", "name", "regex", "replacement"]) else { return nil }
        var replacement: String?
        if let given = members["replacement"] {
            replacement = text(given, path + ".replacement", maximumByteCount: RedactionLimits.maximumNameByteCount, mayBeEmpty: true)
        }
        if let builtIn = members["builtin"] {
            if members["regex"] != nil || members["name"] != nil { fault(path, "has either \"builtin\" or \"name\" and \"regex\"") }
            guard let pattern = builtIn.stringValue.flatMap(SensitivePattern.init(rawValue:)) else {
                fault(path + ".builtin", "must be one of \(names(SensitivePattern.allCases))")
                return nil
            }
            return RedactionRules.PatternRule(form: .builtIn(pattern), replacement: replacement)
        }
        let name = text(members["name"], path + ".name", maximumByteCount: RedactionLimits.maximumNameByteCount)
        if let name, SensitivePattern(rawValue: name) != nil { fault(path + ".name", "is the name of a built-in pattern") }
        guard let regex = text(members["regex"], path + ".regex", maximumByteCount: RegularExpressionLimits.maximumByteCount) else {
            return nil
        }
        do {
            let pattern = try CustomPattern(regex)
            guard let name else { return nil }
            return RedactionRules.PatternRule(form: .custom(name: name, pattern), replacement: replacement)
        } catch {
            fault(path + ".regex", error.description)
            return nil
        }
    }

    // MARK: Shapes

    private mutating func object(_ value: JSONValue, _ path: String, allowed: [String]) -> [String: JSONValue]? {
        guard let members = value.objectValue else {
            fault(path, "must be an object")
            return nil
        }
        for member in members where !allowed.contains(member.key) {
            fault(path.isEmpty ? member.key : "\(path).\(member.key)", "is unknown; there are \(allowed.joined(separator: ", "))")
        }
        return Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    private mutating func elements(_ value: JSONValue?, _ path: String, maximumCount: Int) -> [(String, JSONValue)] {
        guard let value else { return [] }
        guard let elements = value.arrayValue else {
            fault(path, "must be an array")
            return []
        }
        guard elements.count <= maximumCount else {
            fault(path, "holds more than \(maximumCount) rules")
            return []
        }
        return elements.enumerated().map { ("\(path)[\($0.offset)]", $0.element) }
    }

    private mutating func text(_ value: JSONValue?, _ path: String, maximumByteCount: Int, mayBeEmpty: Bool = false) -> String? {
        guard let text = value?.stringValue, mayBeEmpty || !text.isEmpty else {
            fault(path, "must be a text" + (mayBeEmpty ? "" : " that is not empty"))
            return nil
        }
        guard text.utf8.count <= maximumByteCount else {
            fault(path, "has at most \(maximumByteCount) bytes")
            return nil
        }
        return text
    }

    private func names<Cases: RawRepresentable>(_ cases: [Cases]) -> String where Cases.RawValue == String {
        cases.map(\.rawValue).joined(separator: ", ")
    }
}
