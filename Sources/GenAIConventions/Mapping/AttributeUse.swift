/// What the mapping looks at of an attribute: whoever works fields out again of stored spans reads that and no more.

import TraceModel

package struct AttributeUse: Equatable, Sendable {
    /// Whether the value decides; else only that there is one.
    package var needsValue: Bool
    /// One of a flattened list, of which the first that a rule knows counts.
    package var isListed: Bool
}

extension AttributeMapping {
    /// What prices ask for and no column has: which tokens are paid apart, how the call was served, which answer it reports.
    package static let fieldsBesideColumns: Set<LLMField> = [
        .cacheWrite1hTokens, .audioInputTokens, .audioCacheReadTokens, .audioOutputTokens, .imageInputTokens, .imageCacheReadTokens,
        .imageOutputTokens, .serviceTier, .responseID,
    ]

    /// Nil for an attribute that is only stored.
    ///
    /// - Parameter fields: those asked for; nil for all, and for whatever else the mapping makes of a span.
    package func use(ofKey key: String, for fields: Set<LLMField>? = nil) -> AttributeUse? {
        var index = firstRule(forKey: Array(key.utf8).span)
        var use: AttributeUse?
        while index != 0 {
            let rule = compiledRules[Int(index)]
            if fields?.contains(rule.field) ?? true {
                let isIndexed = rulesByField[rule.field]?[Int(rule.rank)].key.attributeKey == nil
                use = AttributeUse(
                    needsValue: (use?.needsValue ?? false) || rule.reading != .reference, isListed: (use?.isListed ?? false) || isIndexed)
            }
            index = rule.next
        }
        if use?.needsValue == true || fields != nil { return use }
        if Self.otherKeys.contains(key) { return AttributeUse(needsValue: true, isListed: false) }
        return use ?? (key == LogRecordKeys.body ? AttributeUse(needsValue: false, isListed: false) : nil)
    }

    /// Whether an attribute of an event may tell what kind of error its span ended with.
    package func readsEventAttribute(_ key: String) -> Bool {
        errorEventRules.contains { $0.key.elementsEqual(key.utf8) }
    }

    private static let otherKeys = Set(
        ErrorLevels.levelKeys + [ErrorLevels.messageKey, PendingSpans.typeKey, PendingSpans.parentKey])
}
