import ByteCoding
import ContentReading
import TraceModel

/// What a case was made from.
///
///     {"trace_id": "...", "span_id": "..."}
///     {"entry": {"key": "refunds/policy", "revision": 7}}
///     {"entry": {"key": "refunds/policy", "revision": 7, "draft_id": "...", "draft_version": 3}}
package enum TestCaseSource: Equatable, Sendable {
    case span(traceID: TraceID, spanID: SpanID?)
    case entry(Entry)

    /// An entry of the knowledge base, as one of its states had it.
    package struct Entry: Equatable, Sendable {
        package var key: String
        /// The revision; of a draft, its base. 0: nothing was ever promoted.
        package var revision: Int
        /// A UUID; nil: the revision as it is.
        package var draftID: String?
        package var draftVersion: Int?

        package init(key: String, revision: Int, draftID: String? = nil, draftVersion: Int? = nil) {
            self.key = key
            self.revision = revision
            self.draftID = draftID
            self.draftVersion = draftVersion
        }
    }

    package init(traceID: TraceID, spanID: SpanID? = nil) { self = .span(traceID: traceID, spanID: spanID) }

    package var traceID: TraceID? { if case .span(let traceID, _) = self { traceID } else { nil } }
    package var spanID: SpanID? { if case .span(_, let spanID) = self { spanID } else { nil } }
    package var entry: Entry? { if case .entry(let entry) = self { entry } else { nil } }

    /// nil for what is no source, as nothing writes it.
    package init?(json value: JSONValue) {
        let problems = ProblemList()
        guard let source = Self.read(value, path: "", problems: problems), problems.isEmpty else { return nil }
        self = source
    }

    package var json: JSONValue {
        switch self {
        case .span(let traceID, let spanID):
            var ids = [JSONMember(key: "trace_id", value: .string(traceID.hex))]
            if let spanID { ids.append(JSONMember(key: "span_id", value: .string(spanID.hex))) }
            return .object(ids)
        case .entry(let entry):
            var members = [
                JSONMember(key: "key", value: .string(entry.key)), JSONMember(key: "revision", value: .integer(Int64(entry.revision))),
            ]
            if let id = entry.draftID { members.append(JSONMember(key: "draft_id", value: .string(id))) }
            if let version = entry.draftVersion { members.append(JSONMember(key: "draft_version", value: .integer(Int64(version)))) }
            return .object([JSONMember(key: "entry", value: .object(members))])
        }
    }

    /// Reports what is wrong with it under its path.
    static func read(_ value: JSONValue, path: String, problems: ProblemList) -> TestCaseSource? {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        if let entry = reader.value("entry") {
            let found = Entry(entry, path: reader.path(of: "entry"), problems: problems)
            reader.finish()
            return found.map(TestCaseSource.entry)
        }
        let trace = reader.requiredText("trace_id", maximumByteCount: 64)
        let span = reader.text("span_id", maximumByteCount: 64)
        reader.finish()
        guard let trace else { return nil }
        guard let traceID = TraceID(hex: trace), !traceID.isZero else {
            reader.report("trace_id", "a trace id has 32 hexadecimal digits that are not all zero")
            return nil
        }
        guard let span else { return TestCaseSource(traceID: traceID) }
        guard let spanID = SpanID(hex: span), !spanID.isZero else {
            reader.report("span_id", "a span id has 16 hexadecimal digits that are not all zero")
            return nil
        }
        return TestCaseSource(traceID: traceID, spanID: spanID)
    }
}

extension TestCaseSource.Entry {
    fileprivate init?(_ value: JSONValue, path: String, problems: ProblemList) {
        guard var reader = ObjectReader(value, path: path, problems: problems) else { return nil }
        let key = reader.requiredText("key", maximumByteCount: TestCaseLimits.maximumEntryKeyByteCount)
        let revision = reader.integer("revision", in: 0...Int(Int32.max))
        if reader.value("revision") == nil { reader.report("revision", "the number of a revision is due here") }
        let draft = reader.text("draft_id", maximumByteCount: 64)
        let version = reader.integer("draft_version", in: 0...Int(Int32.max))
        reader.finish()
        guard let key, let revision else { return nil }
        self.init(key: key, revision: revision, draftID: draft, draftVersion: version)
    }
}
