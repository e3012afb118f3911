import ByteCoding
import ContentReading
import EvaluationModel
import YAML

/// A suite as a YAML (or JSON) file that lives in the user's repository:
///
///     name: geography
///     description: Capitals
///     defaults:
///       scorers: [{kind: contains}]
///       tags: [nightly]
///       split: dev
///       metadata: {owner: ada}
///     cases:
///       - key: france
///         input: {variables: {country: France}}
///         expected: Paris
///
/// A case without scorers has the default ones, without a split the default split; default tags and metadata come in addition.
/// `<<` takes over what was anchored.
package struct SuiteFile: Equatable, Sendable {
    package var name: String
    package var description: String?
    package var cases: [TestCaseContent]

    package init(name: String, description: String? = nil, cases: [TestCaseContent]) {
        self.name = name
        self.description = description
        self.cases = cases
    }

    /// What a file says, and everything that is wrong with it, each with line and column. Nil when the file as a whole cannot be read:
    /// the report says why.
    package static func read(_ bytes: [UInt8]) -> (suite: SuiteFile?, report: ImportReport) {
        var report = ImportReport()
        let document: YAMLDocument
        do throws(YAMLError) {
            document = try YAMLDocument(bytes, mergesKeys: true, maximumByteCount: EvaluationLimits.maximumYAMLByteCount)
        } catch {
            report.note(ImportProblem(line: error.position.line, column: error.position.column, message: error.message))
            return (nil, report)
        }
        var reader = SuiteFileReader(document)
        let suite = reader.read()
        return (suite, reader.report)
    }

    package var yaml: String {
        var members = [JSONMember(key: "name", value: .string(name))]
        if let description { members.append(JSONMember(key: "description", value: .string(description))) }
        members.append(JSONMember(key: "cases", value: .array(cases.map(\.json))))
        return YAMLText.write(.object(members))
    }
}

private struct SuiteFileReader {
    private let document: YAMLDocument
    private(set) var report = ImportReport()
    private var keys = ImportedKeys()

    init(_ document: YAMLDocument) { self.document = document }

    private func position(_ path: String) -> (line: Int, column: Int) {
        let position = document.position(ofPath: path)
        return (position.line, position.column)
    }

    private mutating func note(_ path: String, _ message: String) {
        let (line, column) = position(path)
        report.note(ImportProblem(line: line, column: column, path: path, message: message))
    }

    mutating func read() -> SuiteFile? {
        guard case .object(let members) = document.value else {
            note("", "a suite file is a mapping with name and cases, not \(document.value.kindName)")
            return nil
        }
        for member in members where !["name", "description", "defaults", "cases"].contains(member.key) {
            note(member.key, "nothing is known by this name here: name, description, defaults, cases")
        }
        guard case .string(let name)? = document.value["name"], !name.isEmpty, name.utf8.count <= TestCaseLimits.maximumNameByteCount else {
            note("name", "a suite has a name: a text of 1 to \(TestCaseLimits.maximumNameByteCount) bytes")
            return nil
        }
        let description = document.value["description"]
        if let description, description.stringValue == nil, description != .null { note("description", "a text is due here") }
        guard case .array(let values)? = document.value["cases"] else {
            note("cases", "a list of cases is due here")
            return nil
        }
        let defaults = readDefaults()
        var cases: [TestCaseContent] = []
        for (index, value) in values.enumerated() {
            let path = "cases[\(index)]"
            let line = position(path).line
            do throws(InvalidContent) {
                var content = try TestCaseContent.withKeyOfItsOwn(json: value)
                if let problem = keys.claim(content.key, line: line) { throw InvalidContent(path: "key", problem) }
                defaults?.apply(to: &content)
                cases.append(content)
                report.take()
            } catch {
                report.leaveOut(
                    InvalidContent(
                        error.problems.map { ContentProblem(path: Self.join(path, $0.path), message: $0.message) },
                        omittedCount: error.omittedCount)
                ) { [document] problem in
                    let position = document.position(ofPath: problem.path)
                    return (position.line, position.column)
                }
            }
        }
        return SuiteFile(name: name, description: description?.stringValue, cases: cases)
    }

    private static func join(_ path: String, _ rest: String) -> String {
        rest.isEmpty ? path : rest.hasPrefix("[") ? path + rest : "\(path).\(rest)"
    }

    /// The defaults are read as a case of their own, whose key and input nobody sees.
    private mutating func readDefaults() -> TestCaseContent? {
        guard let value = document.value["defaults"], value != .null else { return nil }
        guard case .object(let members) = value else {
            note("defaults", "a mapping is due here")
            return nil
        }
        for member in members where !["scorers", "tags", "split", "metadata"].contains(member.key) {
            note("defaults.\(member.key)", "cases can have defaults for scorers, tags, split and metadata only")
        }
        let known = members.filter { ["scorers", "tags", "split", "metadata"].contains($0.key) }
        do throws(InvalidContent) {
            return try TestCaseContent(
                json: .object(known + [JSONMember(key: "key", value: .string("defaults")), JSONMember(key: "input", value: .string(""))]))
        } catch {
            for problem in error.problems { note(Self.join("defaults", problem.path), problem.message) }
            return nil
        }
    }
}

extension TestCaseContent {
    /// Gives a case what these defaults have and it lacks.
    fileprivate func apply(to content: inout TestCaseContent) {
        if content.scorers.isEmpty { content.scorers = scorers }
        content.tags += tags.filter { !content.tags.contains($0) }
        content.split = content.split ?? split
        let own = Set(content.metadata.map(\.key))
        content.metadata += metadata.filter { !own.contains($0.key) }
    }
}
