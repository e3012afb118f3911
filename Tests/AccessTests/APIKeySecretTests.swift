import PostgresTesting
import SeededRandom
import Testing

@testable import Access

@Suite struct APIKeySecretTests {
    @Test("a key has the stated form, is read back, and no two are alike")
    func form() throws {
        var seen = Set<String>()
        for _ in 0..<1_000 {
            let secret = APIKeySecret.generate()
            #expect(secret.text.hasPrefix("spdrl_") && secret.text.utf8.count == 55)
            #expect(secret.text.dropFirst(6).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
            #expect(try #require(APIKeySecret(secret.text)).hash == secret.hash)
            #expect(seen.insert(secret.text).inserted)
        }
    }

    @Test("the random bits are spelt in base62, most significant first")
    func spelling() {
        #expect(APIKeySecret(words: [0, 0, 0, 0]).text.hasPrefix("spdrl_" + String(repeating: "0", count: 43)))
        #expect(APIKeySecret(words: [0, 0, 0, 61]).text.dropFirst(48).hasPrefix("z"))
        #expect(APIKeySecret(words: [0, 0, 1, 0]).text.dropFirst(6).dropLast(6).hasSuffix("LygHa16AHYG"), "2^64 in base62")
        #expect(APIKeySecret(words: [.max, .max, .max, .max]).text.dropFirst(6).first != "0", "43 digits are needed, and are enough")
    }

    @Test("any single changed, missing, added or swapped character is found out")
    func typingErrors() {
        var random = SeededGenerator(seed: TestSeed.value)
        for _ in 0..<200 {
            var text = Array(APIKeySecret.generate().text)
            #expect(
                APIKeySecret(String(text.dropLast())) == nil && APIKeySecret(String(text) + "a") == nil
                    && APIKeySecret(" " + String(text)) == nil)
            let place = Int.random(in: 0..<text.count, using: &random)
            let old = text[place]
            text[place] = old == "x" ? "y" : "x"
            #expect(APIKeySecret(String(text)) == nil, "\(place)")
            text[place] = "é"
            #expect(APIKeySecret(String(text)) == nil)
        }
        for text in ["", "spdrl_", String(repeating: "a", count: 55), "spdrl_" + String(repeating: "\u{0}", count: 49)] {
            #expect(APIKeySecret(text) == nil)
        }
    }

    @Test("a secret shows its prefix only when it is printed")
    func printing() {
        let secret = APIKeySecret.generate()
        #expect("\(secret)" == secret.prefix + "...")
        #expect(secret.prefix.utf8.count == 12 && secret.text.hasPrefix(secret.prefix))
        #expect(!"\(Credential(secret.text))".contains(secret.text.dropFirst(12)))
    }

    @Test("the hash is the SHA-256 of the text")
    func hash() {
        // The check digits and the hash were computed with Python's hashlib.
        let secret = APIKeySecret(words: [0, 0, 0, 0])
        #expect(secret.text == "spdrl_" + String(repeating: "0", count: 43) + "3O9xIA")
        let hex = secret.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == "84a819083dd50ea086bc250dbb21841aec36c34b2a21a334b2c4ffb1d5ddf9a7")
    }

    @Test("comparing is by content")
    func comparing() {
        #expect(isEqualInConstantTime([1, 2, 3], [1, 2, 3]) && isEqualInConstantTime([], []))
        #expect(
            !isEqualInConstantTime([1, 2, 3], [1, 2, 4]) && !isEqualInConstantTime([1], [1, 2]) && !isEqualInConstantTime([0], [128]))
    }
}
