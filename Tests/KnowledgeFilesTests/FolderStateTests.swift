import KnowledgeFiles
import KnowledgeModel
import Testing

@Suite("What a folder remembers")
struct FolderStateTests {
    private func hash(_ text: String) -> KnowledgeHash { KnowledgeHash(of: text.utf8) }

    @Test("it is read as it was written, and always written the same")
    func roundTrip() throws {
        #expect(try FolderState(FolderState().bytes) == FolderState())
        var state = FolderState()
        state.revision = 7
        for key in ["a", "caf\u{e9}", "cafe\u{301}", "q\"uote", "\\"] { state.entries[EntryKey(key)] = hash(key) }
        state.drafts = ["one": [EntryKey("a"): hash("b")], "two": [EntryKey("a"): nil, EntryKey("c"): hash("c")]]
        #expect(try FolderState(state.bytes) == state)
        // A line for each entry.
        #expect(state.bytes.split(separator: UInt8(ascii: "\n")).count == 5 + 3 + 5)
    }

    @Test(
        "what is none is refused with its name",
        arguments: [
            "", "<<<<<<< HEAD\n", "{}", #"{"format": 2, "revision": 1, "entries": [], "drafts": []}"#,
            #"{"format": 1, "revision": -1, "entries": [], "drafts": []}"#,
            #"{"format": 1, "revision": 1, "entries": [{"key": "../a", "hash": null}], "drafts": []}"#,
            #"{"format": 1, "revision": 1, "entries": [{"key": "a", "hash": "xy"}], "drafts": []}"#,
            #"{"format": 1, "revision": 1, "entries": [{"key": "a", "hash": null}], "drafts": []}"#,
        ])
    func refused(text: String) {
        #expect(throws: KnowledgeFilesError.self) { try FolderState(Array(text.utf8)) }
    }
}
