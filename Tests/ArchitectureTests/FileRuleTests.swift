import Testing

/// What every source file keeps to: it says what it is for, it is short, its names say something, and nothing in it can
/// bring the process down or was left for later.
@Suite struct FileRuleTests {
    static let maximumLineCount = 500
    /// The formatter breaks code at 140; comments and long texts it leaves alone may end a little later.
    static let maximumLineLength = 160

    @Test("a file says what it is for before its first declaration")
    func filesOpenWithTheirPurpose() {
        for file in SourceTree.sources {
            let opening = file.lines.first { line in
                let words = line.trimmingPrefix(while: \.isWhitespace)
                return !(words.isEmpty || words.hasPrefix("import ") || words.hasPrefix("@preconcurrency import ") || words.hasPrefix("#"))
            }
            #expect(opening?.hasPrefix("//") == true, "\(file.path) does not open with a comment")
        }
    }

    @Test("a file is short enough to read in one go")
    func filesAreShort() {
        for file in SourceTree.sources {
            #expect(file.lines.count <= Self.maximumLineCount, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("lines fit a screen")
    func linesAreShort() {
        for file in SourceTree.sources {
            for (number, line) in file.lines.enumerated()
            where line.utf8.count > Self.maximumLineLength && line.count > Self.maximumLineLength {
                Issue.record("\(file.path):\(number + 1) has \(line.count) characters")
            }
        }
    }

    @Test(
        "no type or file is named for being a drawer",
        arguments: ["Manager", "Helper", "Helpers", "Utils", "Utilities", "Common", "Core", "Base"])
    func namesSaySomething(word: String) {
        for file in SourceTree.sources {
            #expect(!file.name.hasSuffix(word + ".swift"), "\(file.path)")
            for name in file.typeNames where name.hasSuffix(word) {
                Issue.record("\(file.path) declares \(name)")
            }
        }
    }

    @Test(
        "no code traps on purpose or was left for later",
        arguments: ["try!", " as! ", "@testable", "@_implementationOnly"])
    func nothingTraps(text: String) {
        for file in SourceTree.sources {
            for (number, line) in file.codeLines.enumerated() where line.contains(text) {
                Issue.record("\(file.path):\(number + 1) has \(text)")
            }
        }
    }

    @Test("nothing is marked as to be done", arguments: ["TO" + "DO", "FIX" + "ME", "HA" + "CK"])
    func nothingIsLeftForLater(mark: String) {
        for file in SourceTree.sources + SourceTree.tests {
            for (number, line) in file.lines.enumerated() where line.contains(mark) {
                Issue.record("\(file.path):\(number + 1) has \(mark)")
            }
        }
    }

    @Test(
        "whatever the compiler takes on trust has its proof beside it",
        arguments: ["@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast"])
    func trustHasItsProof(text: String) {
        for file in SourceTree.sources {
            for (number, line) in file.codeLines.enumerated() where line.contains(text) {
                let around = file.lines[max(0, number - 8)...number]
                #expect(around.contains { $0.contains("//") }, "\(file.path):\(number + 1) has \(text) without a word why it is safe")
            }
        }
    }

    @Test("tests mirror the sources: one folder per room")
    func testsMirrorSources() {
        let rooms = Set(Architecture.rooms.map { $0.name + "Tests" })
        let others: Set<String> = [
            "ArchitectureTests", "Integration", "FreshRoot", "Fuzz", "Golden", "PostgresTesting", "ProviderStandIn", "ProviderStandInTests",
            "StoreSoak", "StoreSoakTests", "Support",
        ]
        for folder in SourceTree.folders(under: "Tests") {
            #expect(rooms.contains(folder) || others.contains(folder), "Tests/\(folder) mirrors nothing")
        }
    }

    @Test("the reader of code knows comments and literals from code")
    func literalsAndCommentsAreBlanked() {
        let code = SourceTree.withoutCommentsAndLiterals([
            "let a = \"try! \\\" as! \" // try!", "/* try!", "try! */ f()", "let b = \"\"\"", "  try!", "  \"\"\"; g()",
        ])
        #expect(code == ["let a = \"\" ", "", " f()", "let b = ", "", "; g()"])
    }
}
