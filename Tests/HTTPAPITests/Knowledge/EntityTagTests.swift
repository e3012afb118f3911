import Testing

@testable import HTTPAPI

@Suite("Entity tags")
struct EntityTagTests {
    @Test(
        "lists of tags are read as RFC 9110 has them",
        arguments: [
            ("\"a\"", ["a"]), ("\"a\", \"b\"", ["a", "b"]), ("W/\"a\",\"b,c\"", ["a", "b,c"]), (" \"\" ", [""]),
            ("\"a\"\t,\t\"b\"", ["a", "b"]),
        ])
    func lists(text: String, values: [String]) {
        #expect(EntityTag.list(text)?.map(\.tag.value) == values)
    }

    @Test("what is no list of tags is none", arguments: ["", "a", "\"a", "*", "\"a\" \"b\"", "\"a\",", "w/\"a\"", "W/a"])
    func others(text: String) {
        #expect(EntityTag.list(text) == nil)
    }

    @Test("weak tags are told apart")
    func weak() {
        #expect(EntityTag.list("W/\"a\", \"a\"")?.map(\.isWeak) == [true, false])
    }
}
