/// One attempt at an upload: reads the document on a thread of its own, tells how far it is, and puts its entries into the draft in the
/// transaction that ends the upload. An attempt that dies has changed nothing.

import Dispatch
import JobQueue
import KnowledgeImport
import KnowledgeModel
import Metastore

struct KnowledgeUploadWork: Sendable {
    let leased: LeasedKnowledgeUpload
    let uploads: KnowledgeUploadRepository

    /// Throws `KnowledgeWorkFault`, MetastoreError, `CancellationError`.
    func run() async throws {
        guard leased.job.attempt <= KnowledgeWorkLimits.maximumUploadAttemptCount else {
            throw KnowledgeWorkFault.final("\(leased.job.attempt - 1) attempts came to no end")
        }
        guard let (upload, body) = try await uploads.proceed(leased) else { throw KnowledgeWorkFault.gone }
        let imported: ImportedKnowledge
        do { imported = try await read(upload, body) } catch let error as KnowledgeImportError {
            return try await uploads.end(leased, .failed, message: error.description, report: UploadReport.members(of: error))
        }
        try Task.checkCancellation()
        let report = UploadReport(imported)
        guard !report.isEmpty else {
            return try await uploads.end(
                leased, .failed, message: "nothing could be taken from the document; its problems say why", report: report.members)
        }
        let edit = KnowledgeEdit(puts: imported.entries, replaces: Self.replacement(of: upload), keeping: imported.unreadKeys)
        switch try await uploads.finish(leased, edit, report: report.members) {
        case .edited, .refused: return
        case .lost: throw KnowledgeWorkFault.gone
        }
    }

    private static func replacement(of upload: KnowledgeUpload) -> KnowledgeEdit.Replacement {
        switch upload.format {
        // Operations that the document does not have any more go, but not those that it has and that could not be read; the draft's
        // differences show it.
        case .openAPI: .document(upload.document)
        // A folder is not the whole of anything.
        case .markdownZIP: .none
        }
    }

    // MARK: - Reading

    /// Throws `KnowledgeImportError`, `KnowledgeWorkFault`, MetastoreError.
    private func read(_ upload: KnowledgeUpload, _ body: [UInt8]) async throws -> ImportedKnowledge {
        let (progress, teller) = AsyncStream.makeStream(of: (done: Int, total: Int).self, bufferingPolicy: .bufferingNewest(1))
        return try await withThrowingTaskGroup(of: ImportedKnowledge?.self) { group in
            group.addTask {
                defer { teller.finish() }
                return try await Self.onOwnThread {
                    try Self.read(upload, body) { done, total in teller.yield((done, total)) }
                }
            }
            group.addTask {
                for await (done, total) in progress {
                    guard try await uploads.reportProgress(leased, done: done, total: total) else { throw KnowledgeWorkFault.gone }
                    try await Task.sleep(for: .milliseconds(KnowledgeWorkLimits.progressMilliseconds))
                }
                return nil
            }
            var imported: ImportedKnowledge?
            while let next = try await group.next() {
                guard let next else { continue }
                imported = next
                // Nobody asks how far it was any more.
                group.cancelAll()
                break
            }
            guard let imported else { throw CancellationError() }
            return imported
        }
    }

    private static func read(
        _ upload: KnowledgeUpload, _ body: [UInt8], progress: (Int, Int) -> Void
    ) throws(KnowledgeImportError) -> ImportedKnowledge {
        switch upload.format {
        case .openAPI: try OpenAPIDocument.read(body, named: upload.document, progress: progress)
        case .markdownZIP: try KnowledgeArchive.read(body, progress: progress)
        }
    }

    /// Seconds of computing for a large document: beside the threads that everything else shares.
    private static func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
