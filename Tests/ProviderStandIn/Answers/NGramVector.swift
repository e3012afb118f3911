/// Embeddings without a model: a text's n-grams hashed into a vector of unit length, so that texts that share words or pieces of words point
/// the same way, and equal texts have cosine 1.

enum NGramVector {
    static let defaultDimension = 384
    static let maximumDimension = 8192

    /// Three letters and whole words: pieces keep inflections near each other, words keep sentences apart.
    static func vector(of text: String, dimension: Int = defaultDimension) -> [Float] {
        var sums = [Float](repeating: 0, count: dimension)
        func add(_ gram: some Sequence<UInt8>, weight: Float) {
            var hash = StableHash()
            hash.add(gram)
            let value = hash.value
            sums[Int(value % UInt64(dimension))] += value >> 63 == 0 ? weight : -weight
        }
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            add(word.utf8, weight: 2)
            let framed = [UInt8(ascii: "^")] + word.utf8 + [UInt8(ascii: "$")]
            for start in 0..<framed.count - 2 { add(framed[start..<start + 3], weight: 1) }
        }
        // Nothing but signs: their bytes, so that there is a direction.
        if !sums.contains(where: { $0 != 0 }) { add(text.utf8, weight: 1) }
        let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sums.map { $0 / length }
    }

    /// The cosine of two texts' vectors.
    static func similarity(_ first: String, _ second: String) -> Double {
        zip(vector(of: first), vector(of: second)).reduce(0) { $0 + Double($1.0 * $1.1) }
    }
}
