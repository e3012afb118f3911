/// What of a project's telemetry was deleted: who asked, what went, what stays, until when the bytes are gone.

import ByteCoding
import PostgresClient
import TraceModel

package struct DeletionRecord: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case trace, session, user, project }

    package enum State: String, Sendable, CaseIterable {
        /// Some of it may still be in answers.
        case running
        /// In no answer any more; its bytes lie in files.
        case masked
        /// Its bytes are gone, too.
        case done
    }

    package let id: TaskID
    package let projectID: ProjectID
    package let kind: Kind
    /// A trace's id in hexadecimal digits, a session or a user; empty for a project.
    package let subject: String
    /// An e-mail address or a key's name, as it was then.
    package let requestedBy: String
    package let state: State
    package let traceIDs: [TraceID]
    /// What a try found that was cut off.
    package let found: DeletionCounts?
    package let counts: DeletionCounts?
    package let removed: RemovedReferences?
    package let kept: KeptCopies?
    /// The store's time of it, and the last file of its log that may have had bytes of it.
    package let maskedUnixNano: UInt64?
    package let throughLogFile: UInt64?
    /// Why it does not get on; empty where it does.
    package let problem: String
    package let createdTimeUnixNano: Int64
    package let maskedTimeUnixNano: Int64?
    package let deadlineTimeUnixNano: Int64?
    package let doneTimeUnixNano: Int64?
}

/// What is asked for.
package struct NewDeletion: Sendable {
    package var kind: DeletionRecord.Kind
    package var subject: String
    /// Whose store it is about.
    package var node: UInt64

    package init(_ kind: DeletionRecord.Kind, _ subject: String, node: UInt64) {
        self.kind = kind
        self.subject = subject
        self.node = node
    }
}

/// What the store deleted.
package struct DeletionCounts: Sendable, Equatable {
    package var spanCount: Int64 = 0
    package var eventCount: Int64 = 0
    package var refusedSpanCount: Int64 = 0
    /// Bytes of long values that stay because spans that are kept have the same ones.
    package var keptPayloadByteCount: Int64 = 0

    package init() {}

    /// With what an earlier try had found before it was cut off. An edit of the store happens whole or not at all: where as much is found
    /// again it had not happened; where less is, it had, and what is found now has come in since.
    package func joined(withFound earlier: DeletionCounts?) -> DeletionCounts {
        guard let earlier, spanCount < earlier.spanCount else { return self }
        var joined = self
        joined.spanCount += earlier.spanCount
        joined.eventCount += earlier.eventCount
        joined.keptPayloadByteCount = max(keptPayloadByteCount, earlier.keptPayloadByteCount)
        return joined
    }
}

/// Rows that went with the spans they were of.
package struct RemovedReferences: Sendable, Equatable {
    package var scoreCount: Int64 = 0
    package var decisionCount: Int64 = 0
    /// Spans that waited to be scored, with what they say.
    package var jobCount: Int64 = 0
    /// Windows of features that named a trace, or quoted one.
    package var featureWindowCount: Int64 = 0
    /// Texts of traces for analyses and drafts under way.
    package var copiedTextCount: Int64 = 0

    package init() {}
}

/// Copies that people made on purpose. They stay; the receipt names them.
package struct KeptCopies: Sendable, Equatable {
    package struct Item: Sendable, Equatable {
        package var kind: String
        package var id: String

        package init(kind: String, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    package var testCaseCount: Int64 = 0
    package var draftCount: Int64 = 0
    package var knowledgeEntryCount: Int64 = 0
    package var outcomeCount: Int64 = 0
    /// Test cases, drafts and entries, the first of each kind.
    package var items: [Item] = []

    package init() {}
}

// MARK: - As PostgreSQL has them

extension DeletionCounts {
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    package func write(to writer: inout JSONWriter) {
        writer.member("spans", spanCount)
        writer.member("events", eventCount)
        writer.member("refused_spans", refusedSpanCount)
        writer.member("kept_payload_bytes", keptPayloadByteCount)
    }

    init?(json: JSONValue?) {
        guard let json else { return nil }
        self.init()
        spanCount = json["spans"]?.integerValue ?? 0
        eventCount = json["events"]?.integerValue ?? 0
        refusedSpanCount = json["refused_spans"]?.integerValue ?? 0
        keptPayloadByteCount = json["kept_payload_bytes"]?.integerValue ?? 0
    }
}

extension RemovedReferences {
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    package func write(to writer: inout JSONWriter) {
        writer.member("scores", scoreCount)
        writer.member("score_decisions", decisionCount)
        writer.member("scoring_jobs", jobCount)
        writer.member("feature_windows", featureWindowCount)
        writer.member("copied_texts", copiedTextCount)
    }

    init?(json: JSONValue?) {
        guard let json else { return nil }
        self.init()
        scoreCount = json["scores"]?.integerValue ?? 0
        decisionCount = json["score_decisions"]?.integerValue ?? 0
        jobCount = json["scoring_jobs"]?.integerValue ?? 0
        featureWindowCount = json["feature_windows"]?.integerValue ?? 0
        copiedTextCount = json["copied_texts"]?.integerValue ?? 0
    }
}

extension KeptCopies {
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    package func write(to writer: inout JSONWriter) {
        writer.member("test_cases", testCaseCount)
        writer.member("test_case_drafts", draftCount)
        writer.member("knowledge_entries", knowledgeEntryCount)
        writer.member("run_outcomes", outcomeCount)
        writer.key("items")
        writer.beginArray()
        for item in items {
            writer.beginObject()
            writer.member("kind", item.kind)
            writer.member("id", item.id)
            writer.endObject()
        }
        writer.endArray()
    }

    init?(json: JSONValue?) {
        guard let json else { return nil }
        self.init()
        testCaseCount = json["test_cases"]?.integerValue ?? 0
        draftCount = json["test_case_drafts"]?.integerValue ?? 0
        knowledgeEntryCount = json["knowledge_entries"]?.integerValue ?? 0
        outcomeCount = json["run_outcomes"]?.integerValue ?? 0
        items = (json["items"]?.arrayValue ?? []).compactMap { item in
            guard let kind = item["kind"]?.stringValue, let id = item["id"]?.stringValue else { return nil }
            return Item(kind: kind, id: id)
        }
    }
}
