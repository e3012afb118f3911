import ByteCoding
import Dispatch
import FileSystem
import OTLP
import SeededRandom
import SimulatedDisk
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

@Suite struct RejectedSpanQuarantineTests {
    private let project = testProject(1)

    private func span(_ number: Int, count: Int = 100, reason: SpanRejection.Reason = .traceIDLength) -> RejectedSpan {
        RejectedSpan(
            receivedUnixNano: testDay + UInt64(number), reason: reason, codec: .otlpJSON,
            source: [UInt8](repeating: UInt8(number % 256), count: count))
    }

    private func quarantine(_ disk: SimulatedDisk, bytes: Int = 16 << 20, spans: Int = 10_000) -> RejectedSpanQuarantine {
        var limits = QuarantineLimits()
        limits.maximumByteCount = bytes
        limits.maximumSpanCount = spans
        return RejectedSpanQuarantine(fileSystem: disk, directory: "/data/quarantine", limits: limits)
    }

    private func listed(_ quarantine: RejectedSpanQuarantine, of project: ProjectID, below id: KeptSpan.ID = .max, maximumCount: Int = 10)
        throws -> [RejectedSpan]
    {
        try quarantine.spans(of: project, below: id, maximumCount: maximumCount).map(\.span)
    }

    @Test("refused spans are listed youngest first with their reasons, also after a restart")
    func listing() throws {
        let disk = SimulatedDisk(seed: 1)
        let first = quarantine(disk)
        first.submit([span(1), span(2, reason: .spanIDZero)], of: project)
        first.submit([span(3)], of: project)
        first.submit([span(4)], of: testProject(2))
        first.flush()
        #expect(try listed(first, of: project) == [span(3), span(2, reason: .spanIDZero), span(1)])
        disk.crash()
        let second = quarantine(disk)
        second.submit([span(5)], of: project)
        #expect(try listed(second, of: project) == [span(5), span(3), span(2, reason: .spanIDZero), span(1)])
        let youngest = try #require(try second.spans(of: project, maximumCount: 1).first)
        #expect(try listed(second, of: project, below: youngest.id, maximumCount: 2) == [span(3), span(2, reason: .spanIDZero)])
        #expect(try second.countsByReason(of: project) == ["trace_id_length": 3, "span_id_zero": 1])
        #expect(try listed(second, of: testProject(3)).isEmpty)
        try second.removeAll(of: project)
        #expect(try second.countsByReason(of: project).isEmpty)
        #expect(try listed(second, of: testProject(2)) == [span(4)])
        second.submit([span(6)], of: project)
        #expect(try listed(second, of: project) == [span(6)])
    }

    @Test("a project's spans are bounded in number and in bytes, and the oldest go first")
    func bounds() throws {
        let disk = SimulatedDisk(seed: 2)
        let few = quarantine(disk, spans: 80)
        for number in 0..<200 { few.submit([span(number)], of: project) }
        let kept = try listed(few, of: project, maximumCount: 1000)
        #expect(kept.count <= 80 && kept.count > 60 && kept.first == span(199))
        #expect(few.statistics.keptCount == 200 && few.statistics.evictedCount == 200 - kept.count)
        let small = quarantine(SimulatedDisk(seed: 3), bytes: 64 << 10)
        small.submit((0..<100).map { span($0, count: 2000) }, of: project)
        let sizes = try listed(small, of: project, maximumCount: 1000).reduce(0) { $0 + $1.source.count }
        #expect(sizes <= 64 << 10 && sizes > 32 << 10)
    }

    @Test("a span that is too large is kept in part, and says so")
    func cut() throws {
        let quarantine = quarantine(SimulatedDisk(seed: 4))
        quarantine.submit([span(1, count: QuarantineLimits.maximumSourceByteCount + 5)], of: project)
        let kept = try #require(try listed(quarantine, of: project).first)
        #expect(kept.isCut && kept.sourceByteCount == QuarantineLimits.maximumSourceByteCount + 5)
        #expect(kept.source.count == QuarantineLimits.maximumSourceByteCount)
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
        #expect(try listed(quarantine, of: project).contains(span(4)))
        #expect(quarantine.statistics.keptCount == 2)
    }

