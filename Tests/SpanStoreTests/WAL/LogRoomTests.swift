import Testing
import TraceModel

@testable import SpanStore

@Suite struct LogRoomTests {
    private static let limits: WALConfiguration = {
        var configuration = smallWAL()
        configuration.maximumCopiedShareByteCount = 100
        configuration.maximumCopiedByteCount = 250
        return configuration
    }()

    private func partition(_ number: UInt64) -> PartitionID { PartitionID(project: testProject(number), receivedUnixNano: testDay) }
    private func share(_ byteCount: Int) -> WALFileTable.Share { WALFileTable.Share(lastLSN: 9, byteCount: byteCount) }

    @Test("nothing is done while half of the log is free")
    func free() {
        var room = LogRoom(Self.limits)
        #expect(!room.isAsked(1, usedPart: 0.5))
        #expect(room.decide((1, [partition(1): share(10)]), usedPart: 0.5, mayCopy: true) == .nothing)
    }

    @Test("what is little is copied, the least first, up to what may be copied at a time; the rest is sealed; once for each file")
    func small() {
        var room = LogRoom(Self.limits)
        let shares = [
            partition(1): share(101), partition(2): share(100), partition(3): share(90), partition(4): share(60), partition(5): share(5000),
        ]
        #expect(
            room.decide((7, shares), usedPart: 0.6, mayCopy: true)
                == .make(
                    sealed: [partition(1), partition(5)],
                    copied: [partition(2): share(100), partition(3): share(90), partition(4): share(60)]))
        #expect(!room.isAsked(7, usedPart: 0.6) && room.isAsked(8, usedPart: 0.6))
        room.copied()
        let more = [partition(2): share(100), partition(3): share(91), partition(4): share(60)]
        #expect(
            room.decide((8, more), usedPart: 0.6, mayCopy: true)
                == .make(sealed: [partition(2)], copied: [partition(3): share(91), partition(4): share(60)]))
    }

    @Test("while something deleted waits to leave the log nothing is copied")
    func scrub() {
        var room = LogRoom(Self.limits)
        #expect(room.decide((7, [partition(1): share(1)]), usedPart: 0.6, mayCopy: false) == .sealAll)
    }

    @Test("a log that is nearly full is sealed, unless copies are on their way; so is one whose only file is the current one")
    func full() {
        var room = LogRoom(Self.limits)
        #expect(room.decide(nil, usedPart: 0.6, mayCopy: true) == .sealAll)
        #expect(room.decide((6, [partition(1): share(1)]), usedPart: 0.9, mayCopy: true) == .sealAll)
        _ = room.decide((7, [partition(1): share(1)]), usedPart: 0.6, mayCopy: true)
        #expect(!room.isAsked(7, usedPart: 0.9))
        room.copied()
        #expect(!room.isAsked(7, usedPart: 0.6) && room.isAsked(7, usedPart: 0.9))
        #expect(room.decide((7, [partition(1): share(1)]), usedPart: 0.9, mayCopy: true) == .sealAll)
    }
}
