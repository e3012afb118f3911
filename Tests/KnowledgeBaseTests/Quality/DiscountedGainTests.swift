import Testing

/// The measure itself, against numbers worked by hand.
@Suite struct DiscountedGainTests {
    private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-4 }

    @Test("the best ranking is worth 1, none of the relevant ones 0")
    func extremes() {
        #expect(DiscountedGain.normalized(["a", "b", "c"], grades: ["a": 2, "b": 1], at: 10) == 1)
        #expect(DiscountedGain.normalized(["x", "y"], grades: ["a": 2, "b": 1], at: 10) == 0)
        #expect(DiscountedGain.normalized([], grades: ["a": 2], at: 10) == 0)
        #expect(DiscountedGain.normalized(["x"], grades: [:], at: 10) == 1)
    }

    @Test("grades are discounted by the logarithm of their rank")
    func discounts() {
        // (1/log2(2) + 3/log2(3)) / (3/log2(2) + 1/log2(3)) = 2.8928 / 3.6309
        #expect(isNear(DiscountedGain.normalized(["b", "a"], grades: ["a": 2, "b": 1], at: 10), 0.7967))
        // 3/log2(4) of 3
        #expect(isNear(DiscountedGain.normalized(["x", "y", "a"], grades: ["a": 2], at: 10), 0.5))
        // Wikipedia's example: grades 3, 2, 3, 0, 1, 2 found; with 3 and 2 missed. Gains 2^g - 1: DCG 13.8483, ideal 18.4377.
        let grades = ["a": 3, "b": 2, "c": 3, "d": 0, "e": 1, "f": 2, "g": 3, "h": 2]
        #expect(isNear(DiscountedGain.normalized(["a", "b", "c", "d", "e", "f"], grades: grades, at: 6), 13.8483 / 18.4377))
    }

    @Test("what comes after the count is not seen, and a repetition adds nothing")
    func cut() {
        #expect(DiscountedGain.normalized(["x", "a"], grades: ["a": 2], at: 1) == 0)
        #expect(DiscountedGain.normalized(["a", "a", "b"], grades: ["a": 1, "b": 1], at: 2) == 1)
    }
}
