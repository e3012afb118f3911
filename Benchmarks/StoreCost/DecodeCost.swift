import GenAIConventions
import OTLP
import TraceModel

/// Bodies decoded and mapped on one thread, nothing kept: what `valgrind --tool=callgrind` counts instructions of.
enum DecodeCost {
    static func measure(_ bodies: Bodies, rounds: Int) throws -> String {
        var spanCount = 0
        var used = Usage(cpuSeconds: 0, allocationCount: 0, allocatedByteCount: 0)
        for _ in 0..<rounds {
            for path in bodies.paths {
                let body = try bodies.body(path)
                let before = Usage.now
                var batch = try ExportTraceRequestDecoder.decodeProtobuf(body)
                let fields = AttributeMapping.current.apply(to: &batch)
                let part = Usage.now - before
                spanCount += min(batch.spanCount, fields.kinds.count)
                used.cpuSeconds += part.cpuSeconds
                used.allocationCount += part.allocationCount
                used.allocatedByteCount += part.allocatedByteCount
            }
        }
        return """
            {"spans": \(spanCount), "cpu_microseconds_per_span": \(used.cpuSeconds * 1e6 / Double(spanCount)), \
            "allocations_per_span": \(Double(used.allocationCount) / Double(spanCount)), \
            "allocated_bytes_per_span": \(Double(used.allocatedByteCount) / Double(spanCount))}
            """
    }
}
