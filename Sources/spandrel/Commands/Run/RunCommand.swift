/// `spandrel run`: runs of suites, started, watched and steered from a terminal or from CI.

import ArgumentParser

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a suite of test cases on the server and gets its verdict.",
        discussion: """
            Without a subcommand it starts a run; `spandrel run start --help` lists the flags. Examples:
              spandrel run --suite geography --target openai/gpt-4.1-mini --wait
              spandrel run --suite-file tests/geography.yaml --exec 'python answer.py' --junit out.xml --summary out.md
              spandrel run --suite geography --target @targets.json --repetitions 5 --baseline main --gate max_regression=0.02 --wait
            Exit status of a run that was waited for: 0 pass, 100 gate failed, 101 not enough evidence, 1 could not run, 2 wrong usage.
            """,
        subcommands: [
            RunStartCommand.self, RunFollowCommand.self, RunShowCommand.self, RunListCommand.self, RunPauseCommand.self,
            RunResumeCommand.self, RunCancelCommand.self, RunRequeueCommand.self, RunUpdateCommand.self,
        ],
        defaultSubcommand: RunStartCommand.self)
}

/// The run that a command is about.
struct RunArgument: ParsableArguments {
    @Argument(help: "The run's id.")
    var run: String

    func validate() throws {
        // It becomes part of a path.
        guard run.utf8.count == 36, run.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == "-") }) else {
            throw ValidationError("\(run) is no id of a run; `spandrel run list` shows them")
        }
    }

    var path: String { "/api/v1/runs/\(run)" }
}

/// What is made of a run that was waited for.
struct ReportOptions: ParsableArguments {
    @Option(help: "Write JUnit XML to this file: a test suite for each target, a test case for each case.")
    var junit: String?

    @Option(help: "Write a summary in Markdown to this file; $GITHUB_STEP_SUMMARY is added to.")
    var summary: String?

    var files: ReportFiles { ReportFiles(junit: junit, summary: summary) }

    var isEmpty: Bool { junit == nil && summary == nil }
}
