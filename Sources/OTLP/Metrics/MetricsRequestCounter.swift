import ByteCoding

/// Counts the data points of a metrics export request: all that is wanted of metrics, which are not stored.
///
///     ExportMetricsServiceRequest  1* resource_metrics
///     ResourceMetrics              2* scope_metrics
///     ScopeMetrics                 2* metrics
///     Metric                       one of 5 gauge  7 sum  9 histogram  10 exponential_histogram  11 summary, each with 1* data_points
package enum MetricsRequestCounter {
    /// Of an `ExportMetricsServiceRequest` in protobuf.
    package static func countProtobuf(_ body: [UInt8]) throws(OTLPError) -> Int {
        do throws(SpanFault) {
            return try body.withUnsafeBufferPointer { (bytes) throws(SpanFault) in
                var count = 0
                try forEach([1, 2, 2], in: WireCursor(UnsafeRawBufferPointer(bytes), shift: 0)) { metric throws(SpanFault) in
                    var cursor = metric
                    while cursor.hasMore {
                        let tag = try cursor.tag()
                        switch tag {
                        case 5 << 3 | 2, 7 << 3 | 2, 9 << 3 | 2, 10 << 3 | 2, 11 << 3 | 2:
                            try forEach([1], in: try cursor.message()) { _ in count += 1 }
                        default: try cursor.skip(tag, known: 13...13)
                        }
                    }
                }
                return count
            }
        } catch {
            throw OTLPError(
                .malformedProtobuf,
                "the body is no ExportMetricsServiceRequest: a field is truncated or of the wrong type. "
                    + "Is it compressed without Content-Encoding, or JSON sent as application/x-protobuf?")
        }
    }

    /// Messages reached by a path of field numbers.
    private static func forEach(
        _ path: [UInt32], in message: WireCursor, _ body: (WireCursor) throws(SpanFault) -> Void
    ) throws(SpanFault) {
        guard let field = path.first else { return try body(message) }
        var cursor = message
        while cursor.hasMore {
            let tag = try cursor.tag()
            if tag == field << 3 | 2 {
                try forEach(Array(path.dropFirst()), in: try cursor.message(), body)
            } else {
                try cursor.skip(tag, known: field...field)
            }
        }
    }

    /// Of an `ExportMetricsServiceRequest` in JSON.
    package static func countJSON(_ body: [UInt8]) throws(OTLPError) -> Int {
        do throws(JSONError) {
            return try body.withUnsafeBufferPointer { (bytes) throws(JSONError) in
                var scanner = JSONScanner(UnsafeRawBufferPointer(bytes), maximumDepth: OTLPLimits.maximumJSONDepth)
                var count = 0
                try scanner.forEach(["resourceMetrics", "scopeMetrics", "metrics"]) { metric throws(JSONError) in
                    try metric.beginObject()
                    while let key = try metric.nextKey() {
                        let isData = Self.dataNames.contains { metric.matches(key, $0) }
                        guard isData, try metric.peek() != .null else {
                            try metric.skipValue()
                            continue
                        }
                        try metric.forEach(["dataPoints"]) { point throws(JSONError) in
                            try point.skipValue()
                            count += 1
                        }
                    }
                }
                try scanner.finish()
                return count
            }
        } catch {
            throw OTLPError(
                .malformedJSON, "the body is no ExportMetricsServiceRequest in JSON: \(error.message)", byteOffset: error.byteOffset)
        }
    }

    private static let dataNames: [StaticString] = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"]
}

extension JSONScanner {
    /// Reads an object; `body` reads each element of the list that a path of list members leads to.
    fileprivate mutating func forEach(
        _ path: [StaticString], _ body: (inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard let name = path.first else { return try body(&self) }
        try beginObject()
        while let key = try nextKey() {
            guard matches(key, name), try peek() != .null else {
                try skipValue()
                continue
            }
            try beginArray()
            while try nextElement() { try forEach(Array(path.dropFirst()), body) }
        }
    }
}
