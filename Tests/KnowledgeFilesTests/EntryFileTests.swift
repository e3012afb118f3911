import ByteCoding
import KnowledgeFiles
import KnowledgeModel
import SeededRandom
import Testing

@Suite("Entries as files")
struct EntryFileTests {
    @Test("whatever an entry says, its file says the same, and is the same file again")
    func roundTrip() throws {
        let seed = TestSeed.next()
        var random = RandomEntries(random: SeededGenerator(seed: seed))
        var paths = EntryPaths(present: [])
        var kinds: Set<KnowledgeKind> = []
        for _ in 0..<3_000 {
            let entry = random.entry(), kind = entry.content.body.kind
            kinds.insert(kind)
            let path = paths.path(of: EntryKey(entry.key), kind)
            let bytes = EntryFile.bytes(of: entry, at: path)
            do {
                let read = try EntryFile.entry(bytes, at: path)
                #expect(
                    EntryKey(read.key) == EntryKey(entry.key) && read.content.hash == entry.content.hash, "seed \(seed), key \(entry.key)")
                #expect(EntryFile.bytes(of: read, at: path) == bytes, "seed \(seed)")
            } catch {
                Issue.record("seed \(seed): \(error)\n\(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
        #expect(kinds == Set(KnowledgeKind.allCases))
    }

    @Test("an article has a head with title and tags; its key is its path unless it cannot be")
    func article() throws {
        let entry = KnowledgeEntry(
            key: "refunds/policy",
            content: KnowledgeContent(title: "Refunds", tags: ["billing"], body: .article(Article(markdown: "# R\n"))))
        let bytes = EntryFile.bytes(of: entry, at: "refunds/policy.md")
        #expect(String(decoding: bytes, as: UTF8.self) == "---\ntitle: Refunds\ntags:\n  - billing\n---\n# R\n")
        let moved = try EntryFile.entry(EntryFile.bytes(of: entry, at: "elsewhere.md"), at: "elsewhere.md")
        #expect(moved == entry)
    }

    @Test("a Markdown file without a head is an article called as its first heading, else as its file; its lines may end in any way")
    func plain() throws {
        #expect(try EntryFile.entry(Array("# How to\r\nx\r\n".utf8), at: "a/b.md").content.title == "How to")
        let plain = try EntryFile.entry(Array("x".utf8), at: "a/b.md")
        #expect(plain.key == "a/b" && plain.content.title == "b" && plain.content.body == .article(Article(markdown: "x")))
    }

    @Test(
        "problems are told with file and line",
        arguments: [
            ("a.md", "---\ntitle: [\n---\n", "a.md:", "YAML"),
            ("a.md", "---\ntitle: T\ntag: x\n---\n", "a.md:3", "nothing is known by this name"),
            ("a.md", "---\ntitle: T\nkind: table\n---\n", "a.md:3", "is an article"),
            ("a.md", "---\ntitle: T\nkey: ../x\n---\n", "a.md:3", ".."),
            ("a.md", "\u{0}", "a.md", "U+0000"),
            ("a.yaml", "- 1", "a.yaml:1", "a mapping"),
            ("a.yaml", "title: T\nkind: table\ncontent:\n  name: t\n  columns:\n    - name: a\n      typ: int\n", "a.yaml:7", "typ"),
            ("a.yaml", "title: T\ntitle: U\n", "a.yaml:2", "twice"),
            ("a.yaml", "a: &a [x, x]\nb: &b [*a, *a]\n", "a.yaml:1", "nothing is known"),
        ])
    func problems(path: String, text: String, place: String, message: String) {
        do throws(KnowledgeFilesError) {
            _ = try EntryFile.entry(Array(text.utf8), at: path)
            Issue.record("it was read: \(text)")
        } catch {
            #expect(error.description.hasPrefix(place) && error.description.contains(message), "\(error)")
        }
    }
}
