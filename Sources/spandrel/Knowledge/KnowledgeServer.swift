/// The knowledge base of a server as `spandrel kb` needs it. What a server answers is checked before anything is made of it: keys that no
/// entry can have, entries that are not what their hash says, lists without an end.

import ByteCoding
import ContentReading
import KnowledgeFiles
import KnowledgeModel
import RunClient

struct KnowledgeServer: Sendable {
    let server: RunServer

    private static let root = "/api/v1/kb"

    init(_ client: APIClient) {
        server = RunServer(client, maximumSilenceSeconds: RunClientLimits.maximumStartSeconds) { reason in
            CommandText.tell("\(reason); trying again")
        }
    }

    /// Where entries are read.
    enum Source: Sendable {
        case revision(Int)
        case draft(String)

        fileprivate var path: String {
            switch self {
            case .revision(let number): "\(root)/revisions/\(number)/entries"
            case .draft(let name): "\(root)/drafts/\(name)/entries"
            }
        }
    }

    struct Entry: Sendable {
        var hash: KnowledgeHash
        var kind: KnowledgeKind
    }

    /// What a revision or a draft has, without contents.
    struct Listing: Sendable {
        var entries: [EntryKey: Entry] = [:]
        /// Of a draft.
        var version: Int64?

        var hashes: [EntryKey: KnowledgeHash] { entries.mapValues(\.hash) }
    }

    struct Draft: Sendable {
        var id: String
        var name: String
        var state: String
        var baseRevision: Int
        var promotionID: String?
        var json: JSONValue

