import Testing

@testable import HTTPServer

@Suite("WebSocket rules") struct WebSocketRulesTests {
    private typealias Frame = WebSocketRules.Frame

    private func rules(_ maximum: Int = 100) -> WebSocketRules { WebSocketRules(maximumMessageByteCount: maximum) }

    private func code(_ action: WebSocketRules.Action?) -> Int? {
        guard case .fail(let payload) = action else { return nil }
        return Int(payload[0]) << 8 | Int(payload[1])
    }

    @Test("whole and fragmented messages are taken, with control frames between their fragments")
    func messages() {
        var rules = rules()
        #expect(rules.received(Frame(opcode: 1, payload: Array("hello".utf8))) == nil)
        #expect(rules.received(Frame(isFinal: false, opcode: 1, payload: Array("hé".utf8.prefix(2)))) == nil)
        #expect(rules.received(Frame(opcode: 9, payload: [1, 2])) == .pong([1, 2]))
        #expect(rules.received(Frame(isFinal: false, opcode: 0, payload: [0xa9])) == nil)
        #expect(rules.received(Frame(opcode: 0)) == nil)
        #expect(rules.phase == .open)
    }

    @Test("what breaks a rule ends the WebSocket with the code for it, and nothing after it counts")
    func faults() {
        let cases: [(Frame, Int)] = [
            (Frame(opcode: 1, isMasked: false), 1002), (Frame(opcode: 1, hasReservedBits: true), 1002), (Frame(opcode: 3), 1002),
            (Frame(opcode: 11), 1002), (Frame(opcode: 0), 1002), (Frame(opcode: 2), 1003), (Frame(opcode: 1, payload: [0xff]), 1007),
            (Frame(opcode: 1, payload: [0xc3]), 1007), (Frame(opcode: 1, payload: [0xed, 0xa0, 0x80]), 1007),
            (Frame(opcode: 1, payload: [UInt8](repeating: 65, count: 101)), 1009), (Frame(opcode: 8, payload: [3]), 1002),
            (Frame(opcode: 8, payload: [3, 237]), 1002), (Frame(opcode: 8, payload: [3, 232, 0xff]), 1007),
        ]
        for (frame, expected) in cases {
            var rules = rules()
            #expect(code(rules.received(frame)) == expected, "\(frame)")
            #expect(rules.phase == .failed)
            #expect(rules.received(Frame(opcode: 9)) == nil)
            #expect(rules.close(WebSocketClosure(.normal)) == nil)
        }
    }

    @Test("fragments are counted and checked together")
    func fragments() {
        var long = rules()
        #expect(long.received(Frame(isFinal: false, opcode: 1, payload: [UInt8](repeating: 65, count: 60))) == nil)
        #expect(code(long.received(Frame(isFinal: false, opcode: 0, payload: [UInt8](repeating: 65, count: 60)))) == 1009)
        var cut = rules()
        #expect(cut.received(Frame(isFinal: false, opcode: 1, payload: [0xf0, 0x9f])) == nil)
        #expect(code(cut.received(Frame(isFinal: false, opcode: 0, payload: [0x41]))) == 1007)
        var second = rules()
        #expect(second.received(Frame(isFinal: false, opcode: 1)) == nil)
        #expect(code(second.received(Frame(opcode: 1))) == 1002)
    }

    @Test("a client's close is echoed with its code; ours waits for the client's")
    func closing() {
        var asked = rules()
        #expect(asked.received(Frame(opcode: 8, payload: [3, 232] + Array("bye".utf8))) == .closeAndEnd([3, 232]))
        #expect(asked.phase == .closed)
        var silent = rules()
        #expect(silent.received(Frame(opcode: 8)) == .closeAndEnd([]))
        var ours = rules()
        #expect(ours.close(WebSocketClosure(.serviceRestart, "later")) == .close([3, 244] + Array("later".utf8)))
        #expect(ours.received(Frame(opcode: 1, payload: [0xff])) == nil, "messages after it mean nothing")
        #expect(ours.received(Frame(opcode: 8, payload: [3, 244])) == .end)
        #expect(ours.phase == .closed)
    }

    @Test("a ping that stays unanswered until the next is due ends the WebSocket; any pong will do")
    func pings() {
        var rules = rules()
        #expect(rules.pingDue() == .ping)
        #expect(rules.received(Frame(opcode: 10)) == nil)
        #expect(rules.pingDue() == .ping)
        #expect(rules.received(Frame(opcode: 1)) == nil)
        #expect(rules.pingDue() == .end)
    }

    @Test("a reason that is too long is cut at a character")
    func longReason() {
        let payload = WebSocketClosure(.normal, String(repeating: "é", count: 100)).payload
        #expect(payload.count == 2 + 122)
        #expect(String(validating: payload[2...], as: UTF8.self) != nil)
    }
}
