/// Which log records are stored: events that belong to a span, by their names. Every other record is told to be refused.
package enum StoredLogRecords {
    /// What GenAI instrumentations write: content (`gen_ai.client.inference.operation.details`), messages (`gen_ai.user.message`,
    /// `gen_ai.choice`), judgements (`gen_ai.evaluation.result`), exceptions (`gen_ai.client.operation.exception`).
    static let prefixes = [Array("gen_ai.".utf8)]
    static let names = [Array("exception".utf8)]

    static func contains(_ name: UnsafeRawBufferPointer) -> Bool {
        names.contains { name.elementsEqual($0) } || prefixes.contains { name.count > $0.count && name.starts(with: $0) }
    }

    package static func contains(_ name: String) -> Bool { Array(name.utf8).withUnsafeBytes { contains($0) } }
}