        init(_ json: JSONValue) throws {
            guard let id = json["id"]?.stringValue, let name = json["name"]?.stringValue, let state = json["state"]?.stringValue,
                let base = json["base_revision"]?.integerValue
            else { throw CommandFailure("the server's answer is no draft") }
            // It becomes part of paths.
            guard id.utf8.count == 36, id.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == "-") }) else {
                throw CommandFailure("the server's draft has no id")
            }
            self.id = id
            self.name = name
            self.state = state
            baseRevision = Int(clamping: base)
            promotionID = json["promotion_id"]?.stringValue
            self.json = json
        }

        /// Submitted: it is to be withdrawn before it is changed.
        var isClosed: Bool { state == "in_review" || state == "approved" }

        var hasEnded: Bool { state == "promoted" || state == "discarded" }
    }

    // MARK: Reading

    func activeRevision() async throws -> Int {
        guard let revision = try await server.patiently("GET", Self.root + "/active")["revision"]?.integerValue, revision >= 0 else {
            throw CommandFailure("the server did not say which revision is active")
        }
        return Int(clamping: revision)
    }

    /// nil: there is none of this name. A name may be of a draft that has ended.
    func draft(_ name: String) async throws -> Draft? {
        do { return try Draft(await server.patiently("GET", "\(Self.root)/drafts/\(name)")) } catch let fault as RunServer.Fault {
            guard fault.status == 404 else { throw fault }
            return nil
        }
    }

    /// The ids of those that have not ended.
    func openDrafts() async throws -> Set<String> {
        var ids: Set<String> = [], cursor: String?
        repeat {
            let page = try await server.patiently(
                "GET",
                "\(Self.root)/drafts?limit=\(KnowledgeFilesLimits.pageItemCount)" + (cursor.map { "&cursor=\(Self.encoded($0))" } ?? ""))
            let found = (page["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
            cursor = page["next_cursor"]?.stringValue
            guard !ids.isSuperset(of: found) || cursor == nil else { throw CommandFailure("the server's list of drafts has no end") }
            ids.formUnion(found)
        } while cursor != nil
        return ids
    }

    /// Every entry, page after page; of a draft all of one version.
    func listing(of source: Source) async throws -> Listing {
        var listing = Listing()
        // Before the first promotion there is nothing, and no revision to ask for.
        if case .revision(0) = source { return listing }
        var cursor: String?, last: EntryKey?
        repeat {
            let page = try await server.patiently(
                "GET",
                "\(source.path)?limit=\(KnowledgeFilesLimits.pageItemCount)" + (cursor.map { "&cursor=\(Self.encoded($0))" } ?? ""))
            let version = page["draft_version"]?.integerValue
            guard cursor == nil || version == listing.version else { throw CommandFailure("the draft is being changed; try again") }
            listing.version = version
            for item in page["data"]?.arrayValue ?? [] {
                let (key, entry) = try Self.entry(item)
                if let last, !(last < key) { throw CommandFailure("the server's list of entries is in no order") }
                last = key
                listing.entries[key] = entry
            }
            cursor = page["next_cursor"]?.stringValue
            guard listing.entries.count <= KnowledgeLimits.maximumEntryCount, cursor == nil || last != nil else {
                throw CommandFailure("the server's list of entries has no end")
            }
        } while cursor != nil
        return listing
    }

    private static func entry(_ item: JSONValue) throws -> (EntryKey, Entry) {
        let key = item["key"]?.stringValue ?? ""
        if let problem = KnowledgeEntry.problem(ofKey: key) {
            throw CommandFailure("the server names an entry \(CommandText.line(key)), which none can be called: \(problem)")
        }
        guard let hash = item["hash"]?.stringValue.flatMap({ KnowledgeHash(hex: $0) }),
            let kind = item["kind"]?.stringValue.flatMap(KnowledgeKind.init)
        else { throw CommandFailure("the server does not say what the entry \(CommandText.line(key)) is") }
        return (EntryKey(key), Entry(hash: hash, kind: kind))
    }

    /// What an entry says, as it was listed with this hash.
    func content(of key: EntryKey, _ hash: KnowledgeHash, at source: Source) async throws -> KnowledgeContent {
        let answer = try await server.patiently("GET", "\(source.path)/\(Self.encoded(key.text))")
        let content: KnowledgeContent
        do throws(InvalidContent) { content = try KnowledgeContent(json: answer["content"] ?? .null) } catch {
            throw CommandFailure("the server's entry \(CommandText.line(key.text)) cannot be read: \(CommandText.line(error.description))")
        }
        guard content.hash == hash else {
            throw CommandFailure("the entry \(CommandText.line(key.text)) is being changed; try again")
        }
        return content
    }

    func settings() async throws -> JSONValue { try await server.patiently("GET", Self.root + "/settings") }

    // MARK: Writing

    /// Errors: 409 when somebody made it meanwhile.
    func create(_ name: String, description: String) async throws -> Draft {
        var members = [JSONMember(key: "name", value: .string(name))]
        if !description.isEmpty { members.append(JSONMember(key: "description", value: .string(description))) }
        return try Draft(await server.once("POST", Self.root + "/drafts", body: JSONValue.object(members).bytes))
    }

    func describe(_ draft: String, _ description: String) async throws {
        let body = JSONValue.object([JSONMember(key: "description", value: .string(description))])
        _ = try await server.patiently("PATCH", "\(Self.root)/drafts/\(draft)", body: body.bytes)
    }

    /// nil: the entry is to be no more. Errors: 412 when the draft has something else than `present` there, also by an earlier try whose
    /// answer was lost.
    func put(_ content: KnowledgeContent?, _ key: EntryKey, replacing present: KnowledgeHash?, in draft: String) async throws {
        let condition = present.map { ("if-match", "\"\($0.hex)\"") } ?? ("if-none-match", "*")
        _ = try await server.patiently(
            content == nil ? "DELETE" : "PUT", "\(Source.draft(draft).path)/\(Self.encoded(key.text))", body: content?.json.bytes ?? [],
            headers: [condition])
    }

    /// What the draft has there now; nil: nothing.
    func hash(of key: EntryKey, in draft: String) async throws -> KnowledgeHash? {
        do {
            let answer = try await server.patiently("GET", "\(Source.draft(draft).path)/\(Self.encoded(key.text))")
            return try Self.entry(answer).1.hash
        } catch let fault as RunServer.Fault {
            guard fault.status == 404 else { throw fault }
            return nil
        }
    }

    /// A step of a draft's life, as `submit`, without a body unless it takes one.
    func step(_ step: String, of draft: String, body: JSONValue? = nil) async throws -> JSONValue {
        try await server.once("POST", "\(Self.root)/drafts/\(draft)/\(step)", body: body?.bytes ?? [])
    }

    /// Every byte of a key that a path gives a meaning.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
