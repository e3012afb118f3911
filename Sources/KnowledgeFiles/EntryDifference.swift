/// What is different between an entry there and here: the lines of its file, so that nothing is left out.

import KnowledgeModel

package enum EntryDifference {
    /// As `diff -u` and Git print it; empty for no difference. `path`: of the file here, or where it would be.
    package static func text(from old: KnowledgeContent?, to new: KnowledgeContent?, of key: EntryKey, at path: String) -> String {
        guard old?.hash != new?.hash else { return "" }
        func file(_ content: KnowledgeContent?) -> String {
            content.map { String(decoding: EntryFile.bytes(of: KnowledgeEntry(key: key.text, content: $0), at: path), as: UTF8.self) } ?? ""
        }
        let hunks = LineDifference.differences(from: file(old), to: file(new)).map(\.unified).joined()
        return "--- " + (old == nil ? "/dev/null" : "a/\(path)") + "\n+++ " + (new == nil ? "/dev/null" : "b/\(path)") + "\n" + hunks
    }
}
