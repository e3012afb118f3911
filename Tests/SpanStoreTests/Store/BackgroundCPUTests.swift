import Dispatch
import Glibc
import Testing

@testable import SpanStore

@Suite("CPU time behind the acknowledgement") struct BackgroundCPUTests {
    /// Uses CPU until the calling thread has had so many nanoseconds more.
    private func spend(_ nanoseconds: UInt64) {
        let start = clock()
        while clock() - start < nanoseconds {}
    }

    private func clock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    @Test("a job counts what its thread took, under its own kind, and what comes between jobs does not count")
    func kinds() {
        let cpu = BackgroundCPU()
        let begin = clock()
        cpu.measure(.compression) { spend(3_000_000) }
        let taken = clock() - begin
        spend(20_000_000)
        let first = cpu.nanosecondsByWork
        #expect(first[.compression].map { $0 >= 3_000_000 && $0 <= taken } == true)
        #expect(first[.sealing] == nil)
        cpu.measure(.sealing) { spend(2_000_000) }
        cpu.measure(.compression) { spend(1_000_000) }
        #expect(cpu.nanosecondsByWork[.sealing].map { $0 >= 2_000_000 } == true)
        #expect(cpu.nanosecondsByWork[.compression].map { $0 >= 4_000_000 } == true)
    }

    @Test("a job that is under way counts as far as it is, and one that waits does not count on")
    func underWay() {
        let cpu = BackgroundCPU()
        let isThere = DispatchSemaphore(value: 0), mayEnd = DispatchSemaphore(value: 0), isOver = DispatchSemaphore(value: 0)
        DispatchQueue(label: "background").async {
            cpu.measure(.compaction) {
                self.spend(3_000_000)
                isThere.signal()
                mayEnd.wait()
            }
            isOver.signal()
        }
        isThere.wait()
        let meanwhile = cpu.nanosecondsByWork[.compaction] ?? 0
        #expect(meanwhile >= 3_000_000)
        mayEnd.signal()
        isOver.wait()
        let after = cpu.nanosecondsByWork[.compaction] ?? 0
        #expect(after >= meanwhile)
    }

    @Test("a job that throws counts as well")
    func failure() {
        struct Failed: Error {}
        let cpu = BackgroundCPU()
        #expect(throws: Failed.self) {
            try cpu.measure(.sealing) {
                spend(1_000_000)
                throw Failed()
            }
        }
        #expect(cpu.nanosecondsByWork[.sealing].map { $0 >= 1_000_000 } == true)
    }
}
