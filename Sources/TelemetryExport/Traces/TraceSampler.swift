/// Which traces are exported: those whose caller sampled them, and of those begun here a given part.

import TraceModel

struct TraceSampler: Sendable {
    /// Trace ids whose lower seven bytes are below it are sampled, so that servers with the same ratio agree on a trace.
    private let threshold: UInt64

    private static let idSpace: UInt64 = 1 << 56

    /// - Parameter ratio: 0 to 1.
    init(ratio: Double) { threshold = UInt64(ratio * Double(Self.idSpace)) }

    func samples(_ id: TraceID) -> Bool { id.low & (Self.idSpace - 1) < threshold }

    /// A span's place in its trace; nil when it is not sampled.
    ///
    /// - Parameter parent: the span of the caller, whose decision counts.
    func place(under parent: TraceParent?) -> SpanPlace? {
        guard let parent else {
            let traceID = TraceID.random()
            guard samples(traceID) else { return nil }
            return SpanPlace(traceID: traceID, parentSpanID: .none, flags: SpanPlace.knowsParent | Self.rootFlags)
        }
        guard parent.isSampled else { return nil }
        return SpanPlace(
            traceID: parent.traceID, parentSpanID: parent.spanID,
            flags: SpanPlace.knowsParent | SpanPlace.parentIsRemote | UInt32(parent.flags))
    }

    private static let rootFlags = UInt32(TraceParent.sampledFlag | TraceParent.randomFlag)
}

struct SpanPlace: Equatable {
    var traceID: TraceID
    var parentSpanID: SpanID
    /// OTLP's `Span.flags`.
    var flags: UInt32

    /// Bits 8 and 9 of `Span.flags`: it is known whether the parent is in another process, and it is.
    static let knowsParent: UInt32 = 0x100
    static let parentIsRemote: UInt32 = 0x200
}
