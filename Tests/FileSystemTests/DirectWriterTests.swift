import FileSystem
import Glibc
import SeededRandom
import Testing

@Suite struct DirectWriterTests {
    private let files = LocalFileSystem()

    @Test(
        "what is appended in pieces stands in the file, zeros behind it up to the page, on file systems with direct writes and without",
        arguments: ["/tmp", "/dev/shm"], TestSeed.several(10))
    func pieces(directory: String, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let path = "\(directory)/spandrel-direct-\(getpid())-\(seed)"
        let file = try files.open(path, .create)
        defer { try? files.remove(path) }
        let size = 200_000
        var expected = generator.bytes(size)
        try file.write(expected, at: 0)
        let writer = DirectWriter(byteCount: Int.random(in: 1...20_000, using: &generator))
        for _ in 0..<5 {
            let offset = 4096 * Int.random(in: 0...60, using: &generator)
            let pieces = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                generator.bytes(generator.oneIn(3) ? 4096 : Int.random(in: 0...9000, using: &generator))
            }
            writer.begin(file, at: offset)
            for piece in pieces { try piece.withUnsafeBytes { try writer.append($0) } }
            try writer.finish()
            var written = Array(pieces.joined())
            written += [UInt8](repeating: 0, count: (4096 - written.count % 4096) % 4096)
            if !written.isEmpty {
                expected += [UInt8](repeating: 0, count: max(0, offset + written.count - expected.count))
                expected.replaceSubrange(offset..<offset + written.count, with: written)
            }
            #expect(try file.read(count: 1 << 20, at: 0) == expected)
        }
        try file.synchronizeData()
        #expect(try files.open(path, .read).read(count: 1 << 20, at: 0) == expected)
    }

    @Test("what a write that failed left in the memory is not written by the next one")
    func begunAnew() throws {
        let path = "/tmp/spandrel-direct-\(getpid())-anew"
        let file = try files.open(path, .create)
        defer { try? files.remove(path) }
        let writer = DirectWriter(byteCount: 8192)
        writer.begin(file, at: 0)
        try [UInt8](repeating: 1, count: 100).withUnsafeBytes { try writer.append($0) }
        writer.begin(file, at: 4096)
        try [UInt8](repeating: 2, count: 100).withUnsafeBytes { try writer.append($0) }
        try writer.finish()
        let expected = [UInt8](repeating: 0, count: 4096) + [UInt8](repeating: 2, count: 100) + [UInt8](repeating: 0, count: 3996)
        #expect(try file.read(count: 9000, at: 0) == expected)
    }

    @Test("a closed file takes no direct write, and neither does one that was written to before it was closed")
    func closed() throws {
        let path = "/tmp/spandrel-direct-\(getpid())-closed"
        let file = try files.open(path, .create)
        defer { try? files.remove(path) }
        let writer = DirectWriter(byteCount: 4096)
        for _ in 0..<2 {
            file.close()
            writer.begin(file, at: 0)
            try [UInt8(1)].withUnsafeBytes { try writer.append($0) }
            #expect(throws: FileSystemError.self) { try writer.finish() }
        }
        #expect(try files.size(of: path) == 0)
    }
}
