import ByteCoding
import Testing

@testable import provider_stand_in

/// How callers steer the stand-in.
@Suite struct DirectiveTests {
    @Test("a model's name carries members, as JSON where they are it")
    func modelNames() throws {
        let (name, members) = DirectiveSources.model("gpt;fault=rate_limit;times=2;key=a%3Bb;answer=%7B%22x%22%3A1%7D;model=gpt-1")
        let directive = try Directive(members)
        #expect(name == "gpt")
        #expect(directive.fault == .rateLimit)
        #expect(directive.times == 2)
        #expect(directive.key == "a;b")
        #expect(directive.answer == ["x": 1])
        #expect(directive.model == "gpt-1")
        #expect(DirectiveSources.model("models/gpt-5.1:latest").members.isEmpty)
    }

    @Test("directives are taken out of the text, and later members win")
    func lines() throws {
        let (text, members) = try DirectiveSources.text(
            "one\n!stand-in {\"answer\": \"a\"}\ntwo\n!stand-in {\"answer\": \"b\", \"delay_ms\": 5}")
        let directive = try Directive(members)
        #expect(text == "one\ntwo")
        #expect(directive.answer == "b")
        #expect(directive.delayMilliseconds == 5)
        #expect(try DirectiveSources.text("Q: !stand-in {\"answer\": \"}\"}! Wow!").text == "Q: ! Wow!")
        #expect(try DirectiveSources.text("!stand-in {}\nQ!").text == "Q!")
    }

    @Test(
        "what is unknown or of the wrong kind is refused",
        arguments: [
            "{\"answr\": 1}", "{\"fault\": \"none\"}", "{\"probability\": 2}", "{\"times\": -1}", "{\"usage\": {\"tokens\": 1}}", "{", "[]",
        ])
    func mistakes(text: String) {
        #expect(throws: Refusal.self) { try Directive(DirectiveSources.object(text)) }
    }

    @Test("every fault has a name that directives take", arguments: Fault.allCases)
    func faults(fault: Fault) throws {
        #expect(try Directive([JSONMember(key: "fault", value: .string(fault.rawValue))]).fault == fault)
    }

    @Test("draws are even, and the same every time")
    func draws() {
        let units = (0..<10_000).map { Draw.unit(seed: 7, purpose: "answer", key: "case-1", repetition: $0) }
        #expect(units == (0..<10_000).map { Draw.unit(seed: 7, purpose: "answer", key: "case-1", repetition: $0) })
        // Five standard deviations of a mean of 10,000 even draws.
        let mean: Double = units.reduce(0, +) / 10_000
        #expect(abs(mean - 0.5) < 0.0144)
        let lowCount: Int = units.filter { $0 < 0.1 }.count
        #expect((850...1150).contains(lowCount))
    }
}
