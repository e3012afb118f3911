import FileSystem
import Glibc
import Testing

/// A directory of its own per test, removed afterwards.
private final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/spandrel-files-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileSystemError(operation: "create", path: "/tmp", errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { removeTree(path) }

    private func removeTree(_ path: String) {
        let files = LocalFileSystem()
        for name in (try? files.list(path)) ?? [] {
            let child = FilePath.join(path, name)
            if (try? files.remove(child)) == nil { removeTree(child) }
        }
        try? files.removeDirectory(path)
    }
}

@Suite struct LocalFileSystemTests {
    private let files = LocalFileSystem()

    @Test("many buffers are written one behind the other, whatever one system call takes")
    func manyBuffers() throws {
        let directory = try TemporaryDirectory()
        let file = try files.open(directory.path + "/a", .create)
        let pieces = (0..<3000).map { [UInt8](repeating: UInt8($0 % 251), count: $0 % 7) }
        let all = Array(pieces.joined())
        try all.withUnsafeBytes { bytes in
            var offset = 0
            let buffers = pieces.map { piece -> UnsafeRawBufferPointer in
                defer { offset += piece.count }
                return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + piece.count])
            }
            try file.write(buffers, at: 10)
        }
        #expect(try file.read(count: all.count + 100, at: 10) == all)
        #expect(try file.read(count: 10, at: 0) == [UInt8](repeating: 0, count: 10))
        #expect(try file.size() == all.count + 10)
    }

    @Test("a read at the end of the file returns what there is")
    func shortRead() throws {
        let directory = try TemporaryDirectory()
        let file = try files.open(directory.path + "/a", .create)
        try file.write([1, 2, 3], at: 0)
        #expect(try file.read(count: 10, at: 1) == [2, 3])
        #expect(try file.read(count: 10, at: 3).isEmpty)
        #expect(try file.read(count: 10, at: 100).isEmpty)
    }

    @Test("opening modes insist on what they say")
    func modes() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a"
        #expect(throws: FileSystemError(operation: "open", path: path, errno: ENOENT)) { _ = try files.open(path, .read) }
        #expect(throws: FileSystemError(operation: "open", path: path, errno: ENOENT)) { _ = try files.open(path, .readWrite) }
        _ = try files.open(path, .create)
        #expect(throws: FileSystemError(operation: "create", path: path, errno: EEXIST)) { _ = try files.open(path, .create) }
        let file = try files.open(path, .readWriteCreating)
        try file.write([7], at: 0)
        #expect(try files.open(path, .read).read(count: 1, at: 0) == [7])
        #expect(throws: FileSystemError.self) { try files.open(path, .read).write([8], at: 0) }
    }

    @Test("a closed file refuses every call")
    func closed() throws {
        let directory = try TemporaryDirectory()
        let file = try files.open(directory.path + "/a", .create)
        file.close()
        file.close()
        #expect(throws: FileSystemError.self) { try file.write([1], at: 0) }
        #expect(throws: FileSystemError.self) { try file.synchronizeData() }
        #expect(throws: FileSystemError.self) { _ = try file.size() }
    }

    @Test("zeros, truncation and writeback leave the right bytes")
    func zeros() throws {
        let directory = try TemporaryDirectory()
        let file = try files.open(directory.path + "/a", .create)
        try file.write([9], at: 0)
        try file.writeZeros(at: 1, count: (2 << 20) + 5)
        #expect(try file.size() == (2 << 20) + 6)
        try file.beginWriteback(offset: 0, count: 1 << 20)
        try file.synchronizeData()
        #expect(try file.read(count: 3, at: 0) == [9, 0, 0])
        try file.truncate(to: 2)
        #expect(try file.read(count: 9, at: 0) == [9, 0])
    }

    @Test(
        "zeros are written over a range and nothing beside it, whatever its ends", arguments: [0, 1, 4095, 4096, 10_000],
        [0, 1, 4096, 8191, (1 << 20) + 4097, 3 << 20])
    func zerosAmongBytes(offset: Int, count: Int) throws {
        let directory = try TemporaryDirectory(), size = (2 << 20) + 77
        let file = try files.open(directory.path + "/a", .create)
        try file.write([UInt8](repeating: 7, count: size), at: 0)
        try file.writeZeros(at: offset, count: count)
        try file.synchronizeData()
        let bytes = try file.read(count: 8 << 20, at: 0)
        var expected = [UInt8](repeating: 7, count: min(offset, size)) + [UInt8](repeating: 0, count: count)
        expected += [UInt8](repeating: 7, count: max(0, size - expected.count))
        #expect(bytes == expected)
    }

    @Test("directories are made with those above them, listed in order and removed")
    func directories() throws {
        let directory = try TemporaryDirectory()
        let deep = directory.path + "/x/y/z"
        try files.createDirectory(deep)
        try files.createDirectory(deep)
        for name in ["b", "a", "c"] { _ = try files.open(deep + "/" + name, .create) }
        #expect(try files.list(deep) == ["a", "b", "c"])
        try files.rename(deep + "/a", to: deep + "/c")
        try files.synchronizeDirectory(deep)
        #expect(try files.list(deep) == ["b", "c"])
        #expect(throws: FileSystemError.self) { try files.removeDirectory(deep) }
        try files.remove(deep + "/b")
        try files.remove(deep + "/c")
        try files.removeDirectory(deep)
        #expect(try !files.exists(deep))
        #expect(try files.exists(directory.path + "/x"))
        let file = directory.path + "/file"
        _ = try files.open(file, .create)
        #expect(throws: FileSystemError.self) { try files.createDirectory(file) }
        #expect(throws: FileSystemError.self) { try files.createDirectory(file + "/below") }
    }

    @Test("a file is replaced whole")
    func replace() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/CURRENT"
        try files.replace(path, with: Array("long content".utf8))
        try files.replace(path, with: Array("short".utf8))
        #expect(try files.readWhole(path, maximumByteCount: 100) == Array("short".utf8))
        #expect(try files.list(directory.path) == ["CURRENT"])
        #expect(try files.size(of: path) == 5)
        #expect(throws: FileSystemError.self) { _ = try files.readWhole(path, maximumByteCount: 4) }
    }

    @Test("a locked directory is refused with the number of the process that has it, until it is released")
    func lock() throws {
        let directory = try TemporaryDirectory()
        let lock = try files.lockDirectory(directory.path)
        let error = #expect(throws: FileSystemError.self) { _ = try files.lockDirectory(directory.path) }
        #expect(error?.code == .locked)
        #expect(error?.description.contains("\(directory.path) is in use by process \(getpid())") == true)
        lock.release()
        let again = try files.lockDirectory(directory.path)
        again.release()
    }

    @Test("files are their owner's alone")
    func privacy() throws {
        let directory = try TemporaryDirectory()
        try files.createDirectory(directory.path + "/d")
        _ = try files.open(directory.path + "/d/f", .create)
        var status = stat()
        #expect(stat(directory.path + "/d/f", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(stat(directory.path + "/d", &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    @Test("there is free space, and an error says what to do")
    func freeSpaceAndErrors() throws {
        let space = try files.space(at: "/tmp")
        #expect(space.freeByteCount > 0 && space.capacityByteCount >= space.freeByteCount)
        let error = FileSystemError(operation: "write to", path: "/data/x", errno: ENOSPC)
        #expect(error.code == .noSpace)
        #expect(error.description.hasPrefix("cannot write to /data/x: No space left on device (errno 28); free disk space"))
    }

    @Test("paths are taken apart at the last slash")
    func paths() {
        #expect(FilePath.parent(of: "/a/b") == "/a")
        #expect(FilePath.parent(of: "/a") == "/")
        #expect(FilePath.parent(of: "a") == ".")
        #expect(FilePath.name(of: "/a/b") == "b")
        #expect(FilePath.join("/a", "b") == "/a/b")
        #expect(FilePath.join("/", "b") == "/b")
    }
}
