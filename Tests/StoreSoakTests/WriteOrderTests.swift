import Foundation
import SeededRandom
import StoreMachine
import Testing

/// The checker of orders finds what is out of order, and a store has nothing of it.
@Suite struct WriteOrderTests {
    private static func life(_ seed: UInt64) async throws -> (root: String, events: [WriteOrder.Event]) {
        let folder = NSTemporaryDirectory() + "spandrel-order-\(seed)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return (folder + "/store", try await RecordedLife.run(seed: seed, root: folder + "/store", stepCount: 120))
    }

    private static func order(_ root: String, _ events: some Sequence<WriteOrder.Event>) -> WriteOrder {
        var order = WriteOrder(root: root)
        for event in events { order.take(event) }
        return order
    }

    @Test("every answer, rename, edit and removal of a store follows what has to be durable first")
    func stores() async throws {
        let seed = TestSeed.next()
        let (root, events) = try await Self.life(seed)
        let order = Self.order(root, events)
        #expect(order.findings == [], "\(TestSeed.hint(seed))")
        #expect(order.checks.count >= WriteOrder.ruleCount - 1)
        // Leaving out a kind of fsync is noticed, each by the rule that needs it.
        for (kind, path, rule) in [
            (FileCall.Kind.synchronize, "/wal/0", "an answer follows"), (.synchronize, "/temporary/", "no file is renamed"),
            (.synchronize, "/manifest/MANIFEST", "an answer follows"), (.synchronizeDirectory, "/spans/", "a manifest edit follows"),
            (.synchronizeDirectory, "/manifest", "a manifest file is in force"), (.synchronizeDirectory, "/wal", "an answer follows"),
        ] {
            var left: Set<Int> = []
            let kept = events.filter { event in
                if case .began(let id, let call) = event, call.kind == kind, call.path.contains(root + path) { left.insert(id) }
                switch event {
                case .began(let id, _), .ended(let id, _): return !left.contains(id)
                case .answered: return true
                }
            }
            #expect(!left.isEmpty)
            let findings = Self.order(root, kept).findings
            #expect(findings.contains { $0.hasPrefix(rule) }, "without \(kind) of \(path): \(findings.prefix(3))")
        }
    }

    @Test("a trace is read with calls that are interrupted, fail, and say what was answered")
    func traces() {
        var reader = StraceReader()
        let lines = [
            #"7 pwritev(8</s/wal/0000000000000001.wal>, [{iov_base="SPWG\214\305"..., iov_len=4096}], 1, 4096 <unfinished ...>"#,
            #"9 fdatasync(5</s/manifest/MANIFEST-0000000000000001>) = 0"#, #"7 <... pwritev resumed>) = 4096"#,
            #"9 write(1<pipe:[5]>, "S 3 A 5:new:1:17"..., 34) = 34"#, #"9 write(1</dev/null>, "S 4 F io\n", 9) = 9"#,
            #"9 rename("/s/a.tmp", "/s/a") = -1 EIO (Input/output error)"#,
            #"9 openat(AT_FDCWD</>, "/s/b", O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 6</s/b>"#,
            #"9 openat(AT_FDCWD</>, "/s/c", O_RDONLY|O_CLOEXEC) = 6</s/c>"#,
        ]
        #expect(
            lines.flatMap { reader.events($0) } == [
                .began(id: 1, FileCall(.write, "/s/wal/0000000000000001.wal", byteCount: 1, start: Array("SPWG".utf8))),
                .began(id: 2, FileCall(.synchronize, "/s/manifest/MANIFEST-0000000000000001")), .ended(id: 2, failed: false),
                .ended(id: 1, failed: false), .answered("S 3 A 5:new:1:17"), .began(id: 3, FileCall(.rename, "/s/a.tmp", target: "/s/a")),
                .ended(id: 3, failed: true), .began(id: 4, FileCall(.create, "/s/b")), .ended(id: 4, failed: false),
            ])
    }
}
