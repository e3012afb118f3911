import Synchronization
import Testing
import TraceModel

@testable import Ingest

@Suite("Byte quotas")
struct ByteQuotasTests {
    private let full = ProjectID(high: 1, low: 1), empty = ProjectID(high: 1, low: 2)

    private final class Stored: Sendable {
        let byteCount = Atomic(0)
    }

    @Test("a quota is in force when it is set, and a raised one lets go at once")
    func atOnce() {
        let quotas = ByteQuotas { [full] in $0 == full ? 1_000 : 0 }
        #expect(!quotas.isReached(by: full))
        quotas.setQuota(1_000, of: full)
        quotas.setQuota(1, of: empty)
        #expect(quotas.isReached(by: full) && !quotas.isReached(by: empty))
        quotas.setQuota(1_001, of: full)
        #expect(!quotas.isReached(by: full))
        quotas.setQuota(1, of: full)
        quotas.setQuota(nil, of: full)
        #expect(!quotas.isReached(by: full))
    }

    @Test("what is stored later is counted, and what was dropped")
    func counting() {
        let stored = Stored()
        let quotas = ByteQuotas { _ in stored.byteCount.load(ordering: .relaxed) }
        quotas.setQuota(10, of: full)
        for (count, isReached) in [(9, false), (10, true), (3, false)] {
            stored.byteCount.store(count, ordering: .relaxed)
            quotas.count()
            #expect(quotas.isReached(by: full) == isReached)
        }
    }
}
