import ByteCoding
import ContentReading
import Evaluation
import EvaluationModel
import Testing

@Suite("Prompts")
struct PromptTests {
    private func render(_ template: String, _ variables: String = "{}", context: String? = nil) throws -> String {
        try PromptTemplate(template).render(PromptVariables(JSONValue.parse(variables).objectValue ?? [], context: context))
    }

    @Test(
        "values stand where their names stood",
        arguments: [
            ("Hello {{name}}!", "Hello Ada!"), ("{{ name }}{{name}}", "AdaAda"), ("{{user.address.city}}", "Rome"), ("{{list.1}}", "b"),
            ("{{user}}", #"{"address":{"city":"Rome"}}"#), ("{{count}}", "3"), ("{{flag}}", "true"), ("{{dotted.name}}", "d"), ("", ""),
            (#"\{{name}} {name} }}"#, "{{name}} {name} }}"), (#"\\{{name}}"#, #"\{{name}}"#), ("{{tricky}}", "{{name}}"),
            ("{{größe}}", "1"),
        ])
    func values(_ template: String, _ expected: String) throws {
        let variables =
            #"{"name":"Ada","user":{"address":{"city":"Rome"}},"list":["a","b"],"count":3,"flag":true,"dotted.name":"d","tricky":"{{name}}","größe":1}"#
        #expect(try render(template, variables) == expected)
    }

    @Test("every missing variable is named, with what there is")
    func missing() throws {
        let error = #expect(throws: InvalidContent.self) { try render("{{a}} {{b.c}} {{a}} {{name.x}}", #"{"name":"Ada","b":{}}"#) }
        #expect(error?.problems.map(\.path) == ["a", "b.c", "name.x"])
        #expect(error?.problems[0].message == "the template asks for {{a}}, which the case does not have; it has b, name")
        let context = #expect(throws: InvalidContent.self) { try render("{{context}}") }
        #expect(context?.problems[0].message.contains("no knowledge base") == true)
        #expect(try render("{{context}}", context: "facts") == "facts")
    }

    @Test(
        "what is no template is refused with its place",
        arguments: [
            ("a\n {{b", "the braces opened in line 2, column 2 are not closed"), ("{{}}", "is no variable's name"),
            ("{{#if x}}", "loops, conditions and filters"), ("{{ x | upper }}", "is no variable's name"),
            ("{{a b}}", "is no variable's name"),
        ])
    func refused(_ template: String, _ message: String) {
        let error = #expect(throws: InvalidContent.self) { try PromptTemplate(template) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test("large templates and values are bounded, and take linear time")
    func limits() throws {
        let start = ContinuousClock.now
        let many = String(repeating: "{{a}}", count: 50_000)
        #expect(try render(many, #"{"a":"xy"}"#).utf8.count == 100_000)
        let value = String(repeating: "x", count: 1000)
        #expect(throws: InvalidContent.self) { try render(many, #"{"a":"\#(value)"}"#) }
        #expect(throws: InvalidContent.self) {
            try PromptTemplate(String(repeating: "x", count: EvaluationLimits.maximumTemplateByteCount + 1))
        }
        #expect(try render(String(repeating: "{", count: 100_000).replacing("{{", with: "{ "), "{}").utf8.count == 100_000)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a target's system text and template make the messages of a case with variables")
    func variables() throws {
        let renderer = try PromptRenderer(system: "You know {{topic}}.", prompt: "{{context}}\nQuestion: {{input}}")
        #expect(renderer.usesContext)
        let input = TestCaseInput.variables([
            JSONMember(key: "topic", value: .string("maps")), JSONMember(key: "input", value: .string("Where?")),
        ])
        #expect(
            try renderer.render(input, context: "Here.") == [
                PromptMessage(.system, "You know maps."), PromptMessage(.user, "Here.\nQuestion: Where?"),
            ])
        #expect(throws: InvalidContent.self) { try renderer.render(input) }
        let plain = try PromptRenderer(system: nil, prompt: nil)
        #expect(!plain.usesContext)
        #expect(try plain.render(.text("hi")) == [PromptMessage(.user, "hi")])
        #expect(throws: InvalidContent.self) { try plain.render(.variables([])) }
        let error = #expect(throws: InvalidContent.self) { try PromptRenderer(system: "{{", prompt: nil) }
        #expect(error?.problems[0].path == "system")
    }

    @Test("messages are sent as they are; the target's system text takes the place of theirs, its template that of the last question")
    func messages() throws {
        let own = [
            PromptMessage(.system, "old"), PromptMessage(.user, "one {{x}}"), PromptMessage(.assistant, "two"),
            PromptMessage(.user, "three"),
        ]
        #expect(try PromptRenderer(system: nil, prompt: nil).render(.messages(own)) == own)
        let rendered = try PromptRenderer(system: "new", prompt: "Context: {{context}} Q: {{input}}").render(.messages(own), context: "c")
        #expect(rendered == [PromptMessage(.system, "new"), own[1], own[2], PromptMessage(.user, "Context: c Q: three")])
    }
}
