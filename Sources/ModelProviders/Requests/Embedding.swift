/// Texts turned into vectors.

import ByteCoding
import GenAIConventions

package struct EmbeddingRequest: Sendable, Equatable {
    package var model: String
    package var inputs: [String]
    /// Nil: as many as the model has.
    package var dimensionCount: Int?
    /// As `ChatParameters.extra`.
    package var extra = JSONValue.object([])

    package init(model: String, inputs: [String], dimensionCount: Int? = nil) {
        self.model = model
        self.inputs = inputs
        self.dimensionCount = dimensionCount
    }

    package var estimatedTokenCount: Int {
        inputs.reduce(0) { $0 + $1.utf8.count } / ModelProvidersLimits.estimatedBytesPerToken
    }
}

package struct EmbeddingResponse: Sendable, Hashable {
    /// One row for each input, in their order.
    package var embeddings: EmbeddingMatrix
    package var model: String?
    /// Nil when the provider told none.
    package var usage: TokenUsage?
    package var reportedCost: Double?
    /// Every try in order, the successful one last.
    package var attempts: [ProviderAttempt] = []
}

/// Vectors of one length, one after the other in one array.
package struct EmbeddingMatrix: Sendable, Hashable {
    package private(set) var values: [Float] = []
    package private(set) var rowCount = 0
    /// 0 as long as there is no row.
    package private(set) var dimensionCount = 0

    package init() {}

    package subscript(row: Int) -> ArraySlice<Float> { values[row * dimensionCount..<(row + 1) * dimensionCount] }

    /// Answers false, and adds nothing, for a row that is empty or of another length than those before it.
    package mutating func append(_ row: [Float]) -> Bool {
        guard !row.isEmpty, rowCount == 0 || row.count == dimensionCount else { return false }
        dimensionCount = row.count
        values += row
        rowCount += 1
        return true
    }
}
