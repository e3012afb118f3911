import FileSystem
import SimulatedDisk
import Testing

@testable import SpanStore

@Suite("Ballast file")
struct BallastTests {
    private static func disk() throws -> SimulatedDisk {
        let disk = SimulatedDisk(seed: 7)
        try disk.createDirectory("/s")
        return disk
    }

    @Test("it is written out in steps, durably, and found again after a start")
    func steps() throws {
        let disk = try Self.disk(), ballast = Ballast(fileSystem: disk, root: "/s")
        #expect(ballast.byteCount == 0 && !ballast.giveUp())
        try ballast.approach(1000, stepByteCount: 400)
        #expect(ballast.byteCount == 400)
        disk.crash()
        let next = Ballast(fileSystem: disk, root: "/s")
        #expect(next.byteCount == 400)
        for _ in 0..<3 { try next.approach(1000, stepByteCount: 400) }
        #expect(next.byteCount == 1000 && disk.content(of: "/s/ballast") == [UInt8](repeating: 0, count: 1000))
        #expect(next.giveUp() && next.byteCount == 0 && next.givenUpCount == 1 && disk.content(of: "/s/ballast") == nil)
        #expect(!next.giveUp())
        try next.approach(10, stepByteCount: 400)
        try next.approach(0, stepByteCount: 400)
        #expect(next.byteCount == 0 && next.givenUpCount == 1)
    }

    @Test("a disk without room for it gets back what was written")
    func noRoom() throws {
        let disk = try Self.disk(), ballast = Ballast(fileSystem: disk, root: "/s")
        try ballast.approach(1000, stepByteCount: 400)
        disk.setCapacity(500)
        #expect(throws: FileSystemError.self) { try ballast.approach(1000, stepByteCount: 400) }
        #expect(ballast.byteCount == 0 && disk.content(of: "/s/ballast") == nil)
    }
}
