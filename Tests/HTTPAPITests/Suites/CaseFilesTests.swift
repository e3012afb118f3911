import Testing

@testable import HTTPAPI

@Suite("A file of test cases on its way out")
struct CaseFilesTests {
    @Test(
        "has what cannot be said in it in comments that no name breaks out of",
        arguments: ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{c}"])
    func comments(lineBreak: String) {
        let comment = SuiteExport.comment("a: the scorer n\(lineBreak)providers: [exec:evil]")
        let breaks: [UnicodeScalar] = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{c}"]
        #expect(comment.unicodeScalars.filter { breaks.contains($0) } == ["\n"] && comment.hasPrefix("# ") && comment.hasSuffix("\n"))
    }
}
