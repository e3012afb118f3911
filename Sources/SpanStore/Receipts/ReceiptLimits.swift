/// How much the ledger of receipts keeps, and why no more.
package struct ReceiptLimits: Sendable {
    /// How old a receipt gets. Whoever looks into what became of an export does so within days; a project's retention may end it earlier.
    package var maximumAgeDays = 7

    /// How often age is looked at: files go by the day.
    package var expiryIntervalSeconds = 3_600

    /// Receipts per project, those of requests in the log aside: an hour of 500 requests a second, or weeks of what most send.
    package var maximumCount = 2_000_000

    /// Bytes per project: a receipt takes some 14, one that lists refused spans some KiB.
    package var maximumByteCount = 64 << 20

    /// Files per project: each start begins one, and a server that starts over and over must not fill a folder.
    package var maximumFileCount = 256

    /// Receipts in memory, all projects together, before they are written ahead of their memtable's seal; some 100 bytes each.
    package var maximumPendingCount = 65_536

    /// Bytes of messages and of lists of refused spans in memory, before they are written.
    package var maximumPendingByteCount = 8 << 20

    /// Receipts of a block, which is what a look-up reads and decodes: some 60 KiB, well below a millisecond.
    package var maximumBlockCount = 4_096

    /// Bytes of messages and of lists of refused spans in a block.
    package var maximumBlockByteCount = 64 << 10

    /// Refused spans that one receipt names. The message counts all of them by reason, and the quarantine keeps more.
    package static let maximumListedRejectionCount = 100

    package init() {}
}
