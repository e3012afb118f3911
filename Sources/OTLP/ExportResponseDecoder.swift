/// What a collector says to an export request: how much of it was rejected for good.
///
///     Export{Trace,Metrics,Logs}ServiceResponse   1 partial_success { 1 rejected count  2 error_message }

package enum ExportResponseDecoder {
    /// The rejected spans, data points or log records; zero when everything was taken.
    package static func rejectedCount(_ body: [UInt8]) throws(OTLPError) -> Int {
        try AttributeValueDecoder.decoding("ExportServiceResponse") { () throws(SpanFault) in
            try body.withUnsafeBufferPointer { bytes throws(SpanFault) in
                var count = 0
                var cursor = WireCursor(UnsafeRawBufferPointer(bytes), shift: 0)
                while cursor.hasMore {
                    let tag = try cursor.tag()
                    switch tag {
                    case 1 << 3 | 2: count = try rejectedCount(in: try cursor.message())
                    default: try cursor.skip(tag, known: 1...1)
                    }
                }
                return count
            }
        }
    }

    private static func rejectedCount(in partialSuccess: WireCursor) throws(SpanFault) -> Int {
        var cursor = partialSuccess
        var count = 0
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 0: count = Int(clamping: Int64(bitPattern: try cursor.varint()))
            case 2 << 3 | 2: _ = try cursor.message()
            default: try cursor.skip(tag, known: 1...2)
            }
        }
        return count
    }
}
