/// What became of each event of a batch, in Langfuse's shape of a 207: `successes` and `errors`, each by the event's id.

import ByteCoding
import HTTPTypes
import Hummingbird

struct LangfuseAnswer {
    private struct Entry {
        let id: String
        var note: String?
        var fault: LangfuseFault?
    }

    private var entries: [Entry] = []

    /// The place of an event, which is taken unless something else is said of it.
    mutating func begin(_ id: String) -> Int {
        entries.append(Entry(id: id))
        return entries.count - 1
    }

    mutating func refuse(_ fault: LangfuseFault, at place: Int) { entries[place].fault = fault }

    /// Something to be said of one that is no error.
    mutating func note(_ text: String, at place: Int) { entries[place].note = text }

    var response: Response {
        .json(.multiStatus) { writer in
            writer.beginObject()
            writer.key("successes")
            writer.beginArray()
            for entry in entries where entry.fault == nil {
                writer.beginObject()
                writer.member("id", entry.id)
                writer.member("status", 201)
                if let note = entry.note { writer.member("message", note) }
                writer.endObject()
            }
            writer.endArray()
            writer.key("errors")
            writer.beginArray()
            for entry in entries {
                guard let fault = entry.fault else { continue }
                writer.beginObject()
                writer.member("id", entry.id)
                writer.member("status", fault.status)
                writer.member("message", fault.message)
                writer.member("error", Self.name(fault.status))
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    private static func name(_ status: Int) -> String {
        switch status {
        case 403: "Forbidden"
        case 409: "Conflict"
        default: "InvalidRequestError"
        }
    }
}
