/// The server's own traces and metrics as a service: what the rooms tell goes to the exporter, which ends after everything that is told of.

import ServiceLifecycle
import SpanStore
import TelemetryExport
import TraceModel

struct OwnTelemetry: Service {
    let exporter: TelemetryExporter
    let report: @Sendable () async -> MetricReport

    func run() async throws {
        await withGracefulShutdownHandler {
            await exporter.run(report)
        } onGracefulShutdown: {
            exporter.shutDown()
        }
    }
}

extension TelemetryExporter {
    func record(_ seal: MemtableSeal) {
        record(
            BackgroundWork(
                name: "sealMemtable", startTimeUnixNano: seal.startTimeUnixNano, endTimeUnixNano: seal.endTimeUnixNano,
                attributes: [
                    KeyValue("spandrel.project_id", .string(seal.project.uuid)),
                    KeyValue("spandrel.span_count", .int(Int64(seal.spanCount))),
                ], isFailure: seal.isFailure))
    }
}
