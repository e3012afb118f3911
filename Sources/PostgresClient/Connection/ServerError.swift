/// The fields of an error answer (PostgreSQL manual, "Error and Notice Message Fields") as a PostgresError.

import CLibpq

enum ServerError {
    private static let sqlstateField = Int32(UInt8(ascii: "C"))
    private static let messageField = Int32(UInt8(ascii: "M"))
    private static let detailField = Int32(UInt8(ascii: "D"))
    private static let hintField = Int32(UInt8(ascii: "H"))
    private static let constraintField = Int32(UInt8(ascii: "n"))

    static func error(of result: ResultStorage, isCancelled: Bool) -> PostgresError {
        func field(_ code: Int32) -> String { PQresultErrorField(result.pointer, code).map { String(cString: $0) } ?? "" }
        let sqlstate = field(sqlstateField)
        // libpq reports its own failures (connection lost) as results without fields.
        guard !sqlstate.isEmpty else {
            let text = PQresultErrorMessage(result.pointer).map { String(cString: $0) } ?? ""
            return PostgresError(.connection, "the connection to PostgreSQL failed: \(firstLine(text))")
        }
        if sqlstate == SQLState.queryCanceled {
            return isCancelled
                ? PostgresError(.cancelled, "the statement was cancelled", sqlstate: sqlstate)
                : PostgresError(.timedOut, "the statement ran into its time limit (\(field(messageField)))", sqlstate: sqlstate)
        }
        // DETAIL quotes the refused row, which may hold a key's hash or somebody's text: it stays out of logs.
        return PostgresError(
            .server, "PostgreSQL refused: \(field(messageField))", advice: field(hintField), sqlstate: sqlstate,
            constraint: field(constraintField))
    }

    static func firstLine(_ text: String) -> String { String(text.prefix { $0 != "\n" }) }
}
