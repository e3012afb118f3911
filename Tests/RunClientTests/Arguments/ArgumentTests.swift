import ByteCoding
import EvaluationModel
import RunClient
import Testing

/// What stands on the command line of `spandrel run`.
@Suite struct ArgumentTests {
    private static func file(_ text: String) -> @Sendable (String) throws -> [UInt8] {
        { path in
            guard path == "f.json" else { throw RunClientError("\(path) cannot be read") }
            return Array(text.utf8)
        }
    }

    private static let none = file("")

    @Test("targets are a provider and a model, whose name may have slashes and stands between commas")
    func targets() throws {
        let targets = try TargetArguments.parse(
            ["openai/gpt-4.1-mini, anthropic/claude-x", "openai_compatible/org/model:7b"], read: Self.none)
        #expect(targets.map { $0["name"]?.stringValue } == ["openai/gpt-4.1-mini", "anthropic/claude-x", "openai_compatible/org/model:7b"])
        #expect(targets[2]["provider"]?.stringValue == "openai_compatible" && targets[2]["model"]?.stringValue == "org/model:7b")
    }

    @Test("a file holds one target or several")
    func targetFiles() throws {
        let one = #"{"name": "app", "kind": "http", "url": "https://app.example"}"#
        #expect(try TargetArguments.parse(["@f.json"], read: Self.file(one)).count == 1)
        #expect(try TargetArguments.parse(["@f.json", "xai/grok"], read: Self.file("[\(one), \(one)]")).count == 3)
        for bad in ["[]", "7", "{"] {
            #expect(throws: RunClientError.self) { try TargetArguments.parse(["@f.json"], read: Self.file(bad)) }
        }
        #expect(throws: RunClientError.self) { try TargetArguments.parse(["@nothing.json"], read: Self.none) }
    }

    @Test("what is no target is told", arguments: ["gpt-4.1-mini", "/gpt", "openai/", "openai/gpt,", ""])
    func badTargets(text: String) { #expect(throws: RunClientError.self) { try TargetArguments.parse([text], read: Self.none) } }

    @Test("a gate is written in short and means what the API's does")
    func gate() throws {
        let text = "min_pass_rate=0.9, max_regression=0.02,minimum_means.tone=0.5,case_passes=majority,strict,stop_early=true"
        let json = try GateArgument.parse(text, repetitions: 3, read: Self.none)
        guard case .valid(let gate) = Gate.read(json) else { return #expect(Bool(false), "\(json)") }
        #expect(
            gate
                == Gate(
                    casePasses: .majority, minimumPassRate: 0.9, maximumRegression: 0.02,
                    minimumMeans: [MeanRule(score: "tone", minimum: 0.5)], strict: true, stopEarly: true))
        let file = Self.file(#"{"minimum_pass_rate": 1}"#)
        #expect(try GateArgument.parse("@f.json", repetitions: 1, read: file)["minimum_pass_rate"]?.integerValue == 1)
    }

    @Test(
        "a wrong gate is told with its field",
        arguments: [
            ("min_pass_rate=1.5", "minimum_pass_rate"), ("pass_rate=0.5", "pass_rate"), ("strict", "has no rule"), ("", "rule"),
            ("min_pass_rate=0.5,min_pass_rate=0.6", "twice"), ("min_pass_rate=x", "minimum_pass_rate"),
            ("case_passes=4,min_pass_rate=0.5", "case_passes"),
        ])
    func badGates(text: String, words: String) {
        let error = #expect(throws: RunClientError.self) { try GateArgument.parse(text, repetitions: 3, read: Self.none) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(
        "a command is split into words as a shell would",
        arguments: [
            ("python answer.py", ["python", "answer.py"]), (" a  b\t", ["a", "b"]), ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
            ("a\\ b c", ["a b", "c"]), ("sh -c 'cat | tr a b'", ["sh", "-c", "cat | tr a b"]), ("a \"x\\\"y\\n\"", ["a", "x\"y\\n"]),
            ("a ''", ["a", ""]), ("a\"b\"'c'", ["abc"]), ("a \\\n  b", ["a", "b"]), ("sh -c \"echo $HOME\"", ["sh", "-c", "echo $HOME"]),
        ])
    func words(text: String, words: [String]) throws { #expect(try CommandWords.split(text) == words) }

    @Test(
        "what needs a shell, or is no command, is refused",
        arguments: ["a | b", "a > b", "a; b", "a && b", "echo $HOME", "echo `a`", "ls *", "", "  ", "a 'b", "a \"b", "a \\", "''", "a\0b"])
    func badWords(text: String) { #expect(throws: RunClientError.self) { try CommandWords.split(text) } }

    @Test("every CI system tells branch and commit in its own way")
    func ciSystems() {
        func read(_ variables: [String: String]) -> CIEnvironment { CIEnvironment { variables[$0] } }
        let gitHub = [
            "GITHUB_ACTIONS": "true", "GITHUB_SHA": "abc", "GITHUB_REF_NAME": "main", "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7",
        ]
        let push = read(gitHub)
        #expect(push.branch == "main" && push.commit == "abc" && push.url == "https://github.com/a/b/actions/runs/7" && push.isCI)
        let pull = ["GITHUB_REF": "refs/pull/12/merge", "GITHUB_REF_NAME": "12/merge", "GITHUB_BASE_REF": "main"]
        #expect(read(gitHub.merging(pull) { $1 }.merging(["GITHUB_HEAD_REF": "fix"]) { $1 }).branch == "fix")
        // A fork's main is not main.
        #expect(read(gitHub.merging(pull) { $1 }.merging(["GITHUB_HEAD_REF": "main"]) { $1 }).branch == "pull/12")
        let gitLab = read(["GITLAB_CI": "true", "CI_COMMIT_REF_NAME": "dev", "CI_COMMIT_SHA": "def", "CI_JOB_URL": "https://x/1"])
        #expect(gitLab.branch == "dev" && gitLab.commit == "def" && gitLab.url == "https://x/1" && gitLab.isCI)
        #expect(read(["CIRCLE_BRANCH": "c", "CIRCLECI": "true"]).branch == "c")
        let nothing = read([:])
        #expect(nothing.metadata.isEmpty && !nothing.isCI && !read(["CI": "false"]).isCI)
    }

    @Test("a request is what the server would take, and its faults are named before it is sent")
    func requests() throws {
        var request = RunRequest(suite: "geo", targets: try TargetArguments.parse(["openai/gpt"], read: Self.none) + [TargetArguments.exec])
        request.suiteVersion = 3
        request.repetitions = 2
        request.spendingCap = 1.5
        request.metadata = CIEnvironment { $0 == "CIRCLE_BRANCH" ? "b" : nil }.metadata
        let body = try request.body()
        #expect(body["suite"]?.stringValue == "geo" && body["suite_version"]?.integerValue == 3)
        #expect(body["metadata"]?["branch"]?.stringValue == "b" && body["spending_cap_usd"]?.doubleValue == 1.5)
        request.repetitions = 0
        request.targets.append(TargetArguments.exec)
        request.targets.append(try TargetArguments.parse(["nobody/x"], read: Self.none)[0])
        let error = #expect(throws: RunClientError.self) { try request.body() }
        for words in ["repetitions", "two targets are called exec", "provider"] {
            #expect(error?.message.contains(words) == true, "\(words)")
        }
    }
}
