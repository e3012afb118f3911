import KnowledgeFiles
import KnowledgeModel
import Testing

@Suite("Paths of entries")
struct EntryPathTests {
    private func path(_ key: String, _ kind: KnowledgeKind = .article) -> String {
        var paths = EntryPaths(present: [])
        return paths.path(of: EntryKey(key), kind)
    }

    @Test("a plain key is the path", arguments: ["a", "refunds/policy", "GET pets", "Ünïcode/🙂", "a.b/c.d"])
    func plain(key: String) {
        #expect(path(key) == key + ".md" && path(key, .table) == key + ".yaml")
    }

    @Test(
        "no key leads out of the folder, into a hidden one, to a device, or to what a file system refuses",
        arguments: [
            ("/etc/passwd", "_/etc/passwd.md"), (".git/hooks/x", "_git/hooks/x.md"), ("..a/x", "_.a/x.md"), ("a//b", "a/_/b.md"),
            ("a/", "a/_.md"),
            ("con", "_con.md"), ("aux.txt/b", "_aux.txt/b.md"), ("COM1", "_COM1.md"), ("a\\..\\b", "a_.._b.md"), ("a:b*?", "a_b__.md"),
            ("git~1/x", "git_1/x.md"), ("a.md/b", "a.md_/b.md"), ("a./b", "a._/b.md"), ("\u{200c}.git/x", "_.git/x.md"),
        ])
    func safe(key: String, expected: String) {
        #expect(path(key) == expected)
    }

    @Test("names of any length fit")
    func long() {
        let parts = path(String(repeating: "x", count: 512)).split(separator: "/")
        #expect(parts.allSatisfy { $0.utf8.count <= 255 })
        #expect(path(String(repeating: "🙂", count: 128)).utf8.count <= 255)
    }

    @Test("paths that are one on some file systems are told apart, and always the same way")
    func collisions() {
        func paths() -> [String] {
            var paths = EntryPaths(present: [])
            return ["Foo", "foo", "FOO", "caf\u{e9}", "cafe\u{301}", "a:b", "a_b"].map { paths.path(of: EntryKey($0), .article) }
        }
        let made = paths()
        #expect(Set(made.map { $0.lowercased() }).count == made.count && made[0] == "Foo.md" && made[1].hasPrefix("foo~"))
        #expect(made == paths())
        var present = EntryPaths(present: ["foo.md"])
        #expect(present.path(of: EntryKey("Foo"), .article).hasPrefix("Foo~"))
    }
}
