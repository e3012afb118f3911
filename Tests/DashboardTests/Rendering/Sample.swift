import ByteCoding
import Foundation

@testable import Dashboard

/// A file of `Samples`: what a template is given. `_extends` takes another sample and replaces its top-level members; beneath each lies
/// the shell that every page has.
struct Sample: Sendable, CustomStringConvertible {
    let name: String
    /// Of the page alone.
    let context: PageContext
    let shell: PageContext

    var description: String { name }

    /// The template it is of.
    var page: String { context["page"].stringValue ?? "" }

    var whole: PageContext { context.merged(into: shell) }

    /// What a handler makes of it: all but what the renderer adds.
    var handlers: PageContext {
        var context = PageContext()
        for member in whole.members where member.key != "asset_base" { context.set(member.key, member.value) }
        return context
    }

    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Samples")

    /// All but the shells, in the order of their names.
    static let all: [Sample] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") && !$0.hasPrefix("shell") }.sorted().compactMap { file in
            try? Sample(String(file.dropLast(5)))
        }
    }()

    init(_ name: String) throws {
        self.name = name
        context = try Self.read(name)
        shell = try Self.read(name.hasSuffix("-hostile") ? "shell-hostile" : "shell")
    }

    private static func read(_ name: String) throws -> PageContext {
        let value = try JSONValue.parse([UInt8](try Data(contentsOf: folder.appending(path: name + ".json"))))
        var context = PageContext()
        for member in value.objectValue ?? [] where member.key != "_extends" { context.set(member.key, member.value) }
        guard let base = value["_extends"]?.stringValue else { return context }
        return context.merged(into: try read(base))
    }
}

/// The shape of a context: which keys there are, and of what kind each is.
struct Shape {
    /// `rows[].cells[].text`
    private(set) var kinds: [String: Set<String>] = [:]

    init(_ context: PageContext) { add(context.value, "") }

    private mutating func add(_ value: JSONValue, _ path: String) {
        switch value {
        case .object(let members):
            kinds[path, default: []].insert("object")
            for member in members { add(member.value, path.isEmpty ? member.key : path + "." + member.key) }
        case .array(let elements):
            kinds[path, default: []].insert("list")
            for element in elements { add(element, path + "[]") }
        case .bool: kinds[path, default: []].insert("flag")
        // Numbers stand as either.
        case .string, .integer, .double: kinds[path, default: []].insert("text")
        case .null: kinds[path, default: []].insert("null")
        }
    }

    /// What the sample has and this one has not, or has of another kind. Lists and objects that are empty on either side say nothing of what
    /// is in them.
    func faults(against sample: Shape) -> [String] {
        sample.kinds.sorted { $0.key < $1.key }.compactMap { path, kinds in
            guard let own = self.kinds[path] else {
                let parent = Self.parent(path)
                let isSilent = parent.isEmpty ? false : !hasMembers(parent)
                return isSilent ? nil : "\(path) is missing"
            }
            return own.isSubset(of: kinds) ? nil : "\(path) is \(own.sorted()), and \(kinds.sorted()) in the sample"
        }
    }

    private func hasMembers(_ path: String) -> Bool { kinds.keys.contains { $0.hasPrefix(path + ".") } }

    private static func parent(_ path: String) -> String {
        if path.hasSuffix("[]") { return path }
        return path.split(separator: ".").dropLast().joined(separator: ".")
    }
}
