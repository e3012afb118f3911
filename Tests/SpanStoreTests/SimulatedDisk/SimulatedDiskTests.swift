import FileSystem
import SeededRandom
import SimulatedDisk
import Testing

@Suite struct SimulatedDiskTests {
    private func sector(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 512) }

    @Test("what was synchronized survives every crash", arguments: TestSeed.several(20))
    func durable(seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        try disk.createDirectory("/d")
        let file = try disk.open("/d/f", .create)
        try file.write(sector(1) + sector(2), at: 0)
        try file.synchronizeData()
        try disk.synchronizeDirectory("/d")
        disk.crash()
        #expect(disk.content(of: "/d/f") == sector(1) + sector(2), "\(TestSeed.hint(seed))")
        #expect(throws: FileSystemError.self) { try file.write([1], at: 0) }
    }

    @Test("what was not synchronized is lost, kept or torn between sectors")
    func torn() throws {
        var outcomes: Set<[UInt8]> = []
        for seed in UInt64(0)..<200 {
            let disk = SimulatedDisk(seed: seed)
            try disk.createDirectory("/d")
            let file = try disk.open("/d/f", .create)
            try file.write(sector(1) + sector(1), at: 0)
            try file.synchronizeData()
            try disk.synchronizeDirectory("/d")
            try file.write(sector(2) + sector(2), at: 0)
            disk.crash()
            let content = try #require(disk.content(of: "/d/f"))
            outcomes.insert([content[0], content[512]])
        }
        #expect(outcomes == [[1, 1], [1, 2], [2, 1], [2, 2]])
    }

    @Test("a name that was not synchronized may be gone, and a rename undone")
    func names() throws {
        var outcomes: Set<[String]> = []
        for seed in UInt64(0)..<200 {
            let disk = SimulatedDisk(seed: seed)
            try disk.createDirectory("/d")
            _ = try disk.open("/d/a", .create)
            try disk.synchronizeDirectory("/d")
            try disk.rename("/d/a", to: "/d/b")
            _ = try disk.open("/d/c", .create)
            disk.crash()
            outcomes.insert(try disk.list("/d"))
        }
        #expect(outcomes == [["a"], ["b"], ["b", "c"]])
    }

    @Test("after a failed synchronize a second one reports success and writes nothing")
    func failedSynchronize() throws {
        var lost = 0
        for seed in UInt64(0)..<100 {
            let disk = SimulatedDisk(seed: seed)
            try disk.createDirectory("/d")
            let file = try disk.open("/d/f", .create)
            try disk.synchronizeDirectory("/d")
            try file.write(sector(1), at: 0)
            disk.fail(atOperation: disk.operationCount + 1, with: .io)
            #expect(throws: FileSystemError.self) { try file.synchronizeData() }
            try file.synchronizeData()
            #expect(try file.read(count: 1, at: 0) == [1])
            disk.crash()
            if disk.content(of: "/d/f") != sector(1) { lost += 1 }
        }
        #expect(lost > 0 && lost < 100)
    }

    @Test("a full disk refuses growth and takes overwriting")
    func full() throws {
        let disk = SimulatedDisk(seed: 1)
        try disk.createDirectory("/d")
        let file = try disk.open("/d/f", .create)
        try file.write(sector(1), at: 0)
        disk.setCapacity(512)
        let error = #expect(throws: FileSystemError.self) { try file.write(sector(1), at: 512) }
        #expect(error?.code == .noSpace)
        try file.write(sector(2), at: 0)
        #expect(try disk.space(at: "/d").freeByteCount == 0)
    }

    @Test("the same seed and the same operations give the same crash")
    func deterministic() throws {
        func run() throws -> ([UInt8]?, [String]) {
            let disk = SimulatedDisk(seed: 42)
            try disk.createDirectory("/d")
            disk.crash(atOperation: 40)
            do {
                for number in 0..<20 {
                    let file = try disk.open("/d/\(number)", .create)
                    try file.write([UInt8](repeating: UInt8(number), count: 3000), at: 0)
                    if number % 3 == 0 { try file.synchronizeData() }
                }
            } catch {
                #expect(disk.isDown)
            }
            disk.crash()
            return (disk.content(of: "/d/3"), try disk.list("/d"))
        }
        let first = try run()
        let second = try run()
        #expect(first.0 == second.0 && first.1 == second.1)
    }
}
