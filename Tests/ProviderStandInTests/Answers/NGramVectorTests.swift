import Testing

@testable import provider_stand_in

/// Embeddings without a model.
@Suite struct NGramVectorTests {
    @Test("a vector has unit length and the dimension asked for", arguments: [1, 3, 64, 384, 3072])
    func unitLength(dimension: Int) {
        for text in ["hello", "a longer text with several words", "?!", "é", ""] {
            let vector = NGramVector.vector(of: text, dimension: dimension)
            #expect(vector.count == dimension)
            let square: Float = vector.reduce(0) { $0 + $1 * $1 }
            #expect(abs(square - 1) < 1e-4, "\(text)")
        }
    }

    @Test("similar texts are nearer than others, equal ones nearest")
    func similarity() {
        let question = "How do I reset my password?"
        #expect(abs(NGramVector.similarity(question, question) - 1) < 1e-5)
        #expect(NGramVector.similarity(question, "how can I reset the password") > 0.4)
        #expect(NGramVector.similarity(question, "The cat sat on the mat") < 0.2)
    }
}
