import ByteCoding
import ContentReading
import EvaluationModel
import YAML

/// The test cases of a promptfoo configuration: `tests` (or a list alone) with `vars`, `assert`, `description`, `metadata`, and
/// `defaultTest`. What has no counterpart here is in the report with its line: an assertion is left out, the case stays.
package enum PromptfooFormat {
    /// Nil when the file as a whole cannot be read.
    package static func read(_ bytes: [UInt8]) -> (cases: [TestCaseContent]?, report: ImportReport) {
        var report = ImportReport()
        do throws(YAMLError) {
            let document = try YAMLDocument(bytes, mergesKeys: true, maximumByteCount: EvaluationLimits.maximumYAMLByteCount)
            var reader = PromptfooReader(document)
            return (reader.read(), reader.report)
        } catch {
            report.note(ImportProblem(line: error.position.line, column: error.position.column, message: error.message))
            return (nil, report)
        }
    }

    /// The cases as a promptfoo file, and what of them it cannot say.
    package static func write(_ cases: [TestCaseContent]) -> (yaml: String, omissions: [ContentProblem]) {
        var omissions: [ContentProblem] = []
        var tests: [JSONValue] = []
        for content in cases {
            guard case .variables(let variables) = content.input else {
                omissions.append(
                    ContentProblem(path: content.key, message: "promptfoo's cases have variables, no messages: the case is left out"))
                continue
            }
            var test = [JSONMember(key: "description", value: .string(content.key)), JSONMember(key: "vars", value: .object(variables))]
            // Without this promptfoo makes a case of each element of a list.
            if variables.contains(where: { $0.value.arrayValue != nil }) {
                test.append(
                    JSONMember(key: "options", value: .object([JSONMember(key: "disableVarExpansion", value: .bool(true))])))
            }
            var assertions: [JSONValue] = []
            for scorer in content.scorers {
                if let assertion = PromptfooAssertion.assertion(scorer, expected: content.expected) {
                    assertions.append(assertion)
                } else {
                    omissions.append(
                        ContentProblem(path: content.key, message: "promptfoo has no counterpart of the scorer \(scorer.name)"))
                }
            }
            if !assertions.isEmpty { test.append(JSONMember(key: "assert", value: .array(assertions))) }
            if !content.metadata.isEmpty { test.append(JSONMember(key: "metadata", value: .object(content.metadata))) }
            tests.append(.object(test))
        }
        return (YAMLText.write(.object([JSONMember(key: "tests", value: .array(tests))])), omissions)
    }
}

private struct PromptfooReader {
    private let document: YAMLDocument
    private(set) var report = ImportReport()
    private var keys = ImportedKeys()
    /// Cases that the lists among one test's variables stand for, at most.
    private static let maximumCombinationCount = 1000

    init(_ document: YAMLDocument) { self.document = document }

    private mutating func note(_ path: String, _ message: String) {
        let position = document.position(ofPath: path)
        report.note(ImportProblem(line: position.line, column: position.column, path: path, message: message))
    }

    mutating func read() -> [TestCaseContent]? {
        let isList = document.value.arrayValue != nil
        guard let tests = document.value.arrayValue ?? document.value["tests"]?.arrayValue else {
            note("tests", "a list of tests is due here; tests from files and generators are not supported")
            return nil
        }
        let defaults = document.value["defaultTest"]
        if let defaults { noteUnsupported(defaults, "defaultTest") }
        var cases: [TestCaseContent] = []
        for (index, test) in tests.enumerated() {
            let path = isList ? "[\(index)]" : "tests[\(index)]"
            guard case .object = test else {
                report.leaveOut()
                note(path, "a test is a mapping, not \(test.kindName)")
                continue
            }
            noteUnsupported(test, path)
            cases += combinations(test, defaults, path).compactMap { read(test, $0, defaults, path) }
        }
        return cases
    }

    private mutating func noteUnsupported(_ test: JSONValue, _ path: String) {
        for member in test.objectValue ?? [] where !["vars", "assert", "description", "metadata", "options"].contains(member.key) {
            note("\(path).\(member.key)", "\(quoted(member.key)) of a test is not supported and passed over")
        }
    }

