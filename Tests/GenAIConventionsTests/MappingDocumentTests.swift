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
                let answers = [rule?.inputIncludesCache, rule?.outputIncludesReasoning].map { $0 == false ? "no" : "yes" }
                return [dialect.rawValue] + answers
            })
    }

    @Test(
        "the tables in the document are the data", arguments: ["fields", "kinds", "providers", "usage", "version"])
    func tables(_ name: String) throws {
        let wanted =
            switch name {
            case "fields": Self.fields
            case "kinds": Self.kinds
            case "providers": Self.providers
            case "usage": Self.usage
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
