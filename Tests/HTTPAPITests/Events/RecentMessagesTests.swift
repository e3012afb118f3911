import Testing

@testable import HTTPAPI

@Suite("The newest messages of a task") struct RecentMessagesTests {
    private func message(_ sequence: Int64, size: Int = 10) -> EventMessage {
        EventMessage(.detail, type: "case.finished", sequence: sequence, json: [UInt8](repeating: 0x20, count: size))
    }

    @Test("who has the last one that is here gets the rest, who lacks one that is gone gets none")
    func bounds() {
        var limits = EventLimits()
        limits.maximumRecentMessageCount = 4
        var recent = RecentMessages(completeAfter: 10, limits: limits)
        #expect(recent.messages(after: 10)?.count == 0)
        #expect(recent.messages(after: 9) == nil)
        for sequence: Int64 in 11...100 { recent.add(message(sequence)) }
        #expect(recent.completeAfter == 96)
        #expect(recent.messages(after: 96)?.map(\.sequence) == [97, 98, 99, 100])
        #expect(recent.messages(after: 98)?.map(\.sequence) == [99, 100])
        #expect(recent.messages(after: 100)?.isEmpty == true)
        #expect(recent.messages(after: 500)?.isEmpty == true)
        #expect(recent.messages(after: 95) == nil)
    }

    @Test("bytes are bounded, too")
    func bytes() {
        var limits = EventLimits()
        limits.maximumRecentByteCount = 3 * message(1, size: 1000).byteCount
        var recent = RecentMessages(completeAfter: 0, limits: limits)
        for sequence: Int64 in 1...10 { recent.add(message(sequence, size: 1000)) }
        #expect(recent.messages(after: 7)?.map(\.sequence) == [8, 9, 10])
        #expect(recent.messages(after: 6) == nil)
        recent.add(message(11, size: 100_000))
        #expect(recent.messages(after: 11)?.isEmpty == true)
        #expect(recent.messages(after: 10) == nil, "one that is too large to keep has to be read")
    }
}
