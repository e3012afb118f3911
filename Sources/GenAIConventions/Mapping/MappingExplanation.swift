import TraceModel

/// Which attribute and which rule filled each field of a span: the mapping run again over the stored attributes, keeping what won.
package struct MappingExplanation: Sendable {
    /// Where a field's value came from.
    package struct Origin: Sendable {
        package var field: LLMField
        /// Which rules filled it: one, or all parts of a sum.
        package var rules: [MappingRule]
        /// Among the field's rules, from 1: those before had no attribute with a usable value.
        package var position: Int
        /// The attribute's key where it is not the rule's own: one of a flattened list.
        package var attribute: String?
    }

    /// How a total came about that is more than what was sent.
    package struct Total: Equatable, Sendable {
        package var field: LLMField
        package var sent: Int64
        package var added: Int64
        package var reason: UsageNormalization.Reason
    }

    package var origins: [Origin]
    package var totals: [Total]
    /// What the mapping of today makes of the span: its cost where it was billed.
    package var fields: LLMFields
}

extension AttributeMapping {
    /// Explains the first span of a batch.
    package func explain(_ batch: inout SpanBatch) -> MappingExplanation {
        guard batch.spanCount > 0 else { return MappingExplanation(origins: [], totals: [], fields: LLMFields(spanCount: 0)) }
        var pass = MappingPass(mapping: self, batch: batch)
        pass.explains = true
        pass.run(over: &batch, count: 1)
        var origins: [MappingExplanation.Origin] = []
        for field in LLMField.allCases {
            let rules = rulesByField[field] ?? []
            let rank = Int(pass.winners[Int(field.rawValue)])
            if rank < rules.count {
                origins.append(
                    MappingExplanation.Origin(
                        field: field, rules: [rules[rank]], position: rank + 1, attribute: referred(field, rules[rank], pass.fields, batch))
                )
            } else if field == .reportedCost, pass.winningParts != 0 {
                let parts = rules.indices.filter { rules[$0].reading.isPart }
                let used = parts.enumerated().filter { pass.winningParts & (1 << $0.offset) != 0 }.map(\.element).filter { place in
                    if case .amountPart(let part) = rules[place].reading { pass.winningCost.counts(part) } else { false }
                }
                guard let first = used.first else { continue }
                origins.append(
                    MappingExplanation.Origin(field: field, rules: used.map { rules[$0] }, position: first + 1, attribute: nil))
            }
        }
        return MappingExplanation(origins: origins, totals: pass.totals, fields: pass.fields)
    }

    private func referred(_ field: LLMField, _ rule: MappingRule, _ fields: LLMFields, _ batch: SpanBatch) -> String? {
        guard case .indexed = rule.key else { return rule.key.attributeKey }
        let key = field == .input ? fields.inputKeys[0] : field == .output ? fields.outputKeys[0] : .max
        return key == .max ? nil : batch.text(batch.keys[Int(key)])
    }
}