    @Test("what comes in while the disk is busy is written at once; who asks waits for the own project alone")
    func grouping() throws {
        let disk = SimulatedDisk(seed: 12), quarantine = quarantine(disk)
        quarantine.submit([span(0)], of: project)
        quarantine.flush()
        quarantine.writeQueue.suspend()
        for number in 1...50 { quarantine.submit([span(number)], of: project) }
        for number in 1...50 { quarantine.submit([span(number)], of: testProject(2)) }
        let before = disk.operationCount
        // The queue stands still: nobody's spans but these are written.
        #expect(try listed(quarantine, of: project, maximumCount: 100).count == 51)
        #expect(disk.operationCount - before <= 8, "one write and one synchronize, and the reading")
        #expect(!(try disk.exists("/data/quarantine/project=\(testProject(2).uuid)")))
        quarantine.writeQueue.resume()
        quarantine.flush()
        #expect(try listed(quarantine, of: testProject(2), maximumCount: 100).count == 50)
        #expect(disk.operationCount - before <= 40 && quarantine.statistics.keptCount == 101)
    }

    @Test("the bounds hold within a submission and after one that failed")
    func boundsWithin() throws {
        let disk = SimulatedDisk(seed: 13)
        // Far more than may be kept, a span in each file: it would not fit if older files went at the end only.
        disk.setCapacity(200 << 10)
        let first = quarantine(disk, bytes: 16 << 10)
        first.submit((0..<200).map { span($0, count: 2000) }, of: project)
        #expect(try listed(first, of: project).first == span(199, count: 2000))
        #expect(first.statistics.failedCount == 0 && first.statistics.keptCount == 200)
        func files() throws -> [String] { try disk.list("/data/quarantine/project=\(project.uuid)") }
        func byteCount() throws -> Int {
            try files().reduce(0) { $0 + (disk.content(of: "/data/quarantine/project=\(project.uuid)/\($1)")?.count ?? 0) }
        }
        let smaller = quarantine(disk, bytes: 8 << 10)
        var rates = SimulatedDisk.FaultRates()
        rates.writeOneIn = 1
        disk.setFaultRates(rates)
        let count = try files().count
        smaller.submit([span(100)], of: project)
        smaller.flush()
        disk.setFaultRates(.init())
        #expect(smaller.statistics.failedCount == 1)
        #expect(try byteCount() <= 8 << 10 && files().count < count)
    }

    @Test("a full disk is left without empty files")
    func fullDisk() throws {
        let disk = SimulatedDisk(seed: 14), quarantine = quarantine(disk)
        let directory = "/data/quarantine/project=\(project.uuid)"
        // From no room for a header to room for a header and half a span.
        for capacity in [0, 20, 24, 60] {
            disk.setCapacity(capacity)
            for number in 0..<5 {
                quarantine.submit([span(number)], of: project)
                quarantine.flush()
            }
            #expect(try disk.list(directory).isEmpty, "\(capacity)")
        }
        #expect(quarantine.statistics.failedCount == 20)
        disk.setCapacity(1 << 20)
        quarantine.submit([span(7)], of: project)
        #expect(try listed(quarantine, of: project) == [span(7)] && disk.list(directory).count == 1)
    }

    @Test("a file with a damaged header, or a newer version's, is reported and left as it is until all is deleted", arguments: [0, 8])
    func unknownHeader(place: Int) throws {
        let disk = SimulatedDisk(seed: 15), messages = Mutex<[String]>([])
        let first = quarantine(disk)
        first.submit([span(1), span(2)], of: project)
        first.flush()
        let path = try path(disk)
        disk.corrupt(path, at: place)
        let content = try #require(disk.content(of: path))
        var limits = QuarantineLimits()
        limits.maximumByteCount = 4 << 10
        let second = RejectedSpanQuarantine(fileSystem: disk, directory: "/data/quarantine", limits: limits) { _, message in
            messages.withLock { $0.append(message) }
        }
        #expect(try listed(second, of: project).isEmpty)
        #expect(second.statistics.unknownFileCount == 1)
        #expect(messages.withLock { $0 }.contains { $0.contains(path) })
        for number in 10..<60 { second.submit([span(number, count: 900)], of: project) }
        let reason = try #require(try second.groups(of: project).keys.first)
        #expect(try second.remove(RejectedSpanSelection(reason: reason), of: project) > 0)
        try second.expire(nowUnixNano: testDay + 90 * 86_400_000_000_000)
        try second.resolve(of: project, removing: [RejectedSpanFiles.firstID(of: testDay / 1_000_000_000)], reasons: [:])
        #expect(disk.content(of: path) == content)
        second.submit([span(3)], of: project)
        #expect(try second.remove(RejectedSpanSelection(), of: project) == 1)
        #expect(disk.content(of: path) == nil && second.statistics.unknownFileCount == 0)
        disk.crash()
        #expect(disk.content(of: path) == nil, "and stays away")
        second.submit([span(4)], of: project)
        #expect(try listed(second, of: project) == [span(4)])
    }

