import ByteCoding
import ContentReading
import EvaluationModel

/// `numeric`: a number in the output is near the expected one. The output is the number, or a text with numbers: then the last one
/// counts, as answers end with their result.
func numericJudgement(_ parameters: NumericParameters, _ input: ScorerInput) throws(ScoreError) -> Judgement {
    let expected: Double
    switch try input.expected(parameters.value.map(JSONValue.double)) {
    case .integer(let value): expected = Double(value)
    case .double(let value): expected = value
    case .string(let text):
        guard let value = NumberInText.last(in: text)?.value else {
            throw ScoreError(.missing, "the expected value \(quoted(text)) is no number")
        }
        expected = value
    case let other: throw ScoreError(.missing, "the expected value is \(other.kindName), not a number")
    }
    guard let (value, count) = NumberInText.last(in: input.output.text) else {
        return .verdict(false, "expected \(expected.shortText), but no number stands in the output \(quoted(input.output.text))")
    }
    let allowance = max(parameters.absolute, parameters.relative * expected.magnitude)
    let distance = (value - expected).magnitude
    // Half a unit in the last place of what was written: 0.3 is within 0.1 of 0.2.
    let passed = distance <= allowance + 4 * max(value.magnitude, expected.magnitude).ulp || value == expected
    let which = count == 1 ? "the output's number is \(value.shortText)" : "the last of the output's \(count) numbers is \(value.shortText)"
    let bound =
        allowance == 0 ? "exactly \(expected.shortText) is asked for" : "\(expected.shortText) within \(allowance.shortText) is asked for"
    var judgement = Judgement.verdict(passed, "\(which); \(bound)")
    judgement.details = .object([
        JSONMember(key: "found", value: .double(value)), JSONMember(key: "expected", value: .double(expected)),
    ])
    return judgement
}

/// Numbers as people and models write them: `-1,234.5`, `3e8`, `.5`, `50%` (fifty).
enum NumberInText {
    /// The last number of a text, and how many there are. Linear in the text.
    static func last(in text: String) -> (value: Double, count: Int)? {
        let bytes = Array(text.utf8)
        var position = 0
        var count = 0
        var last: Double?
        while position < bytes.count {
            guard let (value, end) = number(in: bytes, at: position) else {
                position += 1
                continue
            }
            last = value
            count += 1
            position = end
        }
        return last.map { ($0, count) }
    }

    private static func isDigit(_ bytes: [UInt8], _ index: Int) -> Bool {
        index >= 0 && index < bytes.count && bytes[index] >= UInt8(ascii: "0") && bytes[index] <= UInt8(ascii: "9")
    }

    private static func isWordByte(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index >= 0, index < bytes.count else { return false }
        switch bytes[index] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...0xff: return true
        default: return isDigit(bytes, index)
        }
    }

    /// The number that begins at `start`; nil inside words such as `H2O`.
    private static func number(in bytes: [UInt8], at start: Int) -> (Double, Int)? {
        func byte(_ index: Int, _ character: Unicode.Scalar) -> Bool { index < bytes.count && bytes[index] == UInt8(ascii: character) }
        var digits: [UInt8] = []
        var index = start
        if byte(index, "-") || byte(index, "+") {
            // A sign belongs to the number unless it stands between words: `3-4` is two numbers, not 3 and -4.
            if isWordByte(bytes, index - 1) { return nil }
            if byte(index, "-") { digits.append(UInt8(ascii: "-")) }
            index += 1
        } else if precededByWord(bytes, index) {
            return nil
        }
        let first = index
        while isDigit(bytes, index) {
            digits.append(bytes[index])
            index += 1
            // Thousands: a comma and exactly three digits.
            if byte(index, ","), index - first <= 3 || bytes[first..<index].contains(UInt8(ascii: ",")), isDigit(bytes, index + 1),
                isDigit(bytes, index + 2), isDigit(bytes, index + 3), !isDigit(bytes, index + 4)
            {
                index += 1
            }
        }
        let hasWhole = index > first
        if byte(index, "."), isDigit(bytes, index + 1) {
            if !hasWhole { digits.append(UInt8(ascii: "0")) }
            digits.append(UInt8(ascii: "."))
            index += 1
            while isDigit(bytes, index) {
                digits.append(bytes[index])
                index += 1
            }
        } else if !hasWhole {
            return nil
        }
        if byte(index, "e") || byte(index, "E") {
            let sign = byte(index + 1, "-") || byte(index + 1, "+") ? 1 : 0
            if isDigit(bytes, index + 1 + sign) {
                digits.append(contentsOf: bytes[index...index + sign])
                index += 1 + sign
                while isDigit(bytes, index) {
                    digits.append(bytes[index])
                    index += 1
                }
            }
        }
        guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else { return nil }
        return (value, index)
    }

    private static func precededByWord(_ bytes: [UInt8], _ index: Int) -> Bool {
        // A currency sign is no word: `€5`. Letters beyond ASCII are rare before digits; only ASCII letters make a word.
        guard index > 0 else { return false }
        switch bytes[index - 1] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): return true
        default: return isDigit(bytes, index - 1)
        }
    }
}
