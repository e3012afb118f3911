/// The events of a run's cells, as JSON.

import ByteCoding
import EvaluationModel
import JobQueue
import TraceModel

enum RunEvents {
    static func caseStarted(_ cell: LeasedCell, key: String) -> TaskEventDraft {
        TaskEventDraft("case.started", object { writer in place(cell, key, &writer) })
    }

    static func caseFinished(_ ended: EndedCell, _ outcome: NewOutcome) -> TaskEventDraft {
        TaskEventDraft(
            "case.finished",
            object { writer in
                place(ended.cell, ended.key, &writer)
                writer.member("result", outcome.result.rawValue)
                writer.member("outcome_id", outcome.id.uuid)
                writer.member("trace_id", outcome.traceID.hex)
                writer.member("duration_ms", Double(outcome.durationNano) / 1e6)
                writer.member("cost_usd", Double(outcome.costNanoUSD) / 1e9)
                if let error = outcome.error { writer.member("error", raw: error) }
                if let failed = outcome.scores.first(where: { $0.passed == false }) {
                    writer.member("reason", "\(failed.name): \(failed.reason.prefix(maximumReasonCharacterCount))")
                }
            })
    }

    static func caseRequeued(key: String, target: Int, repetition: Int) -> TaskEventDraft {
        TaskEventDraft(
            "case.requeued",
            object { writer in
                writer.member("key", key)
                writer.member("target", target)
                writer.member("repetition", repetition)
            })
    }

    /// Characters of a reason in an event: followers see the first words, the outcome has them all.
    private static let maximumReasonCharacterCount = 200

    private static func place(_ cell: LeasedCell, _ key: String, _ writer: inout JSONWriter) {
        writer.member("key", key)
        writer.member("target", cell.target)
        writer.member("repetition", cell.repetition)
        writer.member("attempt", cell.job.attempt)
    }

    private static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        body(&writer)
        writer.endObject()
        return writer.bytes
    }
}
