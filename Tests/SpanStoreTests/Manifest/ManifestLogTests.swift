import ByteCoding
import FileSystem
import SeededRandom
import SimulatedDisk
import Testing

@testable import SpanStore

@Suite struct ManifestLogTests {
    private let directory = "/data/manifest"

    private func open(_ disk: SimulatedDisk, maximumEditCount: Int = 1000) throws(StoreError) -> ManifestLog {
        try ManifestLog.open(fileSystem: disk, directory: directory, maximumEditCount: maximumEditCount)
    }

    private func current(_ disk: SimulatedDisk) throws -> String {
        let bytes = try #require(disk.content(of: directory + "/CURRENT"))
        return try #require(ManifestFileName.named(inCurrent: bytes))
    }

    @Test("acknowledged edits, and no others, survive crashes and a failing disk", arguments: TestSeed.several(40))
    func crashes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let disk = SimulatedDisk(seed: seed ^ 0xA11)
        let hint = Comment(rawValue: TestSeed.hint(seed))
        var acknowledged = ManifestState()
        // What the state may be if the machine stopped in the middle of this edit.
        var undecided: ManifestState?
        for _ in 0..<10 {
            disk.setFaultRates(.init())
            if generator.oneIn(3) {
                disk.crash(atOperation: disk.operationCount + Int.random(in: 1...12, using: &generator))
                _ = try? open(disk)
                if disk.isDown { disk.crash() } else { disk.crash(atOperation: nil) }
            }
            let log = try open(disk, maximumEditCount: 5)
            let found = log.state
            #expect(found == acknowledged || found == undecided, hint)
            acknowledged = found
            undecided = nil
            var rates = SimulatedDisk.FaultRates()
            if generator.oneIn(2) {
                rates.writeOneIn = 12
                rates.synchronizeOneIn = 8
                rates.noSpaceOneIn = 20
                rates.nameOneIn = 10
            }
            disk.setFaultRates(rates)
            disk.crash(atOperation: disk.operationCount + Int.random(in: 1...60, using: &generator))
            for _ in 0..<Int.random(in: 0...15, using: &generator) where !disk.isDown {
                let edit = randomEdit(acknowledged, &generator)
                var next = acknowledged
                try next.apply(edit)
                do throws(StoreError) {
                    #expect(try log.append(edit) == next, hint)
                    acknowledged = next
                    undecided = nil
                } catch {
                    if error.code == .poisoned { undecided = undecided ?? next }
                    #expect(log.state == acknowledged, hint)
                    // Decided: it did not take effect.
                    if error.code != .poisoned { undecided = nil }
                }
                // A poisoned edit stays undecided until one succeeds; the oracle knows one candidate at a time.
                if undecided != nil { break }
            }
            if generator.oneIn(3), !disk.isDown { disk.killProcess() } else { disk.crash() }
        }
    }

    @Test("a new file is begun after so many edits, and the old ones go")
    func checkpoints() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try open(disk, maximumEditCount: 4)
        var names: Set<String> = []
        for sequence in UInt64(1)...20 {
            try log.append(ManifestEdit([.addSegment(testSegment(sequence))]))
            names.insert(try current(disk))
        }
        #expect(names.count >= 4)
        #expect(try disk.list(directory) == ["CURRENT", try current(disk)])
        log.close()
        let error = #expect(throws: StoreError.self) { try log.append(ManifestEdit()) }
        #expect(error?.code == .closed)
        #expect(try open(disk).state.segments.count == 20)
    }

    @Test("an edit that does not fit is refused and nothing is written")
    func invalid() throws {
        let disk = SimulatedDisk(seed: 2)
        let log = try open(disk)
        let before = disk.operationCount
        let error = #expect(throws: StoreError.self) { try log.append(ManifestEdit([.dropSegment(sequence: 1)])) }
        #expect(error?.code == .invalid && disk.operationCount == before)
    }

    @Test("a torn last edit is left out, a damaged one before it is refused by name")
    func damage() throws {
        let disk = SimulatedDisk(seed: 3)
        let log = try open(disk)
        var sizes: [Int] = []
        let path = directory + "/" + (try current(disk))
        for sequence in UInt64(1)...5 {
            sizes.append(try #require(disk.content(of: path)?.count))
            try log.append(ManifestEdit([.addSegment(testSegment(sequence))]))
        }
        disk.corrupt(path, at: sizes[2] + 40)
        let error = #expect(throws: StoreError.self) { _ = try open(disk) }
        #expect(error?.code == .corrupt && error?.message.contains(path) == true && error?.message.contains("at \(sizes[2])") == true)
        disk.corrupt(path, at: sizes[2] + 40)
        disk.corrupt(path, at: sizes[4] + 40)
        #expect(try open(disk).state.segments.count == 4)
    }

    @Test("a damaged header, CURRENT or checkpoint, a missing file and a newer version are refused by name")
    func refusals() throws {
        func prepared(_ harm: (SimulatedDisk, String) throws -> Void) throws -> StoreError? {
            let disk = SimulatedDisk(seed: 4)
            let log = try open(disk)
            for sequence in UInt64(1)...3 { try log.append(ManifestEdit([.addSegment(testSegment(sequence))])) }
            try harm(disk, directory + "/" + (try current(disk)))
            return #expect(throws: StoreError.self) { _ = try open(disk) }
        }
        let header = try prepared { disk, path in disk.corrupt(path, at: 20) }
        #expect(header?.code == .corrupt && header?.message.contains("header") == true)
        let checkpoint = try prepared { disk, path in
            disk.corrupt(path, at: ManifestFile.headerByteCount + 30)
        }
        #expect(checkpoint?.code == .corrupt)
        let pointer = try prepared { disk, _ in disk.corrupt("/data/manifest/CURRENT", at: 12) }
        #expect(pointer?.code == .corrupt && pointer?.message.contains("CURRENT") == true)
        let lostPointer = try prepared { disk, _ in try disk.remove("/data/manifest/CURRENT") }
        #expect(lostPointer?.code == .corrupt && lostPointer?.message.contains("CURRENT") == true)
        let missing = try prepared { disk, path in try disk.remove(path) }
        #expect(missing?.code == .corrupt && missing?.message.contains("missing") == true)
        let newer = try prepared { disk, path in
            var bytes = ManifestFile.encodeHeader(number: 1, salt: 5)
            bytes[8] = 2
            bytes.replaceSubrange(60..., with: withUnsafeBytes(of: CRC32C.checksum(Array(bytes[..<60])).littleEndian) { Array($0) })
            try disk.open(path, .readWrite).write(bytes, at: 0)
        }
        #expect(newer?.code == .newerFormat && newer?.message.contains("manifest format 2") == true)
    }

    @Test("the beginning of a new store that a crash cut short is begun again")
    func cutBeginning() throws {
        for stop in 1...20 {
            let disk = SimulatedDisk(seed: UInt64(stop))
            disk.crash(atOperation: stop)
            _ = try? open(disk)
            if disk.isDown { disk.crash() } else { disk.crash(atOperation: nil) }
            #expect(try open(disk).state == ManifestState())
        }
    }

    @Test("on a full disk the manifest is still read, and refuses edits as full until there is room")
    func fullDiskOpening() throws {
        let disk = SimulatedDisk(seed: 6)
        try open(disk).append(ManifestEdit([.addSegment(testSegment(1))]))
        disk.killProcess()
        disk.setCapacity(1)
        let log = try open(disk)
        #expect(log.state.segments.count == 1)
        let error = #expect(throws: StoreError.self) { try log.append(ManifestEdit([.dropSegment(sequence: 1)])) }
        #expect(error?.code == .full && log.state.segments.count == 1)
        disk.setCapacity(.max)
        #expect(try log.append(ManifestEdit([.dropSegment(sequence: 1)])).segments.isEmpty)
        #expect(try open(disk).state.segments.isEmpty)
    }

    @Test("what a start on a full disk has shown is durable", arguments: TestSeed.several(30))
    func fullDiskSettling(seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        let log = try open(disk)
        try log.append(ManifestEdit([.addSegment(testSegment(1))]))
        // The edit's synchronize fails, and so does every attempt at a file without it.
        var rates = SimulatedDisk.FaultRates()
        rates.synchronizeOneIn = 1
        disk.setFaultRates(rates)
        let error = #expect(throws: StoreError.self) { try log.append(ManifestEdit([.addSegment(testSegment(2))])) }
        #expect(error?.code == .poisoned)
        disk.setFaultRates(.init())
        disk.killProcess()
        disk.setCapacity(1)
        let shown = try open(disk).state
        disk.crash()
        #expect(try open(disk).state == shown, "\(TestSeed.hint(seed))")
    }

    @Test("a full disk refuses an edit, which then did not take effect, and later ones succeed")
    func fullDisk() throws {
        let disk = SimulatedDisk(seed: 5)
        let log = try open(disk)
        try log.append(ManifestEdit([.addSegment(testSegment(1))]))
        disk.setCapacity(try #require(disk.content(of: directory + "/" + (try current(disk)))).count + 400)
        var failure: StoreError?
        var sequence: UInt64 = 2
        while failure == nil {
            do throws(StoreError) {
                try log.append(ManifestEdit([.addSegment(testSegment(sequence))]))
                sequence += 1
            } catch {
                failure = error
            }
        }
        #expect(log.state.segments.count == Int(sequence) - 1)
        disk.setCapacity(.max)
        try log.append(ManifestEdit([.addSegment(testSegment(sequence))]))
        #expect(try open(disk).state.segments.count == Int(sequence))
    }
}
