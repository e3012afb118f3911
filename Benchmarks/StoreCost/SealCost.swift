import GenAIConventions
import OTLP
import SpanStore
import TraceModel

/// Bodies through the whole store: decoded, mapped, appended (durably, four at a time) and sealed.
enum SealCost {
    static let project = ProjectID(high: 1, low: 1)
    private static let laneCount = 4

    static func measure(_ bodies: Bodies, root: String) async throws -> String {
        let store = try SpanStore.open(StoreConfiguration(root: root))
        let before = Usage.now
        let spanCount = try await withThrowingTaskGroup(of: Int.self) { group in
            for lane in 0..<laneCount {
                group.addTask {
                    var count = 0
                    for index in stride(from: lane, to: bodies.paths.count, by: laneCount) {
                        var batch = try ExportTraceRequestDecoder.decodeProtobuf(try bodies.body(bodies.paths[index]))
                        let fields = AttributeMapping.current.apply(to: &batch)
                        count += batch.spanCount
                        let request = AppendRequest(
                            project: project, batch: batch, fields: fields, codec: .otlpProtobuf, reply: StoredReply())
                        _ = try await append(request, to: store)
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let appended = Usage.now - before
        // What no sender waits for: compression, and the seals that began meanwhile.
        let background = Double(store.statistics.backgroundCPUNanoseconds.values.reduce(0, +)) / 1e9
        _ = try await store.seal()
        let sealed = Usage.now - before
        let bytes = store.files(of: project).reduce(into: (spans: 0, payloads: 0)) {
            $0.spans += $1.descriptor.spanFileByteCount
            $0.payloads += $1.descriptor.payloadFileByteCount
        }
        await store.close()
        let spans = Double(spanCount), atAck = appended.cpuSeconds - background
        return """
            {"spans": \(spanCount), "cpu_microseconds_per_span_at_ack": \(atAck * 1e6 / spans), \
            "spans_per_cpu_second_at_ack": \(Int(spans / atAck)), \
            "cpu_microseconds_per_span": \(sealed.cpuSeconds * 1e6 / spans), "spans_per_cpu_second": \(Int(spans / sealed.cpuSeconds)), \
            "allocations_per_span": \(Double(sealed.allocationCount) / spans), \
            "span_bytes_per_span": \(Double(bytes.spans) / spans), "payload_bytes_per_span": \(Double(bytes.payloads) / spans)}
            """
    }

    /// A store that is busy is asked again, as an exporter would.
    private static func append(_ request: AppendRequest, to store: SpanStore) async throws -> AppendOutcome {
        while true {
            do throws(StoreError) { return try await store.append(request) } catch {
                guard error.code == .busy || error.code == .full else { throw error }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
