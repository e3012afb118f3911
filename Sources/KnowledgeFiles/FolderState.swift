/// What a folder remembers of the server, in `.spandrel-kb.json`: the revision that its files were pulled from, what each entry said there,
/// and what was put into drafts. It belongs into version control beside the files; a line for each entry keeps its differences small.
///
///     {"format": 1, "revision": 7,
///     "entries": [
///     {"key": "refunds/policy", "hash": "ab12..."}
///     ],
///     "drafts": [
///     {"draft": "018f...", "key": "refunds/policy", "hash": null}
///     ]}

import ByteCoding
import ContentReading
import KnowledgeModel

package struct FolderState: Equatable, Sendable {
    package static let fileName = ".spandrel-kb.json"

    /// 0: nothing was pulled yet, or nothing was ever promoted.
    package var revision = 0
    package var entries: [EntryKey: KnowledgeHash] = [:]
    /// By the drafts' ids: what was last put there or pulled from there of entries that differ from the revision; nil: removed.
    package var drafts: [String: [EntryKey: KnowledgeHash?]] = [:]

    package init() {}

    /// Throws what is wrong with the file, with its name.
    package init(_ bytes: [UInt8]) throws(KnowledgeFilesError) {
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch {
            throw Self.problem("is no JSON (\(error)); restore it from version control, or remove it and pull")
        }
        guard value["format"]?.integerValue == 1 else { throw Self.problem("was not written by this version of spandrel") }
        guard let revision = value["revision"]?.integerValue, (0...Int64(Int32.max)).contains(revision),
            let entries = value["entries"]?.arrayValue, let drafts = value["drafts"]?.arrayValue
        else { throw Self.problem("has no revision, entries or drafts") }
        self.revision = Int(revision)
        for item in entries {
            let (key, hash) = try Self.line(item)
            guard let hash, self.entries.updateValue(hash, forKey: key) == nil else {
                throw Self.problem("says not once what the entry '\(key)' was")
            }
        }
        for item in drafts {
            let (key, hash) = try Self.line(item)
            guard let draft = item["draft"]?.stringValue else { throw Self.problem("has a line without its draft") }
            self.drafts[draft, default: [:]].updateValue(hash, forKey: key)
        }
    }

    private static func line(_ item: JSONValue) throws(KnowledgeFilesError) -> (EntryKey, KnowledgeHash?) {
        guard let key = item["key"]?.stringValue, KnowledgeEntry.problem(ofKey: key) == nil, let hash = item["hash"] else {
            throw problem("has a line without key and hash")
        }
        if hash.isNull { return (EntryKey(key), nil) }
        guard let hash = hash.stringValue.flatMap({ KnowledgeHash(hex: $0) }) else { throw problem("has a hash that is none") }
        return (EntryKey(key), hash)
    }

    private static func problem(_ message: String) -> KnowledgeFilesError { KnowledgeFilesError(fileName, message) }

    /// The same for the same state.
    package var bytes: [UInt8] {
        func text(_ key: EntryKey) -> String { Self.text(.string(key.text)) }
        let entries = entries.sorted { $0.key < $1.key }.map { "{\"key\": \(text($0.key)), \"hash\": \"\($0.value.hex)\"}" }
        let drafts = drafts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { draft, hashes in
            hashes.sorted { $0.key < $1.key }.map { key, hash in
                "{\"draft\": \(Self.text(.string(draft))), \"key\": \(text(key)), \"hash\": \(hash.map { "\"\($0.hex)\"" } ?? "null")}"
            }
        }
        let lines =
            "{\"format\": 1, \"revision\": \(revision),\n\"entries\": [\n" + entries.joined(separator: ",\n") + "\n],\n\"drafts\": [\n"
            + drafts.joined(separator: ",\n") + "\n]}\n"
        return Array(lines.utf8)
    }

    private static func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }
}
