/// What requests about a knowledge base say in their paths and queries.

import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import KnowledgeModel
import Metastore
import TraceModel

extension APIRequest {
    /// The entry that the path names. Throws a 404 for what no entry can be called.
    var knowledgeKey: String {
        get throws(Problem) {
            let key = path("key")
            guard KnowledgeEntry.problem(ofKey: key) == nil else { throw .notFound("entry") }
            return key
        }
    }

    /// The revision that the path names. Throws a 404 for what is no number of one.
    var revisionNumber: Int {
        get throws(Problem) {
            guard let number = Int(path("number")), (1...Int(Int32.max)).contains(number) else { throw .notFound("revision") }
            return number
        }
    }

    /// `kind`, `tag` and `prefix` of a list of entries.
    var entryFilter: KnowledgeEntryFilter {
        get throws(Problem) {
            var filter = KnowledgeEntryFilter(tag: try storableText("tag"), prefix: try storableText("prefix"))
            if let name = query["kind"] {
                filter.kind = KnowledgeKind(rawValue: name)
                guard filter.kind != nil else {
                    throw .invalid("kind", "must be one of \(KnowledgeKind.allCases.map(\.rawValue).joined(separator: ", "))")
                }
            }
            return filter
        }
    }

    /// A query parameter that PostgreSQL is asked about.
    func storableText(_ name: String) throws(Problem) -> String? {
        guard let text = query[name] else { return nil }
        guard !text.utf8.contains(0) else { throw .invalid(name, "must not hold the character U+0000") }
        return text
    }

    /// A state of the knowledge base that the body names, as a run's `retrieval.source`: `"active"` (also when it says nothing),
    /// `{"revision": N}`, `{"draft": "NAME"}`. Throws a 422 for what names none, a 404 for a draft that there is not.
    func knowledgeSource(
        _ field: String, in project: ProjectID, _ drafts: KnowledgeDraftRepository
    ) async throws -> KnowledgeSource {
        switch body[field] {
        case nil, .null?, .string("active")?: return .active
        case .object(let members)? where members.count == 1:
            if let number = members[0].value.integerValue, members[0].key == "revision", (1...Int64(Int32.max)).contains(number) {
                return .revision(Int(number))
            }
            if let name = members[0].value.stringValue, members[0].key == "draft" {
                guard let draft = try await drafts.find(name: name, in: project) else { throw Problem.notFound("draft") }
                return .draft(draft.id)
            }
        default: break
        }
        throw Problem.unprocessable(field, "must be \"active\", {\"revision\": number} or {\"draft\": \"name\"}")
    }

    /// Where a list that is in the order of keys goes on: after the last key of the page before.
    var keyCursor: String? {
        get throws(Problem) { try storableText("cursor") }
    }
}

/// Where a list of a revision's entries goes on: in that revision, whatever has become active meanwhile. `3:tables/orders`
struct EntryCursor: Equatable, Sendable {
    let revision: Int
    let key: String

    init(revision: Int, key: String) {
        self.revision = revision
        self.key = key
    }

    /// Throws a 400 for what no page has said.
    init(_ text: String) throws(Problem) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let revision = Int(parts[0]), (0...Int(Int32.max)).contains(revision) else {
            throw .invalid("cursor", "is not one of this list; start without it")
        }
        self.init(revision: revision, key: String(parts[1]))
    }

    var text: String { "\(revision):\(key)" }
}

/// A page of a view's entries.
struct EntryPage: Sendable {
    /// What the page is of: a draft as it was read, which may be a later version of it than was found.
    let view: KnowledgeView
    let entries: [StoredKnowledgeEntry]
    let last: String?

    /// Throws what the query's parameters and the database throw.
    init(_ request: APIRequest, of view: KnowledgeView, after key: String?, _ knowledge: KnowledgeRepository) async throws {
        let limit = try request.limit()
        let (seen, found) = try await knowledge.seenEntries(of: view, filter: try request.entryFilter, after: key, limit: limit + 1)
        self.view = seen
        entries = Array(found.prefix(limit))
        last = found.count > limit ? entries.last?.key : nil
    }
}
