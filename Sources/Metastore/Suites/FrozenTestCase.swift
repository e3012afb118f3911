/// A case as a suite's version keeps it: the columns of its row, without the values they were made from. A file of 100,000 cases is held
/// in little more memory than its text.

import ByteCoding
import EvaluationModel
import PostgresClient
import TraceModel

package struct FrozenTestCase: Sendable, Equatable {
    package let key: String
    /// JSON text of a `TestCaseContent`.
    let content: [UInt8]
    let hash: PostgresUUID
    /// JSON text of a list.
    let tags: String
    let split: String
    /// Empty for a case of no span.
    let sourceTraceID: String
    let sourceSpanID: String

    package init(_ content: TestCaseContent) {
        let hash = content.contentHash
        key = content.key
        self.content = content.json.bytes
        self.hash = PostgresUUID(high: hash.high, low: hash.low)
        tags = String(decoding: JSONValue.array(content.tags.map(JSONValue.string)).bytes, as: UTF8.self)
        split = content.split ?? ""
        sourceTraceID = content.source?.traceID?.hex ?? ""
        sourceSpanID = content.source?.spanID?.hex ?? ""
    }
}
