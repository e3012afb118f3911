import FileSystem
import TraceModel

/// The spans of one segment's files, or of a file that was exported, without a store: for sending them elsewhere. Event records are
/// left out.
package struct SegmentReader {
    private let handle: SegmentHandle
    private let files: SegmentFiles
    private let costs = ScanCostCounter()

    /// - Parameter payloadsPath: nil where there is none; spans that refer to it cannot be read then.
    package init(spansPath: String, payloadsPath: String?, fileSystem: any FileSystem) throws(StoreError) {
        do {
            let footer = try SegmentParquet(FileSource(fileSystem.open(spansPath, .read)))
            let sequence = footer.keyValue(SegmentKey.sequence).flatMap { UInt64($0) } ?? 0
            let rowCount = (0..<footer.rowGroupCount).reduce(0) { $0 + footer.rowCount(ofRowGroup: $1) }
            let descriptor = SegmentDescriptor(
                sequence: sequence, project: ProjectID(high: 0, low: 0), receiveDay: 0, spanRowCount: rowCount, spanFileByteCount: 1,
                payloadFileByteCount: payloadsPath == nil ? 0 : 1, minimumStartTimeUnixNano: 0, maximumStartTimeUnixNano: 0,
                minimumLSN: 1, maximumLSN: 1, minimumReceivedUnixNano: 0, maximumReceivedUnixNano: 0, schemaFingerprint: 0,
                mappingVersion: 0, rowGroupCount: footer.rowGroupCount)
            let pair = PairAnywhere(
                fileSystem: fileSystem,
                paths: [
                    "/" + StoreFileNames.spans(descriptor.partition, sequence): spansPath,
                    "/" + StoreFileNames.payloads(descriptor.partition, sequence): payloadsPath ?? "",
                ])
            handle = SegmentHandle(descriptor, fileSystem: pair, root: "", mask: [])
        } catch let error as FileSystemError {
            throw StoreError(error, while: "opening \(spansPath)")
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.corrupt, "\(spansPath) cannot be read: \(error)", cause: error)
        }
        files = try handle.files()
    }

    package var rowGroupCount: Int { handle.descriptor.rowGroupCount }
    package var rowCount: Int { handle.descriptor.spanRowCount }
    package func rowCount(ofRowGroup group: Int) -> Int { files.spans.rowCount(ofRowGroup: group) }

    /// Whole spans, in the order of the file.
    package func records(rowGroup: Int, rows: Range<Int>) throws -> [SpanRecord] {
        let events = Set(try files.eventRows(ofRowGroup: rowGroup, costs))
        let wanted = rows.map { Int32($0) }.filter { !events.contains($0) }
        return try SegmentUnit(handle: handle, rowGroup: rowGroup, costs: costs).records(at: wanted)
    }
}

/// Files of a segment that lie elsewhere than a store would have them, for reading only.
private struct PairAnywhere: FileSystem {
    let fileSystem: any FileSystem
    /// Where the store would have a file -> where it lies.
    let paths: [String: String]

    private func place(_ path: String) -> String { paths[path] ?? path }

    private func refusal(_ path: String) -> FileSystemError {
        FileSystemError(.permission, operation: "change", path: path, errno: 0, detail: "the file is only read")
    }

    func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File {
        guard mode == .read else { throw refusal(path) }
        return try fileSystem.open(place(path), mode)
    }
    func size(of path: String) throws(FileSystemError) -> Int { try fileSystem.size(of: place(path)) }
    func exists(_ path: String) throws(FileSystemError) -> Bool { try fileSystem.exists(place(path)) }
    func list(_ path: String) throws(FileSystemError) -> [String] { [] }
    func space(at path: String) throws(FileSystemError) -> DiskSpace { try fileSystem.space(at: place(path)) }
    func createDirectory(_ path: String) throws(FileSystemError) { throw refusal(path) }
    func remove(_ path: String) throws(FileSystemError) { throw refusal(path) }
    func removeDirectory(_ path: String) throws(FileSystemError) { throw refusal(path) }
    func rename(_ from: String, to: String) throws(FileSystemError) { throw refusal(from) }
    func link(_ from: String, to: String) throws(FileSystemError) { throw refusal(from) }
    func synchronizeDirectory(_ path: String) throws(FileSystemError) { throw refusal(path) }
    func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock { throw refusal(path) }
}
