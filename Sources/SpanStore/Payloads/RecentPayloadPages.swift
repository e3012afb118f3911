import Synchronization

/// The raw bytes of payload pages that were filled lately, by whichever memtable, kept beyond their compression: what new texts are
/// compared with. All together stay within a budget; the page that was of no use for longest goes first.
///
/// Writers hold the lock while they take in one text, the seal while it lets go of a memtable's pages.
final class RecentPayloadPages: Sendable {
    struct Contents {
        fileprivate var pages: [RawPayloadPage] = []
        fileprivate(set) var byteCount = 0
        /// Counts filled pages: when a page was last of use.
        fileprivate var clock: UInt64 = 0
    }

    let contents = Mutex(Contents())
    private let budgetByteCount: Int

    init(budgetByteCount: Int) { self.budgetByteCount = budgetByteCount }

    func insert(_ page: RawPayloadPage, into contents: inout Contents) {
        contents.clock += 1
        page.lastUse = contents.clock
        contents.pages.append(page)
        contents.byteCount += page.memory?.capacity ?? 0
        while contents.byteCount > budgetByteCount,
            let oldest = contents.pages.indices.min(by: { contents.pages[$0].lastUse < contents.pages[$1].lastUse })
        {
            let page = contents.pages.remove(at: oldest)
            contents.byteCount -= page.memory?.capacity ?? 0
            page.forget()
        }
    }

    /// Lets go of pages that nothing will be compared with any more.
    func remove(_ pages: [RawPayloadPage]) {
        contents.withLock { contents in
            for page in pages where page.memory != nil {
                contents.byteCount -= page.memory?.capacity ?? 0
                page.forget()
            }
            contents.pages.removeAll { $0.memory == nil }
        }
    }
}

extension RecentPayloadPages.Contents {
    func use(_ page: RawPayloadPage) { page.lastUse = clock }
}

/// A filled page as its memtable's writer knows it.
///
/// `@unchecked Sendable`: after it was made, its properties are only touched with the lock of the `RecentPayloadPages` it belongs to.
final class RawPayloadPage: @unchecked Sendable {
    let firstOrdinal: Int
    /// Nil once it had to go.
    fileprivate(set) var memory: PayloadPageMemory?
    fileprivate(set) var parts: [PartPlace]
    fileprivate var lastUse: UInt64 = 0

    init(firstOrdinal: Int, memory: PayloadPageMemory, parts: [PartPlace]) {
        self.firstOrdinal = firstOrdinal
        self.memory = memory
        self.parts = parts
    }

    fileprivate func forget() {
        memory = nil
        parts = []
    }
}

/// Where a part lies in its page.
struct PartPlace: BitwiseCopyable {
    /// Of its length, behind which its bytes stand.
    var offset: UInt32
    /// `StoredValue` type tag of the value it was cut from: values of different types share nothing.
    var type: UInt8
    /// Of the text it was first cut from, behind it.
    var endState: PayloadCutter.State
}
