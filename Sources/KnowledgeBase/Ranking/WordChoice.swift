import Glibc
import Metastore

/// Which words of a question are looked for, and what finding one is worth: its inverse document frequency, as in BM25. A pure value.
///
/// A word is looked for in two forms, as it stands and as its stem; a chunk that has it as it stands gets what that is worth (a little more,
/// as fewer chunks have it), one that has the stem alone what the stem is worth, none gets both. Rare words come first: each word brings as
/// many chunks as have it, and once they are as many as a search looks at, the rest of the words, which tell less, are left out. Words that
/// only hold a sentence together are looked for when there is nothing else.
struct WordChoice: Sendable, Equatable {
    /// In the order in which they are looked for.
    let words: [SoughtWord]

    /// - Parameters:
    ///   - question: with how many of the active chunks have each form; nil where it was not counted: none did then.
    ///   - chunkCount: about how many chunks the view has.
    init(
        _ question: [QuestionWord], chunkCount: Int, maximumFindCount: Int = KnowledgeSearchLimits.maximumFindCount,
        maximumWordCount: Int = KnowledgeSearchLimits.maximumSoughtWordCount
    ) {
        let telling = question.contains { !$0.isStopWord } ? question.filter { !$0.isStopWord } : question
        // Counted now and then, of what was active then: never fewer than the most frequent word says.
        let counted = telling.flatMap { [$0.chunkCount, $0.stemChunkCount] }.compactMap { $0 }.max() ?? 0
        let total = Double(max(chunkCount, counted, 1))
        func worth(_ count: Int?) -> Double {
            let count = Double(count ?? 0)
            return log(1 + (total - count + 0.5) / (count + 0.5))
        }
        func findCount(_ word: QuestionWord) -> Int { max(word.chunkCount ?? 0, word.stemChunkCount ?? 0) }
        let rarestFirst = telling.sorted { (findCount($0), $0.word) < (findCount($1), $1.word) }
        var chosen: [SoughtWord] = []
        var finds = 0
        for word in rarestFirst.prefix(maximumWordCount) {
            var forms = [SoughtWord.Form(text: word.word, worth: worth(word.chunkCount))]
            var wordFinds = word.chunkCount ?? 0
            // Every chunk with the word has its stem: as many of both are the same ones.
            if let stem = word.stem, stem != word.word, word.chunkCount == nil || word.chunkCount != word.stemChunkCount {
                forms.append(SoughtWord.Form(text: stem, worth: worth(word.stemChunkCount)))
                wordFinds += word.stemChunkCount ?? 0
            }
            finds += wordFinds
            if !chosen.isEmpty, finds > maximumFindCount { break }
            chosen.append(SoughtWord(forms: forms))
        }
        words = chosen
    }
}
