/// What one upload may come to, however many documents it has: references and aliases multiply, so that little is said about it by the number
/// of bytes that were sent.

import KnowledgeModel

struct ImportBudget {
    private(set) var byteCount: Int
    private(set) var visitCount: Int
    private(set) var operationCount: Int

    init(
        byteCount: Int = KnowledgeImportLimits.maximumExpandedByteCount, visitCount: Int = KnowledgeImportLimits.maximumVisitCount,
        operationCount: Int = KnowledgeLimits.maximumEntryCount
    ) {
        self.byteCount = byteCount
        self.visitCount = visitCount
        self.operationCount = operationCount
    }

    static let bytesAreSpent =
        "the upload's entries come to more than \(KnowledgeImportLimits.maximumExpandedByteCount >> 20) MiB; this one was left out"
    static let visitsAreSpent = "the upload's references are too many to follow; this operation was left out"

    /// Whether nothing that follows references can be put together any more.
    var isSpent: Bool { byteCount < 0 || visitCount < 0 }

    /// False once more was wanted than there was: also of what is small then.
    mutating func spend(byteCount count: Int) -> Bool {
        byteCount = max(-1, byteCount - count)
        return byteCount >= 0
    }

    mutating func spendVisit() -> Bool {
        visitCount = max(-1, visitCount - 1)
        return visitCount >= 0
    }

    mutating func spendOperation() -> Bool {
        operationCount = max(-1, operationCount - 1)
        return operationCount >= 0
    }
}
