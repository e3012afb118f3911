/// Vectors and lists of trace ids as columns hold them: numbers of fixed length, one after the other.

import TraceModel

enum FeatureBytes {
    /// 32-bit floats, little-endian.
    static func bytes(of vector: some Sequence<Float>) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in vector { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
        return bytes
    }

    static func vector(_ bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { start in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
            }
        }
    }

    static func bytes(of traceIDs: [TraceID]) -> [UInt8] { traceIDs.flatMap { $0.bytes } }

    static func traceIDs(_ bytes: [UInt8]) -> [TraceID] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - bytes.count % 16, by: 16).map { start in
                TraceID(
                    high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)))
            }
        }
    }
}
