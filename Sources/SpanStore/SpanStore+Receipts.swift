import FileSystem
import TraceModel

/// Receipts as the store gives them.
extension SpanStore {
    /// What became of the request of an LSN; nil when the ledger does not have it (any more).
    package func receipt(_ lsn: UInt64, of project: ProjectID) async throws(StoreError) -> ExportReceipt? {
        try await receipts.receipt(lsn, of: project)
    }

    /// The secret that makes receipts' ids unguessable: 32 random bytes, chosen once for the directory. Where none can be kept, or what is
    /// kept is not one, ids made before are not known any more, which is no reason not to serve.
    static func receiptKey(_ configuration: StoreConfiguration) -> [UInt8] {
        let directory = StoreFileNames.receipts(configuration.root), path = FilePath.join(directory, "KEY")
        let fileSystem = configuration.fileSystem
        var generator = SystemRandomNumberGenerator()
        let new = (0..<receiptKeyByteCount).map { _ in UInt8.random(in: 0 ... .max, using: &generator) }
        do throws(FileSystemError) {
            if try fileSystem.exists(path) {
                let key = try fileSystem.readWhole(path, maximumByteCount: receiptKeyByteCount)
                if key.count == receiptKeyByteCount { return key }
                configuration.log(.warning, "\(path) does not hold a key: receipts given out so far will not be found")
            }
            try fileSystem.createDirectory(directory)
            try fileSystem.replace(path, with: new)
        } catch {
            configuration.log(.warning, "the key of receipts could not be kept: those of this run will not be found by the next: \(error)")
        }
        return new
    }

    private static var receiptKeyByteCount: Int { 32 }
}
