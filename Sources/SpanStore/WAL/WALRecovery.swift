import FileSystem

/// Reads the log after a start and hands its entries to the store.
package struct WALRecovery {
    package init(fileSystem: any FileSystem, configuration: WALConfiguration, sealedLSN: [PartitionID: UInt64], highestSealedLSN: UInt64) {
    }
    package func run(_ apply: (WALEntry) throws(StoreError) -> Void) throws(StoreError) -> WALRecoveryReport {
        WALRecoveryReport()
    }
}
