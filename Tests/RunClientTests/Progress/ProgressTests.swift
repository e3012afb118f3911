import ByteCoding
import EvaluationModel
import RunClient
import Testing

/// Where a run stands, out of its events, and how that is shown.
@Suite struct ProgressTests {
    private static func message(_ type: String, _ sequence: Int, _ data: String = "{}") throws -> JSONValue {
        try JSONValue.parse(#"{"v":1,"sequence":\#(sequence),"type":"\#(type)","data":\#(data)}"#)
    }

    private static let counters =
        #"{"total":10,"estimated_seconds_left":125,"run":{"state":"running","passed":3,"failed":1,"errored":0,"cost_usd":0.0123}}"#

    @Test("counts that are none can be shown and added up", arguments: [Int64.max, Int64.min])
    func hostileCounts(count: Int64) throws {
        var progress = RunProgress()
        let run = #"{"state":"running","passed":\#(count),"failed":\#(count),"errored":\#(count),"cost_usd":1e308}"#
        _ = try progress.apply(Self.message("progress", 1, #"{"total":\#(count),"estimated_seconds_left":-1e308,"run":\#(run)}"#))
        #expect(!ProgressText(progress).bar(width: 80).isEmpty)
        progress.apply(run: try JSONValue.parse(#"{"counts":{"cells":1,"passed":\#(count),"failed":\#(count),"errored":\#(count)}}"#))
        #expect(progress.done >= 0 && !ProgressText(progress).bar(width: 80).isEmpty)
    }

    @Test("events move the sequence, counters the numbers")
    func progress() throws {
        var progress = RunProgress()
        #expect(try progress.apply(Self.message("hello", 0, Self.counters)) == [])
        #expect(progress.done == 4 && progress.total == 10 && progress.state == "running")
        #expect(try progress.apply(Self.message("case.finished", 1, #"{"key":"a","result":"passed"}"#)) == [])
        let failed = #"{"key":"b","target":1,"repetition":2,"result":"failed","reason":"exact: no"}"#
        #expect(
            try progress.apply(Self.message("case.finished", 2, failed))
                == [.notPassed(.init(key: "b", target: 1, repetition: 2, result: "failed", reason: "exact: no"))])
        #expect(progress.lastSequence == 2)
        #expect(try progress.apply(Self.message("run.running", 3, #"{"state":"running"}"#)) == [.state("running", reason: "")])
        #expect(
            try progress.apply(Self.message("run.finished", 4, #"{"state":"finished","reason":"r"}"#)) == [.state("finished", reason: "r")])
        #expect(progress.isFinal)
    }

    @Test("what a resumed stream says again counts once")
    func repeats() throws {
        var progress = RunProgress(after: 5)
        #expect(try progress.apply(Self.message("case.finished", 5, #"{"key":"a","result":"failed"}"#)) == nil)
        #expect(try progress.apply(Self.message("gap", 9, #"{"from":6,"to":9}"#)) == [.gap(from: 6, to: 9)])
        #expect(progress.lastSequence == 9)
        #expect(progress.apply(.null) == nil)
        #expect(try progress.apply(Self.message("later.invention", 10)) == [])
    }

    @Test("an errored case tells its error, whatever its form")
    func errors() throws {
        var progress = RunProgress()
        let notes = progress.apply(try Self.message("case.finished", 1, #"{"key":"a","result":"errored","error":{"message":"no key"}}"#))
        guard case .notPassed(let note)? = notes?.first else { return #expect(Bool(false)) }
        #expect(note.reason == "no key")
    }

    @Test("a hello that knows the end does not end the run before its last event")
    func helloOfAFinishedRun() throws {
        var progress = RunProgress()
        _ = progress.apply(try Self.message("hello", 0, #"{"total":1,"run":{"state":"finished","passed":1}}"#))
        #expect(!progress.isFinal)
    }

    @Test("a bar fits its width, and a line has the same words")
    func bar() throws {
        var progress = RunProgress()
        _ = progress.apply(try Self.message("hello", 0, Self.counters))
        let text = ProgressText(progress)
        #expect(text.line == "4/10  3 passed, 1 failed  $0.0123  2 min left")
        let bar = text.bar(width: 79)
        #expect(bar.hasPrefix("[############") && bar.hasSuffix(text.line) && bar.count <= 79)
        #expect(text.bar(width: 20).count == 20 && text.bar(width: 0).isEmpty)
        #expect(ProgressText(RunProgress()).line == "waiting")
    }

    @Test("numbers are written for people")
    func numbers() {
        #expect([12.345, 0.01234, 0.0000456, 0].map(ProgressText.dollars) == ["$12.35", "$0.0123", "$0.000046", "$0.000000"])
        #expect([0, 0.2, 99, 100, 3600, 7_500].map(ProgressText.duration) == ["0 s", "1 s", "99 s", "2 min", "60 min", "2 h 5 min"])
        #expect(Decimals.text(-0.0001, digits: 2) == "0.00" && Decimals.text(-1.005, digits: 1) == "-1.0")
        #expect(Decimals.percent(0.9167) == "91.7 %" && Decimals.text(.nan, digits: 2) == "nan" && Decimals.text(2.5, digits: 0) == "3")
    }

    @Test(
        "a verdict is an exit status",
        arguments: [
            (#"{"state":"finished","verdict":{"result":"pass"}}"#, 0, "pass"),
            (#"{"state":"finished","verdict":{"result":"fail"}}"#, 100, "fail"),
            (#"{"state":"finished","verdict":{"result":"not_enough_evidence"}}"#, 101, "not enough evidence"),
            (#"{"state":"finished","verdict":null}"#, 1, "finished"), (#"{"state":"failed","state_reason":"x"}"#, 1, "failed"),
            (#"{"state":"cancelled","verdict":null}"#, 1, "cancelled"), (#"{"state":"running","verdict":{"result":"pass"}}"#, 1, "running"),
            ("{}", 1, "unknown"),
        ])
    func exits(run: String, status: Int32, word: String) throws {
        let ending = RunEnding(run: try JSONValue.parse(run))
        #expect(ending.exitStatus == status && ending.word == word)
    }

    @Test("waits between tries grow to a limit, are drawn, obey Retry-After and come to an end")
    func backOff() {
        var longest = Reconnection(maximumSilenceSeconds: 900, now: 0)
        let waits = (0..<9).map { _ in longest.failed(now: 1, random: 1) ?? -1 }
        #expect(waits == [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15])
        var shortest = Reconnection(maximumSilenceSeconds: 900, now: 0)
        #expect(shortest.failed(now: 1, random: 0) == 0.125)
        #expect(shortest.failed(now: 1, retryAfter: 7, random: 0) == 7 && shortest.failed(now: 1, retryAfter: 3600, random: 0) == 15)
        #expect(shortest.failed(now: 900, random: 0) == nil)
        shortest.alive(now: 900)
        #expect(shortest.failed(now: 901, random: 1) == 2)
        shortest.heard(now: 1000)
        #expect(shortest.failed(now: 1001, random: 1) == 0.25)
    }

    @Test(
        "only what passes by itself is tried again",
        arguments: [(200, false), (400, false), (404, false), (429, true), (500, true), (503, true)])
    func transient(status: Int, isTransient: Bool) { #expect(Reconnection.isTransient(status: status) == isTransient) }

    @Test("nothing in a text moves the cursor or turns the line around")
    func plainText() {
        #expect(PlainText.line("a\u{1b}[2Jb\r\nc\u{202e}d\u{0}e") == "a [2Jb c d e")
        #expect(PlainText.line("abcdef", maximumCharacterCount: 3) == "abc…" && PlainText.line("Zoë 🙂") == "Zoë 🙂")
    }
}
