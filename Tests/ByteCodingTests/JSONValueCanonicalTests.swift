import ByteCoding
import Testing

@Suite struct JSONValueCanonicalTests {
    @Test(
        "values that say the same have one canonical form",
        arguments: [
            (#"{"b": 1, "a": [2.0, {"d": 1, "c": 2}]}"#, #"{"a":[2,{"c":2,"d":1}],"b":1}"#), (#"[2, 1]"#, "[2,1]"), ("1e3", "1000"),
            ("0.5", "0.5"), (#"{"é": 1, "z": 2}"#, #"{"z":2,"é":1}"#),
        ])
    func canonical(text: String, expected: String) throws {
        #expect(String(decoding: try JSONValue.parse(text).canonical.bytes, as: UTF8.self) == expected)
    }
}
