import Glibc
import Metastore
import Testing

@testable import KnowledgeBase

/// Which words are looked for, and what they are worth.
@Suite struct WordChoiceTests {
    private func texts(_ choice: WordChoice) -> [[String]] { choice.words.map { $0.forms.map(\.text) } }

    @Test("a word is worth its inverse document frequency, its stem a little less")
    func worth() {
        let choice = WordChoice([QuestionWord(word: "refunds", stem: "refund", chunkCount: 4, stemChunkCount: 9)], chunkCount: 100)
        #expect(texts(choice) == [["refunds", "refund"]])
        #expect(choice.words[0].forms[0].worth == log(1 + 96.5 / 4.5))
        #expect(choice.words[0].forms[1].worth == log(1 + 91.5 / 9.5))
    }

    @Test("a word that is its own stem is looked for once, and one that was not counted is the rarest")
    func oneForm() {
        let choice = WordChoice(
            [
                QuestionWord(word: "bank", stem: "bank", chunkCount: 4, stemChunkCount: 4),
                QuestionWord(word: "zebra", stem: "zebra"),
            ], chunkCount: 100)
        #expect(texts(choice) == [["zebra"], ["bank"]])
        #expect(choice.words[0].forms[0].worth == log(1 + 100.5 / 0.5))
    }

    @Test("words that only hold a sentence together count when there is nothing else")
    func stopWords() {
        let the = QuestionWord(word: "the", stem: nil, chunkCount: 90)
        let who = QuestionWord(word: "who", stem: nil, chunkCount: 3)
        #expect(texts(WordChoice([the, QuestionWord(word: "bank", stem: "bank")], chunkCount: 100)) == [["bank"]])
        #expect(texts(WordChoice([the, who], chunkCount: 100)) == [["who"], ["the"]])
        #expect(texts(WordChoice([], chunkCount: 100)).isEmpty)
    }

    @Test("the rare words come first, and the common ones are left out once enough is found; one word there always is")
    func bounds() {
        let words = [1_000, 10, 5_000, 200].map { (count: Int) in
            QuestionWord(word: "w\(count)", stem: "w\(count)", chunkCount: count, stemChunkCount: count)
        }
        #expect(texts(WordChoice(words, chunkCount: 9_000, maximumFindCount: 1_300)) == [["w10"], ["w200"], ["w1000"]])
        #expect(texts(WordChoice(words, chunkCount: 9_000, maximumFindCount: 5)) == [["w10"]])
        #expect(texts(WordChoice(words, chunkCount: 9_000, maximumWordCount: 2)) == [["w10"], ["w200"]])
    }

    @Test("a stem that as many chunks have as the word finds nothing more, and is not looked for")
    func sameFinds() {
        let choice = WordChoice(
            [
                QuestionWord(word: "orders", stem: "order", chunkCount: 7, stemChunkCount: 7),
                QuestionWord(word: "refunds", stem: "refund", chunkCount: 7, stemChunkCount: 8),
                QuestionWord(word: "zebras", stem: "zebra"),
            ], chunkCount: 100)
        #expect(texts(choice) == [["zebras", "zebra"], ["orders"], ["refunds", "refund"]])
    }

    @Test("no word is worth less than nothing, also when more chunks have it than the view")
    func manyChunks() {
        let choice = WordChoice([QuestionWord(word: "a1", stem: "a1", chunkCount: 500, stemChunkCount: 500)], chunkCount: 10)
        #expect(choice.words[0].forms[0].worth > 0)
    }
}
