/// What stands for `{{context}}`: the passages that were found, the best first, each under its entry's key and headings.

import EvaluationModel

enum ContextText {
    /// Empty where nothing was found. A passage that would make it too long is left out with all after it; the first is cut.
    static func text(of hits: [KnowledgeHit], maximumByteCount: Int = KnowledgeWorkLimits.contextByteCount) -> String {
        var text = ""
        for hit in hits {
            let passage = passage(hit)
            if text.isEmpty {
                text = passage.cut(toByteCount: maximumByteCount)
            } else {
                guard text.utf8.count + 2 + passage.utf8.count <= maximumByteCount else { break }
                text += "\n\n" + passage
            }
        }
        return text
    }

    private static func passage(_ hit: KnowledgeHit) -> String {
        // A chunk's first heading is the title as a rule.
        let path = hit.headingPath.first == hit.title ? hit.headingPath : [hit.title] + hit.headingPath
        return "[\(hit.key)] \(path.joined(separator: " > "))\n\(hit.text)"
    }
}