    // MARK: What a replay needs

    private func origin(_ number: Int, exporter: String? = "OTel-OTLP-Exporter-Python/1.45.2") -> RejectedSpanOrigin {
        RejectedSpanOrigin(
            exporter: exporter, owner: SpanOwner(resource: Array("resource \(number)".utf8), scope: [], scopeSchemaURL: Array("s".utf8)))
    }

    private func span(_ number: Int, of origin: RejectedSpanOrigin, reason: SpanRejection.Reason = .traceIDLength) -> RejectedSpan {
        var span = span(number, reason: reason)
        span.origin = origin
        return span
    }

    @Test("spans keep what stood above them and who sent them, written once for those that share it, also after a restart")
    func origins() throws {
        let disk = SimulatedDisk(seed: 7)
        let first = quarantine(disk)
        let spans = (0..<40).map { span($0, of: origin($0 / 10)) } + [span(40)]
        first.submit(spans, of: project)
        #expect(try listed(first, of: project, maximumCount: 100) == spans.reversed())
        disk.crash()
        let second = quarantine(disk)
        #expect(try listed(second, of: project, maximumCount: 100) == spans.reversed())
        let name = try #require(try disk.list("/data/quarantine/project=\(project.uuid)").first)
        let content = try #require(disk.content(of: "/data/quarantine/project=\(project.uuid)/\(name)"))
        #expect(content.ranges(of: Array("resource 3".utf8)).count == 1)
        #expect(spans[0].isReplayable && !spans[40].isReplayable, "a span under no resource would be somebody else's")
        let long = RejectedSpanOrigin(
            exporter: String(repeating: "ü", count: 300), owner: SpanOwner(resource: [UInt8](repeating: 0, count: 70_000)))
        #expect(long.owner == nil && (long.exporter?.utf8.count ?? 0) <= QuarantineLimits.maximumExporterByteCount + 2)
    }

    @Test("what is kept is told by reason: how much, since when, from whom, the youngest")
    func groups() throws {
        let quarantine = quarantine(SimulatedDisk(seed: 8))
        quarantine.submit([span(5, of: origin(0)), span(6, of: origin(1, exporter: "go")), span(7, reason: .spanIDZero)], of: project)
        quarantine.submit([span(9, of: origin(0))], of: project)
        let groups = try quarantine.groups(of: project), group = try #require(groups["trace_id_length"])
        #expect(groups.count == 2 && group.spanCount == 3 && group.replayableSpanCount == 3)
        #expect(group.firstUnixNano == testDay + 5 && group.lastUnixNano == testDay + 9)
        #expect(group.spanCountByExporter == ["OTel-OTLP-Exporter-Python/1.45.2": 2, "go": 1])
        #expect(groups["span_id_zero"]?.spanCountByExporter == ["": 1] && groups["span_id_zero"]?.replayableSpanCount == 0)
        let sample = try quarantine.spans(of: project, RejectedSpanSelection(ids: [group.lastID]), maximumCount: 2)
        #expect(sample.map(\.span) == [span(9, of: origin(0))])
        let zero = try quarantine.spans(of: project, RejectedSpanSelection(reason: "span_id_zero"), maximumCount: 9)
        #expect(zero.map(\.span) == [span(7, reason: .spanIDZero)])
    }

