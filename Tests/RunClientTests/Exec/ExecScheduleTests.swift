import ByteCoding
import RunClient
import Testing

/// What a command line does with leased cases, step by step.
@Suite struct ExecScheduleTests {
    private static func cell(_ number: Int) throws -> ExecCell {
        let json = #"{"job":\#(number),"lease":"l\#(number)","key":"k\#(number)","target":0,"repetition":2,"attempt":1,"input":"q"}"#
        guard let cell = ExecCell(try JSONValue.parse(json)) else { throw RunClientError("no cell") }
        return cell
    }

    private static func answered(_ text: String) -> ExecResult {
        var result = ExecResult(.exited(0), startUnixNano: 7)
        result.output = Array(text.utf8)
        return result
    }

    @Test("cases are asked for as far as there is room, done, and handed over")
    func straight() throws {
        var schedule = ExecSchedule(capacity: 2)
        #expect(schedule.next(now: 0) == .lease(capacity: 2))
        schedule.leased([try Self.cell(1)], leaseSeconds: 30, now: 0)
        #expect(schedule.next(now: 0) == .lease(capacity: 1))
        schedule.leased([], leaseSeconds: 30, now: 0)
        #expect(schedule.next(now: 0) == .wait(until: 0.2))
        #expect(try schedule.ended(Self.cell(1).id, Self.answered("hello\n"), now: 0.1))
        guard case .submit(let outputs, let cells) = schedule.next(now: 0.1) else { return #expect(Bool(false)) }
        #expect(outputs.count == 1 && outputs[0]["text"]?.stringValue == "hello" && outputs[0]["lease"]?.stringValue == "l1")
        #expect(outputs[0]["started_at_unix_nano"]?.integerValue == 7 && outputs[0]["exit_status"]?.integerValue == 0)
        schedule.submitted(cells, now: 0.1)
        #expect(schedule.leases.isEmpty && schedule.next(now: 0.1) == .lease(capacity: 2))
    }

    @Test("a server that sends more cells than were asked for, or one twice, has as many commands begun as there is room for")
    func flood() throws {
        var schedule = ExecSchedule(capacity: 3)
        let cells = try [Self.cell(1), Self.cell(1)] + (2...1000).map { try Self.cell($0) }
        #expect(try schedule.leased(cells, leaseSeconds: 30, now: 0) == (1...3).map { try Self.cell($0) })
        #expect(schedule.runningCount == 3)
    }

    @Test("what is held is extended at a third of its time; what is lost is given up")
    func leases() throws {
        var schedule = ExecSchedule(capacity: 2)
        schedule.leased([try Self.cell(1), try Self.cell(2)], leaseSeconds: 30, now: 100)
        #expect(schedule.next(now: 100) == .wait(until: 110))
        #expect(schedule.next(now: 110) == .extend(schedule.leases) && schedule.leases.count == 2)
        #expect(try schedule.extended(held: [.integer(2)], now: 110) == [Self.cell(1).id])
        #expect(schedule.runningCount == 1)
        #expect(try !schedule.ended(Self.cell(1).id, Self.answered("late"), now: 111))
        #expect(schedule.next(now: 111) == .lease(capacity: 1))
    }

    @Test("while outputs cannot be handed over no new cases pile up, and their leases are kept")
    func outage() throws {
        var schedule = ExecSchedule(capacity: 1)
        schedule.leased([try Self.cell(1)], leaseSeconds: 30, now: 0)
        _ = schedule.ended(try Self.cell(1).id, Self.answered("x"), now: 1)
        let step = schedule.next(now: 1)
        schedule.failed(step, retryAt: 4)
        #expect(schedule.next(now: 1) == .wait(until: 4))
        #expect(schedule.next(now: 4) == step)
        schedule.failed(step, retryAt: 20)
        #expect(schedule.next(now: 10) == .extend(schedule.leases))
        _ = schedule.extended(held: [], now: 10)
        #expect(schedule.leases.isEmpty && schedule.next(now: 10) == .lease(capacity: 1))
    }

    @Test("without cases the pauses grow; the run's end ends it")
    func idle() {
        var schedule = ExecSchedule(capacity: 1), times: [Double] = [], now = 0.0
        for _ in 0..<6 {
            schedule.leased([], leaseSeconds: nil, now: now)
            guard case .wait(let until) = schedule.next(now: now) else { return #expect(Bool(false)) }
            times.append(until - now)
            now = until
        }
        #expect(times.map { ($0 * 10).rounded() / 10 } == [0.2, 0.4, 0.8, 1.6, 3, 3])
        schedule.heard(runState: "paused")
        #expect(schedule.next(now: now) == .lease(capacity: 1))
        schedule.heard(runState: "finished")
        #expect(schedule.next(now: now) == .finished)
    }

    @Test("a command that failed is an error with what it said; one that was stopped is nothing")
    func failures() throws {
        var schedule = ExecSchedule(capacity: 2)
        schedule.leased([try Self.cell(1), try Self.cell(2)], leaseSeconds: 30, now: 0)
        var failed = ExecResult(.exited(3), startUnixNano: 0)
        failed.errorOutput = Array("Traceback".utf8)
        _ = schedule.ended(try Self.cell(1).id, failed, now: 0)
        _ = schedule.ended(try Self.cell(2).id, ExecResult(.stopped, startUnixNano: 0), now: 0)
        guard case .submit(let outputs, _) = schedule.next(now: 0) else { return #expect(Bool(false)) }
        #expect(outputs.count == 1 && outputs[0]["exit_status"]?.integerValue == 3 && outputs[0]["text"] == nil)
        #expect(outputs[0]["error"]?["message"]?.stringValue == "the command ended with status 3; it said:\nTraceback")
    }

    @Test("many outputs are handed over in several bodies")
    func batches() throws {
        var schedule = ExecSchedule(capacity: 300)
        let cells = try (0..<250).map(Self.cell)
        schedule.leased(cells, leaseSeconds: 30, now: 0)
        for cell in cells { _ = schedule.ended(cell.id, Self.answered("x"), now: 0) }
        var sizes: [Int] = []
        while case .submit(let outputs, let done) = schedule.next(now: 0) {
            sizes.append(outputs.count)
            schedule.submitted(done, now: 0)
        }
        #expect(sizes == [100, 100, 50])
    }

    @Test("the case reaches the command as one line of JSON, its names as variables")
    func input() throws {
        let json = #"{"job":1,"lease":2,"key":"a\nb","target":0,"input":{"variables":{"x":1}},"traceparent":"00-a-b-01"}"#
        let cell = try #require(ExecCell(try JSONValue.parse(json)))
        let text = String(decoding: cell.standardInput(run: "r", targetName: "t"), as: UTF8.self)
        #expect(text.hasSuffix("}\n") && text.split(separator: "\n").count == 1)
        #expect(try JSONValue.parse(text)["input"]?["variables"]?["x"]?.integerValue == 1)
        let variables = Dictionary(uniqueKeysWithValues: cell.environment(run: "r", targetName: "t"))
        #expect(variables["SPANDREL_CASE_KEY"] == "a\nb" && variables["TRACEPARENT"] == "00-a-b-01" && variables["SPANDREL_TARGET"] == "t")
    }
}
