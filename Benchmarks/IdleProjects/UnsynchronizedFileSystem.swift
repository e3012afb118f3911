import FileSystem

/// This machine's files without waiting for the disk: for measuring what does not depend on it. Never under data that somebody wants back.
struct UnsynchronizedFileSystem: FileSystem {
    private let files = LocalFileSystem()

    func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File { UnsynchronizedFile(try files.open(path, mode)) }
    func list(_ path: String) throws(FileSystemError) -> [String] { try files.list(path) }
    func createDirectory(_ path: String) throws(FileSystemError) { try files.createDirectory(path) }
    func remove(_ path: String) throws(FileSystemError) { try files.remove(path) }
    func removeDirectory(_ path: String) throws(FileSystemError) { try files.removeDirectory(path) }
    func rename(_ from: String, to: String) throws(FileSystemError) { try files.rename(from, to: to) }
    func link(_ from: String, to: String) throws(FileSystemError) { try files.link(from, to: to) }
    func synchronizeDirectory(_ path: String) {}
    func size(of path: String) throws(FileSystemError) -> Int { try files.size(of: path) }
    func exists(_ path: String) throws(FileSystemError) -> Bool { try files.exists(path) }
    func space(at path: String) throws(FileSystemError) -> DiskSpace { try files.space(at: path) }
    func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock { try files.lockDirectory(path) }
}

private final class UnsynchronizedFile: File {
    private let file: any File

    init(_ file: any File) { self.file = file }

    var path: String { file.path }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileSystemError) -> Int {
        try file.read(into: buffer, at: offset)
    }
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileSystemError) { try file.write(buffers, at: offset) }
    func synchronizeData() {}
    func beginWriteback(offset: Int, count: Int) {}
    func size() throws(FileSystemError) -> Int { try file.size() }
    func truncate(to size: Int) throws(FileSystemError) { try file.truncate(to: size) }
    func close() { file.close() }
}
