/// A whole revision as an archive: gathered in pages, packed on a thread of its own.

import ByteCoding
import HTTPServer
import HTTPTypes
import KnowledgeImport
import KnowledgeModel
import Metastore

struct KnowledgeExport: Sendable {
    let knowledge: KnowledgeRepository
    let view: KnowledgeView

    /// Throws a 422 for more than one archive holds, and what `reserve` throws. `reserve`: asked for the memory that it takes.
    func archive(reserve: (_ byteCount: Int) throws -> Void) async throws -> [UInt8] {
        var entries: [KnowledgeEntry] = [], byteCount = 0
        var last: String?, limit = Self.firstPageCount
        while true {
            let page = try await knowledge.entries(of: view, after: last, limit: limit, includingContent: true)
            for stored in page {
                byteCount += stored.content?.count ?? 0
                entries.append(KnowledgeEntry(key: stored.key, content: try stored.decodedContent))
            }
            guard byteCount <= APILimits.maximumKnowledgeExportByteCount else {
                throw Problem(
                    .unprocessableContent,
                    "the entries have more than \(APILimits.maximumKnowledgeExportByteCount) bytes: read them one by one", kind: "too-large"
                )
            }
            try reserve(2 * byteCount)
            guard page.count == limit, let key = page.last?.key else { break }
            last = key
            // By the mean length so far: pages of about the same bytes.
            limit = min(max(APILimits.exportPageByteCount / max(1, byteCount / entries.count), 1), MetastoreLimits.maximumPageItemCount)
        }
        let all = entries
        return try await OwnThread.run { try KnowledgeArchive.write(all) }
    }

    /// As many of the longest entries as a page may have bytes.
    private static let firstPageCount = max(1, APILimits.exportPageByteCount / KnowledgeLimits.maximumContentByteCount)
}
