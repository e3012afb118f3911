/// Answers of the JSON API.

import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import TraceQuery

extension Response {
    /// JSON text that `write` makes.
    static func json(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], _ write: (inout JSONWriter) throws -> Void) rethrows
        -> Response
    {
        var writer = JSONWriter(reserving: 1024)
        try write(&writer)
        return json(status, headers: headers, bytes: writer.bytes)
    }

    static func json(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], bytes: [UInt8]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A list in the API's one shape: `{"data": [...], "next_cursor": ...}`.
    static func list<Element>(_ elements: [Element], nextCursor: String? = nil, _ write: (inout JSONWriter, Element) -> Void) -> Response {
        json { writer in
            writer.beginObject()
            writer.key("data")
            writer.beginArray()
            for element in elements { write(&writer, element) }
            writer.endArray()
            writer.member("next_cursor", nextCursor)
            writer.endObject()
        }
    }
}

extension JSONWriter {
    /// Null when absent.
    mutating func member(_ name: String, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    mutating func member(_ name: String, _ value: Double?) {
        key(name)
        if let value { double(value) } else { null() }
    }

    mutating func member<Value: BinaryInteger>(_ name: String, _ value: Value?) {
        key(name)
        if let value { integer(value) } else { null() }
    }

    /// RFC 3339 with nanoseconds, null when absent.
    mutating func member(_ name: String, unixNano: Int64?) {
        key(name)
        if let unixNano { string(TimeText.rfc3339(unixNano)) } else { null() }
    }

    mutating func member(_ name: String, _ values: [String]) {
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }
}
