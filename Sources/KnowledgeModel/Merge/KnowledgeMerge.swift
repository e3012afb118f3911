/// Two people's changes of one entry put together: field by field, texts line by line, columns and parameters by their names.

import ByteCoding
import ContentReading

package enum KnowledgeMerge {
    package enum Outcome: Sendable, Equatable {
        /// nil: the entry is not there.
        case merged(KnowledgeContent?)
        /// The paths where both sides say something else; the empty path is the whole entry, which one side took away.
        case conflict([String])
    }

    /// `base` is what both began with; nil: the entry was not there, or is not.
    package static func merge(base: KnowledgeContent?, ours: KnowledgeContent?, theirs: KnowledgeContent?) -> Outcome {
        let hashes = (base: base?.hash, ours: ours?.hash, theirs: theirs?.hash)
        if hashes.ours == hashes.theirs || hashes.theirs == hashes.base { return .merged(ours) }
        if hashes.ours == hashes.base { return .merged(theirs) }
        guard let ours, let theirs else { return .conflict([""]) }
        guard let base else {
            return .conflict(FieldDifference.differences(from: ours.json, to: theirs.json).map(\.path))
        }
        if ours.body.kind != theirs.body.kind || base.body.kind != ours.body.kind { return .conflict(["kind"]) }
        var merge = JSONMerge()
        let merged = merge.merge(base: base.json, ours: ours.json, theirs: theirs.json, path: "")
        guard merge.conflicts.isEmpty, let merged else { return .conflict(merge.conflicts) }
        do throws(InvalidContent) { return .merged(try KnowledgeContent(json: merged)) } catch {
            // Each side is right by itself, both together are not: a key over a column that the other side took away.
            return .conflict(error.problems.map(\.path))
        }
    }
}
