/// Which traces a rate takes: a draw that is the same whenever and by whomever it is repeated.

import ByteCoding
import TraceModel

/// The hash of rule and trace as a number from 0 to 1 (exclusive), held against the rate. All spans of a trace share it; whatever a lower rate
/// took, a higher one takes; two rules draw independently.
package struct SamplingDraw: Equatable, Sendable {
    /// From 0 up to, and without, 1.
    package let value: Double

    /// `source`: the bits of the rule's or backfill's id.
    package init(source: (high: UInt64, low: UInt64), trace: TraceID) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for number in [source.high, source.low, trace.high, trace.low] { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }
        let hash = bytes.withUnsafeBytes { ContentHash(of: $0, seed: Self.seed) }
        value = Double(hash.high >> 11) * 0x1p-53
    }

    package func isTaken(rate: Double) -> Bool { value < rate }

    /// Never changes: a span that is seen again after an update of the program is drawn alike.
    private static let seed: UInt64 = 0x5350_414e_4452_454c
}
