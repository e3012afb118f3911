import Foundation
import Testing
import TraceModel

@testable import GenAIConventions

/// `docs/mapping.md` shows the shipped data between markers. With SPANDREL_WRITE_DOCS=1 in the environment the test
/// writes the tables instead of comparing them.
@Suite("docs/mapping.md says what the mapping does", .serialized)
struct MappingDocumentTests {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/mapping.md")

    private static func table(_ header: [String], _ rows: [[String]]) -> String {
        ([header, header.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private static var fields: String {
        let rules = AttributeMapping.current.rules
        var rows: [[String]] = []
        for (place, rule) in rules.enumerated() {
            let name = place == 0 || rules[place - 1].field != rule.field ? "`\(rule.field.name)`" : ""
            rows.append([name, "`\(rule.key.description)`", rule.reading.description, rule.dialect.rawValue])
        }
        return table(["field", "attribute", "read as", "convention"], rows)
    }

    private static var kinds: String {
        table(
            ["kind", "names"],
            LLMKind.allCases.compactMap { kind in
                let names = KindVocabulary.allCases.compactMap { vocabulary -> String? in
                    let own = vocabulary.names.filter { $0.kind == kind }.map { "`\($0.name)`" }
                    return own.isEmpty ? nil : "\(vocabulary.rawValue): " + own.joined(separator: ", ")
                }
                return names.isEmpty ? nil : ["`\(kind.name)`", names.joined(separator: "; ")]
            })
    }

    private static var providers: String {
        table(
            ["provider", "also spelled"],
            ProviderNames.spellings.map { ["`\($0.canonical)`", $0.others.map { "`\($0)`" }.joined(separator: ", ")] })
    }

    private static var usage: String {
        table(
            ["convention", "input includes cache", "output includes reasoning"],
            Dialect.allCases.map { dialect in
                let rule = AttributeMapping.current.usageRules[dialect]
                let answers = [rule?.inputIncludesCache, rule?.outputIncludesReasoning].map { $0?.description ?? "yes" }
                return [dialect.rawValue] + answers
            })
    }

    private static var providerUsage: String {
        table(
            ["provider", "input includes cache", "output includes reasoning"],
            ProviderUsage.exceptions.map { provider, rule in
                ["`\(provider)`", rule.inputIncludesCache.description, rule.outputIncludesReasoning.description]
            } + [["every other one", "yes", "yes"]])
    }

    private static var details: String {
        func names(_ keys: [String], _ prefixes: [String] = []) -> String {
            (keys.map { "`\($0)`" } + prefixes.map { "`\($0)*`" }).joined(separator: ", ")
        }
        return table(
            ["member", "from"],
            [
                ["`display_name`", names(SpanDetails.nameKeys) + ", `tool_name`"],
                [
                    "`environment`",
                    "`langfuse.environment`, \(names(SpanDetails.environmentKeys)); of the span, else of its resource",
                ],
                [
                    "`release`",
                    "`langfuse.release`, `langfuse.version` of the span; `langfuse.release`, `service.version` of the resource",
                ],
                [
                    "`time_to_first_token_ms`",
                    "`langfuse.observation.completion_start_time` (a time), `gen_ai.response.time_to_first_chunk` (seconds), "
                        + "`ai.response.msToFirstChunk`, `ai.stream.msToFirstChunk`, the first event of "
                        + names(SpanDetails.firstTokenEvents),
                ],
                ["`level_message`", "`\(ErrorLevels.messageKey)`"],
                [
                    "`error_message`",
                    "of a span whose status is an error: the status' message, `\(SpanDetails.exceptionMessageKey)` of its last event "
                        + "`\(SpanDetails.exceptionEvent)` that has one, `\(ErrorLevels.messageKey)`",
                ],
                ["`prompt_template`", names(SpanDetails.templateKeys)],
                ["`prompt_variables`", names(SpanDetails.variableKeys, SpanDetails.variablePrefixes)],
                ["`tool_call_id`", names(SpanDetails.toolCallIDKeys)],
                ["`tool_parameters`", names([SpanDetails.toolParametersKey])],
                ["`input_uncached_tokens`", "`input_tokens` less `cache_read_tokens` and `cache_write_tokens`, at least 0"],
                ["`output_visible_tokens`", "`output_tokens` less `reasoning_tokens`, at least 0"],
                ["`parameters`", names(SpanDetails.parameterKeys, SpanDetails.parameterPrefixes)],
                ["`metadata`", names(SpanDetails.metadataKeys, SpanDetails.metadataPrefixes)],
            ])
    }

    @Test(
        "the tables in the document are the data",
        arguments: ["fields", "kinds", "providers", "usage", "provider usage", "details", "version"])
    func tables(_ name: String) throws {
        let wanted =
            switch name {
            case "fields": Self.fields
            case "kinds": Self.kinds
            case "providers": Self.providers
            case "usage": Self.usage
            case "provider usage": Self.providerUsage
            case "details": Self.details
            default: "Mapping version \(AttributeMapping.current.version), price table version \(ShippedPrices.version)."
            }
        let document = try String(contentsOf: Self.path, encoding: .utf8)
        let start = try #require(document.range(of: "<!-- \(name) -->\n"))
        let end = try #require(document.range(of: "\n<!-- end of \(name) -->", range: start.upperBound..<document.endIndex))
        if ProcessInfo.processInfo.environment["SPANDREL_WRITE_DOCS"] == "1" {
            let written = document.replacingCharacters(in: start.upperBound..<end.lowerBound, with: wanted)
            try written.write(to: Self.path, atomically: true, encoding: .utf8)
        } else {
            #expect(document[start.upperBound..<end.lowerBound] == wanted)
        }
    }
}
