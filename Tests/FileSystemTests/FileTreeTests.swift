import FileSystem
import Glibc
import Testing

@Suite("File tree")
struct FileTreeTests {
    private let files = LocalFileSystem()

    /// Runs with a folder of its own, removed afterwards.
    private func inFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/spandrel-tree-XXXXXX".utf8CString)
        let made = mkdtemp(&template) != nil
        try #require(made)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? files.removeTree(path) }
        try body(path)
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        try files.createDirectory(FilePath.parent(of: path))
        let file = try files.open(path, .create)
        defer { file.close() }
        try file.write(bytes, at: 0)
    }

    @Test("a second name leads to the same file, and outlives the first")
    func link() throws {
        try inFolder { folder in
            try write([1, 2, 3], folder + "/a")
            try files.link(folder + "/a", to: folder + "/b")
            try files.remove(folder + "/a")
            #expect(try files.readWhole(folder + "/b", maximumByteCount: 10) == [1, 2, 3])
            try write([4], folder + "/c")
            let taken = #expect(throws: FileSystemError.self) { try files.link(folder + "/c", to: folder + "/b") }
            #expect(taken?.code == .exists)
            let missing = #expect(throws: FileSystemError.self) { try files.link(folder + "/a", to: folder + "/d") }
            #expect(missing?.code == .notFound)
        }
    }

    @Test("a copy has the same bytes, tells them piece by piece, and writes over nothing")
    func copy() throws {
        try inFolder { folder in
            let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
            try write(bytes, folder + "/a")
            var seen: [UInt8] = []
            #expect(try files.copy(folder + "/a", to: folder + "/b") { seen.append(contentsOf: $0) } == bytes.count)
            #expect(seen == bytes)
            #expect(try files.readWhole(folder + "/b", maximumByteCount: 3_000_000) == bytes)
            #expect(throws: FileSystemError.self) { try files.copy(folder + "/a", to: folder + "/b") }
            seen = []
            try files.read(folder + "/b") { seen.append(contentsOf: $0) }
            #expect(seen == bytes)
        }
    }

    @Test("files are listed below a folder, and go with it")
    func tree() throws {
        try inFolder { folder in
            for name in ["x/b", "x/a/c", "x/a/d/e", "z"] { try write([], folder + "/" + name) }
            #expect(try files.files(below: folder) == ["x/a/c", "x/a/d/e", "x/b", "z"])
            try files.removeTree(folder + "/x")
            try files.removeTree(folder + "/x")
            #expect(try files.files(below: folder) == ["z"])
            #expect(try files.files(below: folder + "/x").isEmpty)
        }
    }
}
