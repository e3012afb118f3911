/// The box to try retrieval: a question as an agent asks it, and the passages that it is answered with, each with why.

import ByteCoding

struct RetrievalQuestion: Sendable {
    let text: String
    /// The API's: `hybrid`, `text`, `vector`.
    let mode: String
    /// `active`, or `draft:NAME`.
    let source: String
    let kinds: [String]

    private static let modes = [("hybrid", "Words and meaning"), ("text", "Words"), ("vector", "Meaning")]
    private static let kindChoices = [("article", "articles"), ("operation", "operations"), ("table", "tables")]
    private static let draftPrefix = "draft:"

    /// For the API.
    var body: JSONValue {
        var members = [JSONMember(key: "query", value: .string(text)), JSONMember(key: "mode", value: .string(mode))]
        if !kinds.isEmpty { members.append(JSONMember(key: "kinds", value: .array(kinds.map { .string($0) }))) }
        if source.hasPrefix(Self.draftPrefix) {
            let draft = JSONValue.string(String(source.dropFirst(Self.draftPrefix.count)))
            members.append(JSONMember(key: "source", value: .object([JSONMember(key: "draft", value: draft)])))
        }
        return .object(members)
    }

    /// `drafts`: names of those under way.
    func set(drafts: [String], in context: inout PageContext) {
        context.set("query", text)
        context.set("modes", Self.choices(Self.modes) { $0 == mode })
        let sources = [("active", "what is active")] + drafts.map { (Self.draftPrefix + $0, "draft " + $0) }
        context.set("sources", Self.choices(sources) { $0 == source })
        context.set("kind_choices", Self.choices(Self.kindChoices) { kinds.contains($0) })
    }

    private static func choices(_ all: [(String, String)], _ isSelected: (String) -> Bool) -> [PageContext] {
        all.map { value, name in
            .make {
                $0.set("value", value)
                $0.set("name", name)
                $0.set("is_selected", isSelected(value))
            }
        }
    }
}

enum RetrievalContent {
    /// `answer`: nil where nothing was asked, or the API refused; then `problem` says why.
    static func set(_ answer: JSONValue?, problem: String?, project: String, in context: inout PageContext) {
        let passages = answer?.list("data") ?? [], best = passages.compactMap { $0.number("score") }.max() ?? 0
        context.set("has_problem", problem != nil)
        context.set("problem", problem.map { Sentence.text($0) })
        context.set("has_answer", answer != nil)
        context.set("answer_text", answer.map { text(of: $0, passages.count) })
        context.set("has_passages", !passages.isEmpty)
        context.set("passages", passages.enumerated().map { passage($1, position: $0 + 1, best: best, project: project) })
    }

    private static func text(of answer: JSONValue, _ count: Int) -> String {
        let modes = ["hybrid": "words and meaning", "text": "words", "vector": "meaning"]
        var text = "\(Figures.counted(count, "passage", "passages")) of revision \(answer.integer("revision") ?? 0)"
        if let version = answer.integer("draft_version") { text += " with version \(version) of the draft" }
        text += ", by " + (modes[answer.text("mode")] ?? answer.text("mode"))
        if let model = answer["embedding_model"]?.stringValue { text += " (\(model))" }
        if let reason = answer["mode_reason"]?.stringValue { text += ": " + reason }
        if let missing = answer.integer("unembedded_chunks"), missing > 0 {
            text += "; \(Figures.counted(missing, "chunk has", "chunks have")) no vector yet"
        }
        return text
    }

    private static func passage(_ passage: JSONValue, position: Int, best: Double, project: String) -> PageContext {
        let headings = passage.texts("heading_path"), score = passage.number("score") ?? 0
        let words = passage["explanation"]?["text"] ?? .null, meaning = passage["explanation"]?["vector"] ?? .null
        let explained = [
            words.integer("rank").map { "words: rank \($0)" },
            meaning.integer("rank").map { "meaning: rank \($0) (cosine \(Figures.fixed(meaning.number("cosine") ?? 0, 2)))" },
        ]
        let own = PageContext.make {
            $0.set("position_text", String(position))
            $0.set("key", passage.text("key"))
            $0.set("url", "\(project)/knowledge/entries/\(URLText.encoded(passage.text("key")))")
            $0.set("entry_title", passage.text("title"))
            $0.set("has_heading", !headings.isEmpty)
            $0.set("heading_text", headings.map { "› " + $0 }.joined(separator: " "))
            $0.set("kind", passage.text("kind"))
            $0.set("score", Figures.raw(score))
            $0.set("score_text", Figures.fixed(score, 3))
            $0.set("share", best > 0 ? Int((100 * max(0, score) / best).rounded()) : 0)
            $0.set("explanation_text", explained.compactMap { $0 }.joined(separator: ", "))
        }
        var content = SpanTexts.content(passage.text("text"))
        content.set("format", "markdown")
        return content.merged(into: own)
    }
}
