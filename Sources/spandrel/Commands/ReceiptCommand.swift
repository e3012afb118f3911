/// `spandrel receipt ID`: what became of an acknowledged export.

import ArgumentParser
import ByteCoding
import NIOHTTP1

struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "receipt", abstract: "Shows what became of an export.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The id of the receipt, as the export's answer has it in x-spandrel-receipt: 64 hexadecimal digits.")
    var receiptID: String

    func validate() throws {
        guard receiptID.utf8.count == 64, receiptID.allSatisfy(\.isHexDigit) else {
            throw ValidationError("the id of a receipt is 64 hexadecimal digits")
        }
    }

    func run() async throws {
        let receipt = try await server.client().json(.GET, "/api/v1/receipts/\(receiptID)")
        if output.json { return print(String(decoding: receipt.bytes, as: UTF8.self)) }
        func text(_ name: String) -> String { receipt[name]?.stringValue ?? "-" }
        func count(_ name: String) -> Int64 { receipt[name]?.integerValue ?? 0 }
        print("\(text("status")): \(count("stored_spans")) spans stored, \(count("rejected_spans")) refused")
        print("received \(text("received_at")), visible since \(text("visible_since"))")
        if let first = receipt["duplicate_of"]?.stringValue { print("repeats the request of receipt \(first)") }
        let rejections = receipt["rejections"]?.arrayValue ?? []
        guard !rejections.isEmpty else { return }
        let columns = ["index", "reason", "trace_id", "span_id"]
        print("\n" + TextTable(columns: columns, rows: rejections.map { rejection in columns.map { rejection[$0] ?? .null } }).text)
        if count("unlisted_rejections") > 0 { print("and \(count("unlisted_rejections")) more") }
    }
}
