import ByteCoding
import ContentReading
import Testing

@testable import EvaluationModel

@Suite struct RunRetrievalTests {
    private static let target = #"{"name": "a", "kind": "http", "url": "http://x/", "body": {}}"#

    private func specification(_ retrieval: String) throws -> RunSpecification {
        try RunSpecification(json: try JSONValue.parse(#"{"name": "r", "targets": [\#(Self.target)], "retrieval": \#(retrieval)}"#))
    }

    @Test("a retrieval is read, written and read back as the same")
    func roundTrip() throws {
        let cases: [(String, RunRetrieval)] = [
            ("{}", RunRetrieval(source: .active)),
            (#"{"source": "active", "limit": 3}"#, RunRetrieval(source: .active, limit: 3)),
            (#"{"mode": "text"}"#, RunRetrieval(source: .active, mode: .text)),
            (#"{"source": {"revision": 7}, "kinds": ["table"]}"#, RunRetrieval(source: .revision(7), kinds: ["table"])),
            (
                #"{"source": {"draft": "next"}, "tags": ["a"], "embedding_model": "openai/e", "view": {"revision": 2, "draft_id": "x", "draft_version": 4}}"#,
                RunRetrieval(
                    source: .draft("next"), tags: ["a"], embeddingModel: "openai/e",
                    view: .init(revision: 2, draftID: "x", draftVersion: 4))
            ),
        ]
        for (text, expected) in cases {
            let read = try specification(text)
            #expect(read.retrieval == expected)
            #expect(try RunSpecification(json: read.json) == read)
        }
        #expect(try specification("null").retrieval == nil)
    }

    @Test(
        "what cannot be meant is a problem with its path",
        arguments: [
            (#"{"source": "newest"}"#, "retrieval.source"), (#"{"source": {}}"#, "retrieval.source"),
            (#"{"source": {"revision": 0}}"#, "retrieval.source.revision"),
            (#"{"source": {"branch": "x"}}"#, "retrieval.source.branch"),
            (#"{"kinds": ["film"]}"#, "retrieval.kinds"), (#"{"limit": 51}"#, "retrieval.limit"),
            (#"{"mode": "vector"}"#, "retrieval.mode"), (#"{"more": 1}"#, "retrieval.more"),
        ])
    func problems(text: String, path: String) {
        let error = #expect(throws: InvalidContent.self) { try specification(text) }
        #expect(error?.problems.contains { $0.path == path } == true)
    }
}
