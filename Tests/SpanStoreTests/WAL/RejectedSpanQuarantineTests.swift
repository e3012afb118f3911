import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

@Suite struct RejectedSpanQuarantineTests {
    private let project = testProject(1)

    private func span(_ number: Int, count: Int = 100, reason: SpanRejection.Reason = .traceIDLength) -> RejectedSpan {
        RejectedSpan(
            receivedUnixNano: testDay + UInt64(number), reason: reason, codec: .otlpJSON, source: [UInt8](repeating: UInt8(number % 256), count: count))
    }

    private func quarantine(_ disk: SimulatedDisk, bytes: Int = 16 << 20, spans: Int = 10_000) -> RejectedSpanQuarantine {
        var limits = RejectedSpanQuarantine.Limits()
        limits.maximumByteCount = bytes
        limits.maximumSpanCount = spans
        return RejectedSpanQuarantine(fileSystem: disk, directory: "/data/quarantine", limits: limits)
    }

    @Test("refused spans are listed youngest first with their reasons, also after a restart")
    func listing() throws {
        let disk = SimulatedDisk(seed: 1)
        let first = quarantine(disk)
        first.submit([span(1), span(2, reason: .spanIDZero)], of: project)
        first.submit([span(3)], of: project)
        first.submit([span(4)], of: testProject(2))
        #expect(try first.spans(of: project, maximumCount: 10) == [span(3), span(2, reason: .spanIDZero), span(1)])
        disk.crash()
        let second = quarantine(disk)
        second.submit([span(5)], of: project)
        #expect(try second.spans(of: project, maximumCount: 10) == [span(5), span(3), span(2, reason: .spanIDZero), span(1)])
        #expect(try second.spans(of: project, skipping: 1, maximumCount: 2) == [span(3), span(2, reason: .spanIDZero)])
        #expect(try second.countsByReason(of: project) == ["trace_id_length": 3, "span_id_zero": 1])
        #expect(try second.spans(of: testProject(3), maximumCount: 10).isEmpty)
        try second.removeAll(of: project)
        #expect(try second.countsByReason(of: project).isEmpty)
        #expect(try second.spans(of: testProject(2), maximumCount: 10) == [span(4)])
        second.submit([span(6)], of: project)
        #expect(try second.spans(of: project, maximumCount: 10) == [span(6)])
    }

    @Test("a project's spans are bounded in number and in bytes, and the oldest go first")
    func bounds() throws {
        let disk = SimulatedDisk(seed: 2)
        let few = quarantine(disk, spans: 80)
        for number in 0..<200 { few.submit([span(number)], of: project) }
        let kept = try few.spans(of: project, maximumCount: 1000)
        #expect(kept.count <= 80 && kept.count > 60 && kept.first == span(199))
        #expect(few.statistics.keptCount == 200 && few.statistics.evictedCount == 200 - kept.count)
        let small = quarantine(SimulatedDisk(seed: 3), bytes: 64 << 10)
        small.submit((0..<100).map { span($0, count: 2000) }, of: project)
        let sizes = try small.spans(of: project, maximumCount: 1000).reduce(0) { $0 + $1.source.count }
        #expect(sizes <= 64 << 10 && sizes > 32 << 10)
    }

    @Test("a span that is too large is kept in part, and says so")
    func cut() throws {
        let quarantine = quarantine(SimulatedDisk(seed: 4))
        quarantine.submit([span(1, count: RejectedSpan.maximumSourceByteCount + 5)], of: project)
        let kept = try #require(try quarantine.spans(of: project, maximumCount: 1).first)
        #expect(kept.isCut && kept.sourceByteCount == RejectedSpan.maximumSourceByteCount + 5)
        #expect(kept.source.count == RejectedSpan.maximumSourceByteCount)
    }

    @Test("what cannot be kept is counted")
    func losses() throws {
        let disk = SimulatedDisk(seed: 5)
        let quarantine = quarantine(disk)
        quarantine.submit([span(1)], of: project)
        quarantine.flush()
        var rates = SimulatedDisk.FaultRates()
        rates.synchronizeOneIn = 1
        disk.setFaultRates(rates)
        quarantine.submit([span(2), span(3)], of: project)
        quarantine.flush()
        #expect(quarantine.statistics.failedCount == 2)
        disk.setFaultRates(.init())
        quarantine.submit([span(4)], of: project)
        #expect(try quarantine.spans(of: project, maximumCount: 10).contains(span(4)))
        #expect(quarantine.statistics.keptCount == 2)
    }

    @Test("a damaged file is read up to the damage")
    func damage() throws {
        let disk = SimulatedDisk(seed: 6)
        let first = quarantine(disk)
        first.submit([span(1), span(2), span(3)], of: project)
        first.flush()
        let name = try #require(try disk.list("/data/quarantine/project=\(project.uuid)").first)
        let path = "/data/quarantine/project=\(project.uuid)/\(name)"
        disk.corrupt(path, at: try #require(disk.content(of: path)).count - 1)
        #expect(try quarantine(disk).spans(of: project, maximumCount: 10) == [span(2), span(1)])
    }
}
