import OTLP
import Testing

@testable import TelemetryExport

/// Whole requests are read with opentelemetry-proto in Tests/Integration/test_telemetry_export.py.
@Suite("Metrics as OTLP")
struct ExportMetricsRequestEncoderTests {
    private let identity = ServiceIdentity(version: "1")

    private func encoded(_ change: (inout MetricReport) -> Void) -> [UInt8] {
        var report = MetricReport()
        change(&report)
        return ExportMetricsRequestEncoder(identity: identity, startTimeUnixNano: 0x0102).encode(report, timeUnixNano: 0x0304)
    }

    /// A request with one metric of these bytes.
    private func request(metric: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.message(1) { writer in
            writer.content(1, identity.resource)
            writer.message(2) { writer in
                writer.content(1, identity.scope)
                writer.message(2, metric)
            }
        }
        return writer.bytes
    }

    private static let start: [UInt8] = [0x11, 2, 1, 0, 0, 0, 0, 0, 0]
    private static let time: [UInt8] = [0x19, 4, 3, 0, 0, 0, 0, 0, 0]
    private static let zero = [UInt8](repeating: 0, count: 8)

    @Test("a counter is a cumulative, monotonic sum since the start")
    func counter() {
        let bytes = encoded { $0.counter("written_bytes_total", "Bytes.", 0) }
        let expected = request { writer in
            writer.string(1, "written_bytes_total")
            writer.string(2, "Bytes.")
            writer.string(3, "By")
            writer.content(7, [0x0a, 27] + Self.start + Self.time + [0x21] + Self.zero + [0x10, 2, 0x18, 1])
        }
        #expect(bytes == expected)
    }

    @Test("a gauge has labels and no start")
    func gauge() {
        let bytes = encoded { $0.family("open", .gauge, "Open.", [([("a", "b")], 0)]) }
        let expected = request { writer in
            writer.string(1, "open")
            writer.string(2, "Open.")
            writer.content(5, [0x0a, 28] + Self.time + [0x21] + Self.zero + [0x3a, 8, 0x0a, 1, 0x61, 0x12, 3, 0x0a, 1, 0x62])
        }
        #expect(bytes == expected)
    }

    @Test("a histogram's buckets are not cumulative")
    func histogram() {
        let bytes = encoded { $0.histograms("d_seconds", "D.", bounds: [0], [([], [1, 2], 0)]) }
        let expected = request { writer in
            writer.string(1, "d_seconds")
            writer.string(2, "D.")
            writer.string(3, "s")
            let point: [UInt8] =
                Self.start + Self.time + [0x21, 3, 0, 0, 0, 0, 0, 0, 0] + [0x29] + Self.zero
                + [0x32, 16, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0] + [0x3a, 8] + Self.zero
            writer.content(9, [0x0a, UInt8(point.count)] + point + [0x10, 2])
        }
        #expect(bytes == expected)
    }

    @Test("a unit is the one that Prometheus wants in the name")
    func units() {
        #expect(ExportMetricsRequestEncoder.unit(of: "process_cpu_seconds_total") == "s")
        #expect(ExportMetricsRequestEncoder.unit(of: "spandrel_wal_bytes") == "By")
        #expect(ExportMetricsRequestEncoder.unit(of: "spandrel_ingest_bytes_in_flight") == "")
    }
}
