/// `spandrel kb diff`: what the files say otherwise than a revision or a draft, as `git diff` shows it.

import KnowledgeFiles
import KnowledgeModel
import RunClient

@preconcurrency import Glibc

struct KnowledgeComparison: Sendable {
    let server: KnowledgeServer
    let folder: KnowledgeFolder
    /// nil: the active revision.
    let draft: String?

    /// Prints what differs, in the order of the keys; whether anything does.
    func run() async throws -> Bool {
        let local = try LocalEntries(folder), source: KnowledgeServer.Source
        if let draft {
            guard let found = try await server.draft(draft), !found.hasEnded else { throw CommandFailure("there is no draft \(draft)") }
            source = .draft(draft)
        } else {
            source = .revision(try await server.activeRevision())
        }
        let listing = try await server.listing(of: source)
        var paths = EntryPaths(present: local.entries.values.map(\.path)), differs = false
        for key in Set(local.entries.keys).union(listing.entries.keys).sorted() {
            let entry = listing.entries[key]
            guard local.entries[key]?.hash != entry?.hash else { continue }
            differs = true
            var there: KnowledgeContent?
            if let entry { there = try await server.content(of: key, entry.hash, at: source) }
            let here = try local.content(of: key)
            let path = local.entries[key]?.path ?? paths.path(of: key, entry?.kind ?? .article)
            Self.show(EntryDifference.text(from: there, to: here, of: key, at: path))
        }
        return differs
    }

    /// As it is into a file; on a terminal nothing in it moves the cursor.
    private static func show(_ text: String) {
        guard isatty(STDOUT_FILENO) == 1 else { return print(text, terminator: "") }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            shown.append(scalar == "\n" || scalar == "\t" || !PlainText.isUnsafe(scalar) ? scalar : "\u{fffd}")
        }
        print(String(shown), terminator: "")
    }
}
