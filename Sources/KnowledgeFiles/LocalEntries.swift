/// The entries that a folder has: where each lies, what it says.

import KnowledgeModel

package struct LocalEntry: Equatable, Sendable {
    package var path: String
    package var hash: KnowledgeHash
}

package struct LocalEntries: Sendable {
    package private(set) var entries: [EntryKey: LocalEntry] = [:]
    package let folder: KnowledgeFolder

    /// Throws every problem of every file, with its place.
    package init(_ folder: KnowledgeFolder) throws(KnowledgeFilesError) {
        self.folder = folder
        var problems: [FileProblem] = []
        for path in try folder.files() {
            do throws(KnowledgeFilesError) {
                // Gone since the listing.
                guard let bytes = try folder.read(path) else { continue }
                let entry = try EntryFile.entry(bytes, at: path), key = EntryKey(entry.key)
                if let other = entries[key] {
                    problems.append(FileProblem(path, "\(other.path) has the entry '\(entry.key)' already"))
                } else {
                    entries[key] = LocalEntry(path: path, hash: entry.content.hash)
                }
            } catch { problems += error.problems }
        }
        guard problems.isEmpty else { throw KnowledgeFilesError(problems) }
    }

    package var hashes: [EntryKey: KnowledgeHash] { entries.mapValues(\.hash) }

    /// What an entry says. Throws when its file has changed since it was read.
    package func content(of key: EntryKey) throws(KnowledgeFilesError) -> KnowledgeContent? {
        guard let local = entries[key] else { return nil }
        guard let bytes = try folder.read(local.path) else { throw KnowledgeFilesError(local.path, "is gone meanwhile; try again") }
        let entry = try EntryFile.entry(bytes, at: local.path)
        guard EntryKey(entry.key) == key, entry.content.hash == local.hash else {
            throw KnowledgeFilesError(local.path, "has changed meanwhile; try again")
        }
        return entry.content
    }
}
