/// What became of an acknowledged export, by the id that its answer carried: a part of the page of refused spans.

import ByteCoding
import HTTPServer
import HTTPTypes

struct ReceiptContent: Sendable {
    /// As it was typed; empty where nobody asks for one.
    let id: String
    /// The API's answer.
    var receipt = JSONValue.null
    /// Why there is none.
    var problem = ""

    /// Asks for the receipt that the address names.
    static func load(_ visit: PageVisit) async throws(Problem) -> ReceiptContent {
        let id = (visit["receipt"] ?? "").filter { !$0.isWhitespace }
        guard !id.isEmpty else { return ReceiptContent(id: "") }
        do throws(Problem) {
            return ReceiptContent(id: id, receipt: try await visit.api.get("/api/v1/receipts/" + URLText.encoded(id)))
        } catch {
            // Unknown, or kept no more: what the API says of it is what there is to show.
            guard [.notFound, .gone, .badRequest].contains(error.status) else { throw error }
            return ReceiptContent(id: id, problem: error.detail)
        }
    }

    /// - Parameter url: the page's address with a receipt.
    func set(in context: inout PageContext, url: (String) -> String) {
        let rejections = receipt.list("rejections"), unlisted = receipt.integer("unlisted_rejections") ?? 0
        context.set("receipt_id", id)
        context.set("has_receipt_problem", !problem.isEmpty)
        context.set("receipt_problem", problem)
        context.set("has_receipt", !receipt.isNull)
        context.set("receipt", receipt.isNull ? PageContext() : figures(url))
        context.set("has_rejections", !rejections.isEmpty)
        context.set(
            "rejections",
            rejections.map { rejection in
                .make {
                    $0.set("index_text", rejection.integer("index").map { Figures.count($0) } ?? "")
                    $0.set("reason", rejection.text("reason"))
                    $0.set("explanation", rejection.text("explanation"))
                    $0.set("trace_id", rejection.text("trace_id"))
                    $0.set("span_id", rejection.text("span_id"))
                }
            })
        context.set("has_unlisted", unlisted > 0)
        context.set("unlisted_text", "and \(Figures.count(unlisted)) more")
    }

    private func figures(_ url: (String) -> String) -> PageContext {
        let status = receipt.text("status"), first = receipt.text("duplicate_of"), message = receipt.text("message")
        return .make {
            $0.set("status_text", status.replacing("_", with: " "))
            $0.set("tone", Self.tone(status))
            $0.setTime("received", receipt.text("received_at"))
            $0.set("has_visible", receipt.has("visible_since"))
            $0.setTime("visible", receipt.text("visible_since"))
            $0.set("stored_text", Figures.count(receipt.integer("stored_spans") ?? 0))
            $0.set("rejected_text", Figures.count(receipt.integer("rejected_spans") ?? 0))
            $0.set("has_message", !message.isEmpty)
            $0.set("message", message)
            $0.set("has_first", !first.isEmpty)
            $0.set("first_url", first.isEmpty ? "" : url(first))
        }
    }

    private static func tone(_ status: String) -> String {
        switch status {
        case "stored": "good"
        case "partially_stored": "warn"
        case "rejected": "bad"
        default: "faint"
        }
    }
}
