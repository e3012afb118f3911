import ByteCoding
import SeededRandom
import Testing
import TraceQuery

@testable import Dashboard

@Suite struct FilterTextTests {
    private func json(_ text: String) -> String {
        do throws(FilterText.Failure) {
            return try FilterText(text).filter.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        } catch { return "error: \(error.message)" }
    }

    @Test("the filter bar's text is the API's filter")
    func conditions() {
        let cases = [
            ("", ""), ("   ", ""), ("status:error", #"{"status":"error"}"#), ("model=gpt-4.1-mini", #"{"model":"gpt-4.1-mini"}"#),
            ("duration_ms>2000", #"{"duration_ms":{"_gt":2000}}"#), ("cost<=0.5", #"{"cost":{"_lte":0.5}}"#),
            ("name~\"a b\"", #"{"name":{"_icontains":"a b"}}"#), ("name^=chat", #"{"name":{"_starts_with":"chat"}}"#),
            ("-user_id:ada", #"{"_not":{"user_id":"ada"}}"#), ("not user_id:ada", #"{"_not":{"user_id":"ada"}}"#),
            ("user_id!=ada", #"{"_not":{"user_id":"ada"}}"#), ("status:ok,error", #"{"status":{"_in":["ok","error"]}}"#),
            ("session_id:*", #"{"session_id":{"_is_null":false}}"#), ("session_id:null", #"{"session_id":{"_is_null":true}}"#),
            ("session_id:\"null\"", #"{"session_id":"null"}"#), ("user_id:\"\"", #"{"user_id":""}"#),
            ("attributes.retry:3", #"{"attributes.retry":{"_in":["3",3]}}"#), ("attributes.retry:\"3\"", #"{"attributes.retry":"3"}"#),
            ("attributes.ok:true", #"{"attributes.ok":{"_in":["true",true]}}"#),
            ("attributes.http.status>=500", #"{"attributes.http.status":{"_gte":500}}"#),
            ("status:error model:m", #"{"_and":[{"status":"error"},{"model":"m"}]}"#),
            ("a:1 or b:2 c:3", #"{"_or":[{"a":"1"},{"_and":[{"b":"2"},{"c":"3"}]}]}"#),
            ("(a:1 or b:2) -(c:3 d:4)", #"{"_and":[{"_or":[{"a":"1"},{"b":"2"}]},{"_not":{"_and":[{"c":"3"},{"d":"4"}]}}]}"#),
            ("a:1 and b:2", #"{"_and":[{"a":"1"},{"b":"2"}]}"#), ("name:\"say \\\"hi\\\" \\\\\"", #"{"name":"say \"hi\" \\"}"#),
            ("0AF7651916CD43DD8448EB211C80319C", #"{"trace_id":"0af7651916cd43dd8448eb211c80319c"}"#),
            ("refund", #"{"_or":[{"name":{"_icontains":"refund"}},{"input":{"_icontains":"refund"}},{"output":{"_icontains":"refund"}}]}"#),
        ]
        for (text, filter) in cases { #expect(json(text) == filter, "\(text)") }
    }

    @Test("what cannot be read says why")
    func failures() {
        for text in [
            "status:", "(a:1", "a:1)", "name:\"open", "duration_ms>fast", "or", "a:1 or", "-", "()", ":x", "a:1,,", "((((((((a:1))))))))",
            ",",
        ] {
            #expect(json(text).hasPrefix("error: ") || text == "-", "\(text): \(json(text))")
        }
    }

    @Test("a filter made of a value finds that value, whatever is in it")
    func links() throws {
        for value in ["ada", "a b", "say \"hi\"", "back\\slash", "null", "*", "(x)", "a,b", "-1", "", "<script>", "\u{202e}é"] {
            let read = try FilterText(FilterText.equal("user_id", value)).filter
            #expect(read == .object([JSONMember(key: "user_id", value: .string(value))]), "\(value)")
        }
    }

    @Test("whatever is typed is read or refused, and what is read the API takes as a filter's form")
    func anyText() {
        let seed = TestSeed.next()
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "status", "name", ":", "=", "!=", ">", "~", "\"", "(", ")", "-", " ", "or", "not", ",", "*", "null", "5", "\\", "é", "\u{301}",
            "\n", "a",
        ]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...14, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let filter = try? FilterText(text).filter else { continue }
            #expect(filter.objectValue?.isEmpty == false, "\(text.debugDescription), seed \(seed)")
        }
    }
}
