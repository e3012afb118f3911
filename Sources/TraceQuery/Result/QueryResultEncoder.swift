import ByteCoding

/// An answer as JSON:
///
///     {"columns":[{"name":"model","type":"string"},...],"data":[{"model":"gpt-5",...},...],"row_count":1,
///      "next_cursor":null,"truncated":false,"explain":{...}}
///
/// Times are RFC 3339 with nanoseconds; `explain` is there when it was asked for.
package enum QueryResultEncoder {
    package static func encode(_ result: QueryResult) -> [UInt8] {
        var writer = JSONWriter(reserving: 256 + result.rows.count * result.columns.count * 24)
        write(result, to: &writer)
        return writer.bytes
    }

    package static func write(_ result: QueryResult, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("columns")
        writer.beginArray()
        for column in result.columns {
            writer.beginObject()
            writer.member("name", column.name)
            writer.member("type", column.type)
            writer.endObject()
        }
        writer.endArray()
        writeRows(result, to: &writer)
        writer.member("row_count", result.rows.count)
        writer.key("next_cursor")
        if let cursor = result.nextCursor { writer.string(cursor) } else { writer.null() }
        writer.member("truncated", result.isTruncated)
        if let explanation = result.explanation {
            writer.key("explain")
            explanation.write(to: &writer)
        }
        writer.endObject()
    }

    private static func writeRows(_ result: QueryResult, to writer: inout JSONWriter) {
        writer.key("data")
        writer.beginArray()
        for row in result.rows {
            writer.beginObject()
            for (column, value) in zip(result.columns, row) {
                writer.key(column.name)
                value.write(to: &writer)
            }
            writer.endObject()
        }
        writer.endArray()
    }
}
