/// Export requests as bytes, written by hand: the tests of the receiver shall not lean on the decoder's own helpers.

package enum OTLPBodies {
    package static let traceID: [UInt8] = Array(1...16)

    package static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { [number << 3 | 2] + varint(content.count) + content }

    package static func varint(_ value: Int) -> [UInt8] {
        var rest = value, bytes: [UInt8] = []
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) & 0x7f | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(truncatingIfNeeded: rest)]
    }

    /// A `Span` message: ids, a name, a start and an end.
    package static func span(number: UInt8, traceID: [UInt8] = traceID, name: String = "span") -> [UInt8] {
        func time(_ field: UInt8, _ nanoseconds: UInt64) -> [UInt8] {
            [field << 3 | 1] + withUnsafeBytes(of: nanoseconds.littleEndian) { Array($0) }
        }
        return field(1, traceID) + field(2, [0, 0, 0, 0, 0, 0, 0, number]) + field(5, Array(name.utf8)) + time(7, 1_790_000_000_000_000_000)
            + time(8, 1_790_000_000_500_000_000)
    }

    /// An `ExportTraceServiceRequest` with one resource and one scope.
    package static func request(_ spans: [[UInt8]]) -> [UInt8] { field(1, field(2, spans.flatMap { field(2, $0) })) }

    /// The same in JSON: spans of these numbers in the trace of `traceID`.
    package static func json(_ numbers: [UInt8], name: String = "span", attributes: String = "[]") -> String {
        let trace = "0102030405060708090a0b0c0d0e0f10"
        let spans = numbers.map { number in
            #"{"traceId":"\#(trace)","spanId":"00000000000000\#(number < 16 ? "0" : "")\#(String(number, radix: 16))","name":"\#(name)","kind":1,"#
                + #""startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000000500000000","attributes":\#(attributes)}"#
        }
        return #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#
    }
}
