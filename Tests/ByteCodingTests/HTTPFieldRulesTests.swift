import ByteCoding
import Testing

@Suite("Which header fields may be sent")
struct HTTPFieldRulesTests {
    @Test("a field reaches the server as it is, unless its name is no token, it frames the request, or its value would end the line")
    func rules() {
        for (name, value, fault) in [
            ("x-team", "a\tb \u{e9}", nil), ("Authorization", "", nil), ("", "v", .name), ("a b", "v", .name), ("a:b", "v", .name),
            ("naïve", "v", .name), ("Content-Length", "5", .framing), ("transfer-encoding", "chunked", .framing),
            ("TE", "trailers", .framing),
            ("x", "a\r\nb: c", .value), ("x", "a\u{0}", .value), ("x", "\u{7f}", .value),
        ] as [(String, String, HTTPFieldRules.Fault?)] {
            #expect(HTTPFieldRules.fault(name: name, value: value) == fault, "\(name): \(value)")
        }
    }
}
