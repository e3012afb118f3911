import Testing

@testable import RunExecution

@Suite("Doorbell")
struct DoorbellTests {
    @Test("however often it was rung, one wait ends at once; the timer of a wait that is over rings for nobody")
    func once() async {
        let bell = Doorbell()
        for _ in 0..<3 { bell.ring() }
        await bell.wait(.seconds(600))
        // The timer of the wait above was cancelled: only this wait's own may end it.
        for _ in 0..<20 {
            let start = ContinuousClock.now
            await bell.wait(.milliseconds(5))
            #expect(ContinuousClock.now - start >= .milliseconds(5))
        }
    }

    @Test("a wait ends when its task is cancelled")
    func cancelled() async {
        let bell = Doorbell()
        let waiting = Task { await bell.wait(.seconds(600)) }
        waiting.cancel()
        await waiting.value
    }
}
