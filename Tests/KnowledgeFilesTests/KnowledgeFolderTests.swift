import Glibc
import KnowledgeFiles
import KnowledgeModel
import Testing

@Suite("A folder of entries")
struct KnowledgeFolderTests {
    private func with(_ body: (KnowledgeFolder, String) throws -> Void) throws {
        var template = Array("/tmp/spandrel-folder-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { _ = system("rm -rf \(path)") }
        try body(try KnowledgeFolder(path, creating: false), path)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("files are put in place with their folders, listed in order, and removed with the folders that they leave empty")
    func files() throws {
        try with { folder, path in
            for name in ["b/c/d.md", "a.yaml", "b/e.md"] { try folder.write(bytes(name), to: name) }
            try folder.write(bytes("x"), to: "other.txt")
            try folder.write(bytes("x"), to: ".hidden/a.md")
            #expect(try folder.files() == ["a.yaml", "b/c/d.md", "b/e.md"])
            #expect(try folder.read("b/c/d.md") == bytes("b/c/d.md"))
            #expect(try folder.read("b/none.md") == nil && folder.read("none/none.md") == nil)
            try folder.remove("b/c/d.md")
            #expect(access(path + "/b/c", F_OK) != 0 && access(path + "/b", F_OK) == 0)
            try folder.remove("b/c/d.md")
            chmod(path + "/b/e.md", 0o400)
            try folder.write(bytes("new"), to: "b/e.md")
            #expect(try folder.read("b/e.md") == bytes("new"))
        }
    }

    @Test("many files are put in place at a time")
    func writers() async throws {
        var template = Array("/tmp/spandrel-folder-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { _ = system("rm -rf \(path)") }
        let folder = try KnowledgeFolder(path, creating: false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 { group.addTask { try folder.write(Array("\(number)".utf8), to: "a/\(number).md") } }
            try await group.waitForAll()
        }
        #expect(try folder.files().count == 200 && folder.read("a/7.md") == bytes("7"))
    }

    @Test("links are neither followed nor replaced, wherever they lie")
    func links() throws {
        try with { folder, path in
            try folder.write(bytes("outside"), to: "outside.txt")
            try folder.write(bytes("x"), to: "real/a.md")
            symlink(path + "/outside.txt", path + "/file.md")
            symlink("/tmp", path + "/away")
            #expect(throws: KnowledgeFilesError.self) { try folder.write(bytes("evil"), to: "file.md") }
            #expect(throws: KnowledgeFilesError.self) { try folder.write(bytes("evil"), to: "away/spandrel-evil.md") }
            #expect(throws: KnowledgeFilesError.self) { try folder.read("file.md") }
            #expect(throws: KnowledgeFilesError.self) { try folder.read("away/x.md") }
            #expect(throws: KnowledgeFilesError.self) { try folder.remove("away/x.md") }
            #expect(
                throws: KnowledgeFilesError(
                    [FileProblem("file.md", "is a symbolic link; links are not followed")])
            ) { try folder.files() }
            #expect(try folder.read("outside.txt") == bytes("outside") && access("/tmp/spandrel-evil.md", F_OK) != 0)
        }
    }

    @Test("no path leads out", arguments: ["../x.md", "/x.md", "a/../../x.md", "", ".", "a//b.md", "a\u{0}b.md"])
    func paths(path: String) throws {
        try with { folder, _ in
            #expect(throws: KnowledgeFilesError.self) { try folder.write([], to: path) }
            #expect(throws: KnowledgeFilesError.self) { try folder.read(path) }
            #expect(throws: KnowledgeFilesError.self) { try folder.remove(path) }
        }
    }

    @Test("pipes, folders and files that are no text in the place of an entry are problems, not hangs")
    func notFiles() throws {
        try with { folder, path in
            mkfifo(path + "/pipe.md", 0o600)
            #expect(throws: KnowledgeFilesError.self) { try folder.read("pipe.md") }
            #expect(throws: KnowledgeFilesError.self) { try folder.files() }
            #expect(throws: KnowledgeFilesError.self) { try folder.write([], to: "pipe.md") }
            unlink(path + "/pipe.md")
            mkdir(path + "/folder.md", 0o700)
            #expect(throws: KnowledgeFilesError.self) { try folder.write([], to: "folder.md") }
        }
    }

    @Test("one process works in a folder at a time; a folder that vanishes is said to be gone, and is not made anew elsewhere")
    func locks() throws {
        try with { folder, path in
            #expect(throws: KnowledgeFilesError.self) { try KnowledgeFolder(path, creating: false) }
            rmdir(path)
            #expect(throws: KnowledgeFilesError.self) { try folder.write([], to: "a/b.md") }
            #expect(throws: KnowledgeFilesError.self) { try folder.save(FolderState()) }
            #expect(access(path, F_OK) != 0)
            #expect(throws: KnowledgeFilesError.self) { try KnowledgeFolder(path, creating: false) }
        }
    }

    @Test("two files of one entry, and every file that cannot be read, are named at once")
    func problems() throws {
        try with { folder, _ in
            try folder.write(bytes("x"), to: "a.md")
            try folder.write(bytes("---\nkey: a\n---\n"), to: "b.md")
            try folder.write(bytes("- 1"), to: "c.yaml")
            do throws(KnowledgeFilesError) {
                _ = try LocalEntries(folder)
                Issue.record("it was read")
            } catch { #expect(error.problems.map(\.file) == ["b.md", "c.yaml"]) }
        }
    }
}
