import SeededRandom
import SimulatedDisk
import Testing

@testable import SpanStore

/// What the tests of crashes have in common: a store with a small log on a disk that fails, at which of its calls it is to stop, and how it
/// comes back.
enum CrashTesting {
    static let root = "/data/store"

    /// `logFileByteCount`: four of them are the log.
    static func configuration(_ disk: SimulatedDisk, logFileByteCount: Int) -> StoreConfiguration {
        var configuration = StoreConfiguration(root: root, fileSystem: disk)
        configuration.configureWAL = {
            $0.fileByteCount = logFileByteCount
            $0.maximumTotalByteCount = 4 * logFileByteCount
            $0.maximumGroupByteCount = logFileByteCount / 4
            $0.zeroStepByteCount = 16 << 10
            $0.zeroAheadByteCount = 0
        }
        return configuration
    }

    /// Nothing happens beside what the test asks for: what runs by itself would come at another moment each time.
    static func open(_ configuration: StoreConfiguration) throws -> SpanStore {
        let store = try SpanStore.open(configuration)
        store.pauseCompaction(true)
        return store
    }

    /// Some of a body's calls, and `closing` ones counted from its end; all of them where a longer search is asked for
    /// (SPANDREL_TEST_SEED_COUNT).
    static func operations(_ count: Int, of seed: UInt64, some: Int, closing: [Int] = []) -> [Int] {
        if TestSeed.several(1).count > 1 { return Array(1...count) }
        var random = SeededGenerator(seed: seed)
        return (0..<some).map { _ in Int.random(in: 1...count, using: &random) } + closing.map { count - $0 }
    }

    /// The process, or the machine, ends where it was to end or here; what is still open of it closes in vain.
    static func end(_ store: SpanStore, on disk: SimulatedDisk, kills: Bool) async {
        if kills { disk.killProcess() } else { disk.crash() }
        await store.close()
        disk.crash(atOperation: nil)
        if kills { disk.killProcess() } else { disk.crash() }
    }
}