    @Test("what a replay took goes, what it did not has its newest reason, and ids stay what they were")
    func resolving() throws {
        let disk = SimulatedDisk(seed: 9)
        let first = quarantine(disk, spans: 80)
        // Eight files of ten spans.
        first.submit((0..<75).map { span($0, of: origin($0 / 3)) }, of: project)
        let kept = try first.spans(of: project, maximumCount: 100)
        let gone = kept.filter { $0.id % 2 == 0 }, refused = try #require(kept.first { $0.id % 2 == 1 })
        try first.resolve(of: project, removing: Set(gone.map(\.id)), reasons: [refused.id: "malformed"])
        var expected = kept.filter { $0.id % 2 == 1 }
        expected[0].span.reason = "malformed"
        #expect(try first.spans(of: project, maximumCount: 100) == expected)
        #expect(first.statistics.replayedCount == gone.count && first.statistics.deletedCount == 0)
        disk.crash()
        let second = quarantine(disk, spans: 80)
        #expect(try second.spans(of: project, maximumCount: 100) == expected)
        second.submit([span(100)], of: project)
        #expect(try second.spans(of: project, maximumCount: 1).first.map { $0.id > kept[0].id } == true)
        #expect(try second.remove(RejectedSpanSelection(reason: "malformed"), of: project) == 1)
        #expect(try second.remove(RejectedSpanSelection(), of: project) == expected.count)
        #expect(try second.countsByReason(of: project).isEmpty && second.statistics.deletedCount == expected.count + 1)
        #expect(try disk.list("/data/quarantine/project=\(project.uuid)").isEmpty, "their bytes are gone")
        second.submit([span(200)], of: project)
        #expect(try second.spans(of: project, maximumCount: 9).count == 1)
    }

    @Test("a crash while spans leave keeps all of a file's or none, and a failing disk loses nothing", arguments: TestSeed.several(20))
    func crashes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let hint = Comment(rawValue: TestSeed.hint(seed))
        let disk = SimulatedDisk(seed: seed)
        var quarantine = quarantine(disk, spans: 80)
        let spans = (0..<60).map { span($0, of: origin($0 / 7)) }
        quarantine.submit(spans, of: project)
        var expected = try quarantine.spans(of: project, maximumCount: 100)
        #expect(expected.count == 60, hint)
        for _ in 0..<6 {
            let gone = Set(expected.filter { _ in generator.chance(20) }.map(\.id))
            disk.crash(atOperation: disk.operationCount + Int.random(in: 1...30, using: &generator))
            let isDone = (try? quarantine.resolve(of: project, removing: gone, reasons: [:])) != nil
            disk.crash(atOperation: nil)
            disk.crash()
            quarantine = self.quarantine(disk, spans: 80)
            let after = try quarantine.spans(of: project, maximumCount: 100)
            let left = expected.filter { !gone.contains($0.id) }
            // What was to stay is there as it was; what was to go may be there only when that was not yet said to be done.
            #expect(after.filter { !gone.contains($0.id) } == left, hint)
            if isDone { #expect(after == left, hint) }
            #expect(Set(after).isSubset(of: expected), hint)
            #expect(try disk.list("/data/quarantine/project=\(project.uuid)").allSatisfy { !$0.hasSuffix(".tmp") }, hint)
            expected = after
        }
    }

    // MARK: Age

    @Test("what is too old goes within the hour, of every project, also of those that nobody asked for")
    func age() throws {
        let disk = SimulatedDisk(seed: 10), day: UInt64 = 86_400_000_000_000
        let first = quarantine(disk)
        func old(_ days: UInt64) -> RejectedSpan {
            var span = span(1)
            span.receivedUnixNano = testDay + days * day
            return span
        }
        first.submit([old(0), old(1), old(20)], of: project)
        first.submit([old(0)], of: testProject(2))
        first.submit([old(25)], of: testProject(3))
        first.flush()
        disk.crash()
        let second = quarantine(disk)
        try second.expire(nowUnixNano: testDay + 30 * day)
        #expect(second.statistics.expiredCount == 0, "thirty days are kept")
        try second.expire(nowUnixNano: testDay + 30 * day + day / 48)
        #expect(second.statistics.expiredCount == 0, "looked at once an hour")
        try second.expire(nowUnixNano: testDay + 30 * day + day / 12)
        #expect(second.statistics.expiredCount == 2)
        #expect(try listed(second, of: project) == [old(20), old(1)] && listed(second, of: testProject(2)).isEmpty)
        #expect(try disk.list("/data/quarantine/project=\(testProject(2).uuid)").isEmpty)
        try second.removeSpans(of: project, before: testDay + 19 * day)
        #expect(try listed(second, of: project) == [old(20)] && listed(second, of: testProject(3)) == [old(25)])
    }

    // MARK: Files as they may be found

