import LoopbackTesting
import Testing

@testable import CurlClient

@Suite("The bytes between loop and reader", .timeLimit(.minutes(1)))
struct ResponseStreamTests {
    private func offer(_ count: Int, to stream: ResponseStream) -> Bool {
        [UInt8](repeating: 0x61, count: count).withUnsafeBytes { stream.offer($0) }
    }

    @Test("are refused when enough wait, and asked for again once they are taken")
    func refusal() async throws {
        let stream = ResponseStream()
        let unpaused = Counter()
        let piece = CurlLimits.waitingBodyByteCount / 2
        #expect(offer(piece, to: stream))
        #expect(offer(piece, to: stream))
        #expect(!offer(1, to: stream))
        #expect(try await stream.next { unpaused.increment() }.get()?.count == 2 * piece)
        #expect(unpaused.value == 1)
        #expect(offer(1, to: stream))
        #expect(try await stream.next { unpaused.increment() }.get()?.count == 1)
        #expect(unpaused.value == 1)
    }

    @Test("are all read before the end is told, whatever the end")
    func end() async throws {
        for end in [Result<Void, CurlError>.success(()), .failure(CurlError(.connect, "broke"))] {
            let stream = ResponseStream()
            #expect(offer(10, to: stream))
            stream.finish(end)
            #expect(try await stream.next {}.get()?.count == 10)
            switch (end, await stream.next {}) {
            case (.success, .success(nil)): break
            case (.failure(let expected), .failure(let actual)): #expect(actual == expected)
            default: Issue.record("another end than \(end)")
            }
        }
    }

    @Test("are thrown away when the transfer is cancelled")
    func cancelled() async {
        let stream = ResponseStream()
        #expect(offer(10, to: stream))
        stream.finish(.failure(.cancelled))
        stream.finish(.success(()))
        #expect(await stream.next {} == .failure(.cancelled))
    }
}
