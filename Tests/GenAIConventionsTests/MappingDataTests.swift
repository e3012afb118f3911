import Testing
import TraceModel

@testable import GenAIConventions

@Suite("The mapping's data is sound")
struct MappingDataTests {
    private let rules = AttributeMapping.current.rules

    @Test("no field has the same attribute twice")
    func noDuplicates() {
        struct Pair: Hashable {
            var field: LLMField
            var key: MappingRule.KeyPattern
        }
        #expect(Set(rules.map { Pair(field: $0.field, key: $0.key) }).count == rules.count)
    }

    @Test("every column of LLMFields but the computed cost is filled by some rule")
    func everyColumn() {
        let columns = Mirror(reflecting: LLMFields(spanCount: 0)).children.compactMap(\.label)
        let filled: [LLMField: String] = [
            .kind: "kinds", .provider: "providers", .requestModel: "requestModels", .responseModel: "responseModels", .input: "inputKeys",
            .output: "outputKeys", .inputTokens: "inputTokens", .outputTokens: "outputTokens", .cacheReadTokens: "cacheReadTokens",
            .cacheWriteTokens: "cacheWriteTokens", .reasoningTokens: "reasoningTokens", .reportedCost: "reportedCosts",
            .sessionID: "sessionIDs", .userID: "userIDs", .promptName: "promptNames", .promptVersion: "promptVersions",
            .toolName: "toolNames", .errorType: "errorTypes", .responseID: "responseIDs", .cacheWrite1hTokens: "usageDetails",
            .audioInputTokens: "usageDetails", .audioCacheReadTokens: "usageDetails", .audioOutputTokens: "usageDetails",
            .imageInputTokens: "usageDetails", .imageCacheReadTokens: "usageDetails", .imageOutputTokens: "usageDetails",
            .serviceTier: "usageDetails", .tags: "tags",
        ]
        #expect(Set(filled.values).union(["costs", "tagStarts"]) == Set(columns))
        #expect(Set(rules.map(\.field)) == Set(LLMField.allCases))
        #expect(
            Set(filled.keys) == Set(LLMField.allCases).subtracting([.reportedTotal, .passedOnInput, .passedOnOutput, .providerInput]))
    }

    @Test("every rule reads in a way its field can hold")
    func readings() {
        for rule in rules {
            let fits =
                switch rule.reading {
                case .text:
                    [.requestModel, .responseModel, .sessionID, .userID, .promptName, .promptVersion, .toolName, .errorType, .responseID]
                        .contains(rule.field)
                case .toolText: rule.field == .toolName
                case .errorLevel: rule.field == .errorType
                case .provider, .providerAndAPI: rule.field == .provider
                case .kind, .presence: rule.field == .kind
                case .reference: rule.field == .input || rule.field == .output
                case .count:
                    [
                        .inputTokens, .outputTokens, .cacheReadTokens, .cacheWriteTokens, .reasoningTokens, .reportedTotal,
                        .passedOnInput, .passedOnOutput, .providerInput, .cacheWrite1hTokens, .audioInputTokens, .audioCacheReadTokens,
                        .audioOutputTokens, .imageInputTokens, .imageCacheReadTokens, .imageOutputTokens,
                    ].contains(rule.field)
                case .serviceTier: rule.field == .serviceTier
                case .amount, .amountMembers, .amountPart: rule.field == .reportedCost
                case .tags: rule.field == .tags
                }
            #expect(fits, "\(rule.key.description)")
        }
    }

    @Test("parts stand last among the rules of their field, are of one convention, and there are no more than their mask has bits")
    func parts() {
        for field in LLMField.allCases {
            let own = rules.filter { $0.field == field }
            let firstPart = own.firstIndex { $0.reading.isPart } ?? own.count
            #expect(own[firstPart...].allSatisfy { $0.reading.isPart })
            #expect(Set(own[firstPart...].map(\.dialect)).count <= 1)
            #expect(own.count - firstPart <= 16)
        }
    }

    @Test("the rules of a field stand together, and ranks fit their byte and their table")
    func layout() {
        var seen: [LLMField] = []
        for rule in rules where seen.last != rule.field { seen.append(rule.field) }
        #expect(seen.count == LLMField.allCases.count)
        for field in LLMField.allCases { #expect(rules.count { $0.field == field } < 255) }
        #expect(LLMField.allCases.count <= 32)
    }

    @Test("every dialect has a usage rule, and the vocabularies name no kind twice")
    func dialectsAndVocabularies() {
        #expect(Set(AttributeMapping.current.usageRules.keys) == Set(Dialect.allCases))
        for vocabulary in KindVocabulary.allCases {
            #expect(Set(vocabulary.names.map { $0.name.lowercased() }).count == vocabulary.names.count)
        }
        #expect(AttributeMapping.current.version == 4)
    }
}
