/// An error's words as a page says them: a sentence.

enum Sentence {
    /// With a capital at the beginning, if that is a letter, and an end.
    static func text(_ words: String) -> String {
        guard let first = words.first else { return "" }
        let end = words.last.map { ".!?".contains($0) } == true ? "" : "."
        return first.uppercased() + words.dropFirst() + end
    }
}

extension Sentence {
    /// With a capital at the beginning.
    static func heading(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }
}
