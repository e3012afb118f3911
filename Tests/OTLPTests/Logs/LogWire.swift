import TraceModel

/// Requests of log records for tests, apart from the room's own writers.
enum LogWire {
    static let details = "gen_ai.client.inference.operation.details"

    static func request(_ records: [[UInt8]]) -> [UInt8] {
        Wire.request(
            Wire.bytes(1, Wire.keyValue(1, "service.name", Wire.string(1, "shop")))
                + Wire.bytes(2, Wire.bytes(1, Wire.string(1, "tests")) + records.flatMap { Wire.bytes(2, $0) }))
    }

    static func ids(trace: [UInt8] = Wire.traceID, span: [UInt8] = Wire.spanID) -> [UInt8] {
        Wire.bytes(9, trace) + Wire.bytes(10, span)
    }

    /// A record with ids and a time, and whatever else.
    static func record(_ eventName: String? = details, _ fields: [UInt8] = []) -> [UInt8] {
        ids() + Wire.fixed64(1, 500) + (eventName.map { Wire.string(12, $0) } ?? []) + fields
    }

    static func jsonRequest(_ records: String...) -> [UInt8] {
        Array(
            (#"{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"#
                + #""scopeLogs":[{"scope":{"name":"tests"},"logRecords":["# + records.joined(separator: ",") + "]}]}]}").utf8)
    }

    static let jsonIDs = #""traceId":"0102030405060708090A0b0c0d0e0f10","spanId":"0102030405060708""#
}
