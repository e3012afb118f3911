/// What a pull does to a folder, decided by hashes alone.

import KnowledgeModel

package struct PullPlan: Equatable, Sendable {
    /// Entries whose files are written, and whose files are removed, in the order of their keys.
    package private(set) var written: [EntryKey] = []
    package private(set) var removed: [EntryKey] = []
    /// Entries that were changed here and there, each in its own way: nothing is done then.
    package private(set) var conflicts: [EntryKey] = []
    /// Entries that were changed here alone, and stay so.
    package private(set) var kept: [EntryKey] = []

    /// - Parameters:
    ///   - local: what the folder says.
    ///   - base: what it said when it was pulled last.
    ///   - known: what was put into the draft that is pulled, or pulled from it; nil: removed.
    ///   - source: what it is to say.
    ///   - isForced: whether what was changed here is overwritten. Entries that neither base nor source have stay.
    package init(
        local: [EntryKey: KnowledgeHash], base: [EntryKey: KnowledgeHash], known: [EntryKey: KnowledgeHash?],
        source: [EntryKey: KnowledgeHash], isForced: Bool
    ) {
        for key in Set(local.keys).union(base.keys).union(source.keys).sorted() {
            let here = local[key], before = base[key], there = source[key]
            if here == there { continue }
            let isClean = here == before || known[key].map { $0 == here } == true
            if !isClean {
                let isOwn = before == nil && there == nil
                if isOwn || !isForced {
                    if there == before { kept.append(key) } else { conflicts.append(key) }
                    continue
                }
            }
            if there == nil { removed.append(key) } else { written.append(key) }
        }
    }
}
