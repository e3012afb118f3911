import ByteCoding
import ContentReading

/// What is put in for `{{context}}` in a run: what a search of the project's knowledge base finds for each case's question.
///
///     {"source": "active" | {"revision": 7} | {"draft": "NAME"}, "limit": 10, "kinds": ["article"], "tags": ["public"],
///      "mode": "hybrid", "embedding_model": "openai/text-embedding-3-small"}
///
/// `source` is resolved once, when the run is made, to `view`: all cells are asked with the same state of the knowledge base.
package struct RunRetrieval: Equatable, Sendable {
    package enum Source: Equatable, Sendable {
        case active
        case revision(Int)
        /// By name.
        case draft(String)
    }

    package enum Mode: String, Equatable, Sendable, CaseIterable {
        /// By words and by vectors, where there are any.
        case hybrid
        /// By words, whatever vectors there are.
        case text
    }

    /// One state of a knowledge base.
    package struct View: Equatable, Sendable {
        /// The revision; of a draft, its base. 0: nothing was ever promoted.
        package var revision: Int
        /// A UUID; nil: the revision as it is.
        package var draftID: String?
        package var draftVersion: Int?

        package init(revision: Int, draftID: String? = nil, draftVersion: Int? = nil) {
            self.revision = revision
            self.draftID = draftID
            self.draftVersion = draftVersion
        }
    }

    package var source: Source
    /// Passages at most for one question.
    package var limit: Int
    /// Of which an entry must be one; empty: any.
    package var kinds: [String]
    /// All of which an entry must have.
    package var tags: [String]
    package var mode: Mode
    /// Whose vectors are searched, as provider/model; nil: those that the revision was promoted with.
    package var embeddingModel: String?
    /// What `source` was when the run was made; nil before.
    package var view: View?

    package init(
        source: Source, limit: Int = RunLimits.defaultPassageCount, kinds: [String] = [], tags: [String] = [],
        mode: Mode = .hybrid, embeddingModel: String? = nil, view: View? = nil
    ) {
        self.source = source
        self.limit = limit
        self.kinds = kinds
        self.tags = tags
        self.mode = mode
        self.embeddingModel = embeddingModel
        self.view = view
    }

    /// Reports what is wrong with it under its path.
    init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let source = Self.source(&reader, problems)
        let limit = reader.integer("limit", in: 1...RunLimits.maximumPassageCount) ?? RunLimits.defaultPassageCount
        let kinds =
            reader.texts("kinds", maximumCount: RunLimits.knowledgeKinds.count, maximumByteCount: RunLimits.maximumNameByteCount) ?? []
        for kind in kinds where !RunLimits.knowledgeKinds.contains(kind) {
            reader.report("kinds", "\(kind.cut(toByteCount: 64)) is none of \(RunLimits.knowledgeKinds.joined(separator: ", "))")
        }
        let tags = reader.texts("tags", maximumCount: TestCaseLimits.maximumTagCount, maximumByteCount: TestCaseLimits.maximumTagByteCount)
        let mode = reader.name("mode", of: Mode.self) ?? .hybrid
        let model = reader.text("embedding_model", maximumByteCount: 2 * RunLimits.maximumNameByteCount)
        let view = reader.value("view").flatMap { View($0, path: reader.path(of: "view"), problems: problems) }
        reader.finish()
        guard let source else { return nil }
        self.init(source: source, limit: limit, kinds: kinds, tags: tags ?? [], mode: mode, embeddingModel: model, view: view)
    }

    private static func source(_ reader: inout ObjectReader, _ problems: ProblemList) -> Source? {
        switch reader.value("source") {
        case nil, .string("active")?: return .active
        case .object(let members)? where members.count == 1:
            guard var inner = ObjectReader(.object(members), path: reader.path(of: "source"), problems: problems) else { return nil }
            let revision = inner.integer("revision", in: 1...Int(Int32.max))
            let draft = inner.text("draft", maximumByteCount: RunLimits.maximumNameByteCount)
            inner.finish()
            return revision.map(Source.revision) ?? draft.map(Source.draft)
        default:
            reader.report("source", "\"active\", {\"revision\": number} or {\"draft\": \"name\"} is due here")
            return nil
        }
    }

    /// Reads back as the same.
    package var json: JSONValue {
        var members: [JSONMember] = []
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(JSONMember(key: key, value: value)) } }
        switch source {
        case .active: add("source", .string("active"))
        case .revision(let number): add("source", .object([JSONMember(key: "revision", value: .integer(Int64(number)))]))
        case .draft(let name): add("source", .object([JSONMember(key: "draft", value: .string(name))]))
        }
        add("limit", .integer(Int64(limit)))
        if !kinds.isEmpty { add("kinds", .array(kinds.map(JSONValue.string))) }
        if !tags.isEmpty { add("tags", .array(tags.map(JSONValue.string))) }
        if mode != .hybrid { add("mode", .string(mode.rawValue)) }
        add("embedding_model", embeddingModel.map(JSONValue.string))
        add("view", view?.json)
        return .object(members)
    }
}

extension RunRetrieval.View {
    fileprivate init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let revision = reader.integer("revision", in: 0...Int(Int32.max))
        let draft = reader.text("draft_id", maximumByteCount: RunLimits.maximumNameByteCount)
        let version = reader.integer("draft_version", in: 0...Int(Int32.max))
        reader.finish()
        guard let revision else { return nil }
        self.init(revision: revision, draftID: draft, draftVersion: version)
    }

    fileprivate var json: JSONValue {
        var members = [JSONMember(key: "revision", value: .integer(Int64(revision)))]
        if let draftID { members.append(JSONMember(key: "draft_id", value: .string(draftID))) }
        if let draftVersion { members.append(JSONMember(key: "draft_version", value: .integer(Int64(draftVersion)))) }
        return .object(members)
    }
}