    /// The variables of a test over those of `defaultTest`; a list among them stands for a case of each element, unless expansion is off.
    private mutating func combinations(_ test: JSONValue, _ defaults: JSONValue?, _ path: String) -> [[JSONMember]] {
        var variables = defaults?["vars"]?.objectValue ?? []
        if let own = test["vars"] {
            guard case .object(let members) = own else {
                report.leaveOut()
                note("\(path).vars", "variables are a mapping; variables from files are not supported")
                return []
            }
            let names = Set(members.map(\.key))
            variables = variables.filter { !names.contains($0.key) } + members
        }
        let isOff = [test, defaults].contains { $0?["options"]?["disableVarExpansion"] == .bool(true) }
        var combined: [[JSONMember]] = [[]]
        for member in variables {
            guard !isOff, case .array(let elements) = member.value else {
                for index in combined.indices { combined[index].append(member) }
                continue
            }
            guard combined.count * elements.count <= Self.maximumCombinationCount else {
                report.leaveOut()
                note("\(path).vars", "the lists stand for more than \(Self.maximumCombinationCount) cases")
                return []
            }
            combined = combined.flatMap { row in elements.map { row + [JSONMember(key: member.key, value: $0)] } }
        }
        return combined
    }

    private mutating func read(
        _ test: JSONValue, _ variables: [JSONMember], _ defaults: JSONValue?, _ path: String
    ) -> TestCaseContent? {
        var scorers: [JSONValue] = []
        readAssertions(defaults?["assert"], "defaultTest.assert", variables, &scorers)
        readAssertions(test["assert"], "\(path).assert", variables, &scorers)
        var members = [
            JSONMember(key: "input", value: .object([JSONMember(key: "variables", value: .object(variables))])),
            JSONMember(key: "scorers", value: .array(withoutRepeatedNames(scorers))),
        ]
        if case .object(let metadata)? = test["metadata"] { members.append(JSONMember(key: "metadata", value: .object(metadata))) }
        let line = document.position(ofPath: path).line
        // The description is the key of the first case that has it; a case of a list of variables has a key of its own.
        if let description = test["description"]?.stringValue, !description.isEmpty, keys.claim(description, line: line) == nil {
            members.append(JSONMember(key: "key", value: .string(description)))
        }
        do throws(InvalidContent) {
            let content = try TestCaseContent.withKeyOfItsOwn(json: .object(members))
            if !members.contains(where: { $0.key == "key" }), let problem = keys.claim(content.key, line: line) {
                throw InvalidContent(problem)
            }
            report.take()
            return content
        } catch {
            let position = document.position(ofPath: path)
            report.leaveOut(error) { _ in (position.line, position.column) }
            return nil
        }
    }

    private mutating func readAssertions(_ value: JSONValue?, _ path: String, _ variables: [JSONMember], _ scorers: inout [JSONValue]) {
        guard let value, value != .null else { return }
        guard case .array(let assertions) = value else {
            note(path, "a list of assertions is due here")
            return
        }
        for (index, assertion) in assertions.enumerated() {
            let place = "\(path)[\(index)]"
            // All of a set must pass, as all assertions must; a set with a threshold has no counterpart.
            if assertion["type"] == .string("assert-set"), assertion["threshold"] == nil {
                readAssertions(assertion["assert"], "\(place).assert", variables, &scorers)
                continue
            }
            do throws(InvalidContent) {
                let scorer = try PromptfooAssertion.scorer(try rendered(assertion, variables))
                // One that cannot be read as a scorer costs itself, not the case.
                _ = try ScorerSpecification.list(json: .array([scorer]))
                scorers.append(scorer)
            } catch {
                for problem in error.problems {
                    let inner = problem.path.hasPrefix("scorers") || problem.path.isEmpty ? "" : ".\(problem.path)"
                    note(place + inner, problem.message + "; the assertion is left out")
                }
            }
        }
    }

    /// promptfoo's values are templates of the case's variables, which are known here.
    private func rendered(_ value: JSONValue, _ variables: [JSONMember]) throws(InvalidContent) -> JSONValue {
        switch value {
        case .string(let text): return text.contains("{{") ? .string(try PromptTemplate(text).render(PromptVariables(variables))) : value
        case .array(let elements):
            var found: [JSONValue] = []
            for element in elements { found.append(try rendered(element, variables)) }
            return .array(found)
        case .object(let members):
            var found: [JSONMember] = []
            for member in members { found.append(JSONMember(key: member.key, value: try rendered(member.value, variables))) }
            return .object(found)
        default: return value
        }
    }

    /// Several assertions of promptfoo may share a metric; scorers of a case have names of their own.
    private func withoutRepeatedNames(_ scorers: [JSONValue]) -> [JSONValue] {
        var taken: Set<String> = []
        return scorers.map { scorer in
            guard case .object(var members) = scorer, let index = members.firstIndex(where: { $0.key == "name" }) else { return scorer }
            let wanted = members[index].value.plainText
            var name = wanted
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(wanted)_\(number)"
                number += 1
            }
            members[index].value = .string(name)
            return .object(members)
        }
    }
}