    private func path(_ disk: SimulatedDisk) throws -> String {
        let directory = "/data/quarantine/project=\(project.uuid)"
        return directory + "/" + (try #require(try disk.list(directory).first))
    }

    @Test("a damaged record is passed over and counted; what it may have said about those behind it is not made up")
    func damage() throws {
        let disk = SimulatedDisk(seed: 6)
        let first = quarantine(disk)
        first.submit([span(1, of: origin(1)), span(2, of: origin(1)), span(3, of: origin(2))], of: project)
        first.flush()
        let content = try #require(disk.content(of: try path(disk)))
        // The second span's own bytes.
        let place = try #require(content.firstRange(of: [UInt8](repeating: 2, count: 100)))
        disk.corrupt(try path(disk), at: place.lowerBound)
        let second = quarantine(disk)
        #expect(try listed(second, of: project) == [span(3, of: origin(2)), span(1, of: origin(1))])
        #expect(second.statistics.damagedCount == 1)
        // The origin of all that follow.
        disk.corrupt(try path(disk), at: try #require(content.firstRange(of: Array("resource 2".utf8))).lowerBound)
        #expect(try listed(quarantine(disk), of: project) == [span(3), span(1, of: origin(1))])
    }

    @Test("files of noise and of spans with bytes changed are read as far as they make sense", arguments: TestSeed.several(10))
    func noise(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let hint = Comment(rawValue: TestSeed.hint(seed))
        let disk = SimulatedDisk(seed: seed)
        let first = quarantine(disk)
        let spans = (0..<20).map { span($0, of: origin($0 / 4)) }
        first.submit(spans, of: project)
        first.flush()
        let count = try #require(disk.content(of: try path(disk))).count
        for _ in 0..<20 {
            disk.corrupt(
                try path(disk), at: Int.random(in: 0..<count, using: &generator), xor: UInt8.random(in: 1...255, using: &generator))
            let quarantine = quarantine(disk)
            let kept = try quarantine.spans(of: project, maximumCount: 100)
            for kept in kept { #expect(spans.contains(kept.span) || kept.span.origin == nil, hint) }
            #expect(kept.map(\.id) == kept.map(\.id).sorted(by: >) && Set(kept.map(\.id)).count == kept.count, hint)
        }
        let noise = generator.bytes(3000)
        for ids: Range<KeptSpan.ID> in [0..<10, 5..<5] {
            _ = RejectedSpanCoding.decode(noise, ids: ids)
            #expect(RejectedSpanCoding.decode(RejectedSpanCoding.header(oldestUnixNano: 1) + noise, ids: ids).spans.isEmpty, hint)
        }
        // What was damaged goes with the next change of the file, and the rest can still leave.
        let last = quarantine(disk)
        last.submit([span(99)], of: project)
        _ = try last.remove(RejectedSpanSelection(), of: project)
        #expect(try last.countsByReason(of: project).isEmpty, hint)
    }

    @Test("files of the first version are listed and cannot be replayed; they leave like others")
    func firstVersion() throws {
        let disk = SimulatedDisk(seed: 11)
        let directory = "/data/quarantine/project=\(project.uuid)"
        try disk.createDirectory(directory)
        var writer = ByteWriter()
        writer.append(Array("SPNDLREJ".utf8) + [1, 0, 0, 0, 0, 0, 0, 0])
        for number in 0..<3 {
            var record = ByteWriter()
            record.integer(testDay + UInt64(number))
            record.integer(UInt8(2))
            record.integer(UInt8(number == 2 ? 1 : 0))
            record.append(zeros: 2)
            record.integer(UInt32(5))
            record.lengthPrefixed("span_id_zero")
            record.append(Array("{\"\":\(number)}".utf8.prefix(5)))
            writer.integer(UInt32(record.count))
            writer.integer(record.bytes.withUnsafeBytes { CRC32C.checksum($0) })
            writer.append(record.bytes)
        }
        try disk.replace(directory + "/0000000000000004.rejected", with: writer.bytes)
        let quarantine = quarantine(disk)
        let kept = try quarantine.spans(of: project, maximumCount: 9)
        #expect(kept.map(\.span.source) == [Array("{\"\":2".utf8), Array("{\"\":1".utf8), Array("{\"\":0".utf8)])
        #expect(
            kept.map(\.span.isRedacted) == [true, false, false] && kept.allSatisfy { !$0.span.isReplayable && $0.span.exporter == nil })
        try quarantine.resolve(of: project, removing: [kept[1].id], reasons: [:])
        #expect(try quarantine.spans(of: project, maximumCount: 9) == [kept[0], kept[2]])
        quarantine.submit([span(7)], of: project)
        quarantine.flush()
        #expect(try self.quarantine(disk).spans(of: project, maximumCount: 9).map(\.span) == [span(7), kept[0].span, kept[2].span])
    }
}
