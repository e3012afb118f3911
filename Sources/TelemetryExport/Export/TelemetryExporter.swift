/// Sends the server's own spans and metrics to a collector: the shell around `ExportQueue`. Whoever records a span only puts it into the
/// queue; one task sends.

import ByteCoding
import CurlClient
import HTTPServer
import Logging
import OTLP
import Synchronization
import TraceModel

package final class TelemetryExporter: Sendable {
    private struct State {
        var queue = ExportQueue<SpanRecord>()
        var counts = TelemetryCounts()
        /// Signals whose last request was not taken: told once, and once when it is over.
        var failing: Set<TelemetrySender.Signal> = []
        var cutOff: Task<Void, Never>?
    }

    private let maker: SpanMaker
    private let sender: TelemetrySender
    private let metricsEncoder: ExportMetricsRequestEncoder
    private let metricInterval: Duration
    private let logger: Logger
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    package init(_ configuration: TelemetryConfiguration, identity: ServiceIdentity, logger: Logger) {
        maker = SpanMaker(identity: identity, sampler: TraceSampler(ratio: configuration.sampleRatio))
        sender = TelemetrySender(client: CurlClient(), configuration: configuration, identity: identity)
        metricsEncoder = ExportMetricsRequestEncoder(identity: identity, startTimeUnixNano: WallClock.nowUnixNano())
        metricInterval = configuration.metricInterval
        self.logger = logger
        (wakeUps, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var counts: TelemetryCounts {
        state.withLock { state in
            var counts = state.counts
            counts.queuedSpanCount = state.queue.waitingCount
            return counts
        }
    }

    package func record(_ request: FinishedRequest) { enqueue(maker.span(of: request)) }

    package func record(_ work: BackgroundWork) { enqueue(maker.span(of: work)) }

    private func enqueue(_ span: SpanRecord?) {
        guard let span else { return }
        let admission = state.withLock { state in
            let admission = state.queue.add(span, at: .now)
            if admission == .full { state.counts.droppedSpanCounts[.queueFull, default: 0] += 1 }
            return admission
        }
        if admission == .wakes { wake.yield() }
    }

    /// Exports until `shutDown` was called and what was left is sent, or time is up. To be called once.
    ///
    /// - Parameter report: what `/metrics` shows now.
    package func run(_ report: @escaping @Sendable () async -> MetricReport) async {
        await withTaskGroup { group in
            group.addTask { [self] in
                while (try? await Task.sleep(for: metricInterval)) != nil { await send(await report()) }
            }
            await sendSpans()
            group.cancelAll()
        }
        await send(await report())
        state.withLock { $0.cutOff }?.cancel()
        sender.client.close()
    }

    /// No more spans will come: sends what is left, within `TelemetryLimits.flushTimeout`.
    package func shutDown() {
        let deadline = ContinuousClock.now + TelemetryLimits.flushTimeout
        let cutOff = Task { [sender] in
            guard (try? await Task.sleep(until: deadline)) != nil else { return }
            // Ends the request that is under way; later ones end at once.
            sender.client.close()
        }
        state.withLock { state in
            state.queue.shutDown(by: deadline)
            state.cutOff = cutOff
        }
        wake.yield()
    }

    private func sendSpans() async {
        var timer: Task<Void, Never>?
        wake.yield()
        for await _ in wakeUps {
            timer?.cancel()
            takeSteps: while true {
                switch state.withLock({ $0.queue.step(at: .now) }) {
                case .send(let spans):
                    note(await sender.send(ExportTraceRequestEncoder.encode(spans), .traces))
                case .wait(let instant):
                    timer = instant.map { instant in
                        Task { [wake] in if (try? await Task.sleep(until: instant)) != nil { wake.yield() } }
                    }
                    break takeSteps
                case .end(let leftCount):
                    state.withLock { $0.counts.droppedSpanCounts[.shutdown, default: 0] += leftCount }
                    if leftCount > 0 { logger.warning("spans of the server itself were not exported", metadata: ["spans": "\(leftCount)"]) }
                    return
                }
            }
        }
        timer?.cancel()
    }

    private func note(_ outcome: SendOutcome) {
        state.withLock { state in
            switch state.queue.ended(outcome, at: .now, jitter: .random(in: 0.5...1.5)) {
            case .exported(let count, let rejectedCount):
                state.counts.exportedSpanCount += count
                state.counts.droppedSpanCounts[.rejected, default: 0] += rejectedCount
            case .dropped(let count, let reason): state.counts.droppedSpanCounts[reason, default: 0] += count
            case .willBeSentAgain: break
            }
        }
        tell(outcome, .traces)
    }

    /// Not sent again: the next report holds all that this one does.
    private func send(_ report: MetricReport) async {
        let outcome = await sender.send(metricsEncoder.encode(report, timeUnixNano: WallClock.nowUnixNano()), .metrics)
        // Cut short by the shutdown, which sends the last report.
        if Task.isCancelled { return }
        if case .taken = outcome { state.withLock { $0.counts.exportedReportCount += 1 } }
        tell(outcome, .metrics)
    }

    /// Counts a failure; logs the first of a row, and the success after it.
    private func tell(_ outcome: SendOutcome, _ signal: TelemetrySender.Signal) {
        switch outcome {
        case .taken:
            guard state.withLock({ $0.failing.remove(signal) != nil }) else { return }
            logger.info("the server's own telemetry is exported again", metadata: ["signal": "\(signal)"])
        case .later(_, let reason), .refused(let reason):
            let isFirst = state.withLock { state in
                state.counts.failedSendCounts[signal, default: 0] += 1
                return state.failing.insert(signal).inserted
            }
            guard isFirst else { return }
            logger.warning("the server's own telemetry is not exported", metadata: ["signal": "\(signal)", "reason": "\(reason)"])
        }
    }
}
