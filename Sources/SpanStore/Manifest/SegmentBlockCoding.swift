import ByteCoding
import TraceModel

/// Descriptors behind one another in a block of `SegmentTable`. In memory only: never stored, so it may change at will.
///
/// One is flags, the byte counts of ten integers (four bits each, two in a byte), and those integers without leading zero bytes; then what
/// the flags say differs: project, fingerprint, mapping version, row groups, receive day, price version. Times and LSNs stand as distances
/// from one another and from the descriptor before, which wrap around: every descriptor comes back as it was.
enum SegmentBlockCoding {
    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let sameProject = Flags(rawValue: 1), sameFingerprint = Flags(rawValue: 2), sameMapping = Flags(rawValue: 4)
        static let oneRowGroup = Flags(rawValue: 8), dayOfLastRow = Flags(rawValue: 16), noPrices = Flags(rawValue: 32)
        /// That of the block's first descriptor.
        static let firstFingerprint = Flags(rawValue: 64)
    }

    private static let integerCount = 10

    static func encode(_ segments: ArraySlice<SegmentDescriptor>) -> [UInt8] {
        var writer = ByteWriter(reserving: segments.count * 64), previous: SegmentDescriptor?
        let firstFingerprint = segments.first?.schemaFingerprint
        for segment in segments {
            var flags: Flags = []
            if segment.project == previous?.project { flags.insert(.sameProject) }
            if segment.schemaFingerprint == previous?.schemaFingerprint { flags.insert(.sameFingerprint) }
            if previous != nil, segment.schemaFingerprint == firstFingerprint { flags.insert(.firstFingerprint) }
            if segment.mappingVersion == previous?.mappingVersion { flags.insert(.sameMapping) }
            if segment.rowGroupCount == 1 { flags.insert(.oneRowGroup) }
            if segment.receiveDay == CalendarDay.daysSince1970(unixNano: segment.maximumReceivedUnixNano) { flags.insert(.dayOfLastRow) }
            if segment.priceVersion == 0 { flags.insert(.noPrices) }
            writer.integer(flags.rawValue)
            integers(segment, after: previous, into: &writer)
            if !flags.contains(.sameProject) {
                writer.integer(segment.project.high)
                writer.integer(segment.project.low)
            }
            if flags.isDisjoint(with: [.sameFingerprint, .firstFingerprint]) { writer.integer(segment.schemaFingerprint) }
            if !flags.contains(.sameMapping) { writer.integer(segment.mappingVersion) }
            if !flags.contains(.oneRowGroup) { writer.integer(Int64(segment.rowGroupCount)) }
            if !flags.contains(.dayOfLastRow) { writer.integer(segment.receiveDay) }
            if !flags.contains(.noPrices) { writer.integer(segment.priceVersion) }
            previous = segment
        }
        // As large as it is: the writer's has room to grow.
        return writer.bytes.withUnsafeBytes { Array($0) }
    }

    static func decode(_ bytes: [UInt8]) -> [SegmentDescriptor] {
        bytes.withUnsafeBytes { raw in
            var reader = ByteReader(raw), segments: [SegmentDescriptor] = []
            // These bytes were written by `encode` in this process.
            do throws(ByteCodingError) {
                while !reader.isAtEnd { segments.append(try segment(&reader, after: segments.last, first: segments.first)) }
            } catch {
                preconditionFailure("a block of descriptors in memory is damaged")
            }
            return segments
        }
    }

    private static func integers(_ segment: SegmentDescriptor, after previous: SegmentDescriptor?, into writer: inout ByteWriter) {
        let received = segment.minimumReceivedUnixNano, lastReceived = segment.maximumReceivedUnixNano
        let sequence = previous?.project == segment.project ? previous?.sequence ?? 0 : 0
        let values: InlineArray<10, UInt64> = [
            segment.sequence &- sequence, bits(segment.spanRowCount), bits(segment.spanFileByteCount),
            bits(segment.payloadFileByteCount), zigzag(lastReceived &- (previous?.maximumReceivedUnixNano ?? 0)), lastReceived &- received,
            zigzag(received &- segment.minimumStartTimeUnixNano), zigzag(lastReceived &- segment.maximumStartTimeUnixNano),
            segment.minimumLSN, segment.maximumLSN &- segment.minimumLSN,
        ]
        for pair in stride(from: 0, to: integerCount, by: 2) {
            writer.integer(UInt8(byteCount(values[pair]) | byteCount(values[pair + 1]) << 4))
        }
        for index in 0..<integerCount {
            withUnsafeBytes(of: values[index].littleEndian) {
                writer.append(UnsafeRawBufferPointer(rebasing: $0[..<byteCount(values[index])]))
            }
        }
    }

    private static func segment(
        _ reader: inout ByteReader, after previous: SegmentDescriptor?, first: SegmentDescriptor?
    ) throws(ByteCodingError) -> SegmentDescriptor {
        let flags = Flags(rawValue: try reader.integer())
        let counts = try reader.take(integerCount / 2)
        var values = InlineArray<10, UInt64>(repeating: 0)
        for index in 0..<integerCount {
            let bytes = try reader.take(Int(counts[index / 2] >> (index % 2 == 0 ? 0 : 4)) & 15)
            for (place, byte) in bytes.enumerated() { values[index] |= UInt64(byte) &<< UInt64(8 * place) }
        }
        let isSameProject = flags.contains(.sameProject)
        let project =
            if let previous, isSameProject { previous.project } else {
                ProjectID(high: try reader.integer(), low: try reader.integer())
            }
        let fingerprint: UInt64 =
            if let previous, flags.contains(.sameFingerprint) {
                previous.schemaFingerprint
            } else if let first,
                flags.contains(.firstFingerprint)
            { first.schemaFingerprint } else { try reader.integer() }
        let mapping: UInt16 = if let previous, flags.contains(.sameMapping) { previous.mappingVersion } else { try reader.integer() }
        let lastReceived = (previous?.maximumReceivedUnixNano ?? 0) &+ unzigzag(values[4])
        let rowGroupCount: Int64 = flags.contains(.oneRowGroup) ? 1 : try reader.integer()
        let receiveDay: Int32 =
            flags.contains(.dayOfLastRow) ? CalendarDay.daysSince1970(unixNano: lastReceived) : try reader.integer()
        let prices: UInt64 = flags.contains(.noPrices) ? 0 : try reader.integer()
        let received = lastReceived &- values[5]
        return SegmentDescriptor(
            sequence: values[0] &+ (isSameProject ? previous?.sequence ?? 0 : 0), project: project, receiveDay: receiveDay,
            spanRowCount: number(values[1]), spanFileByteCount: number(values[2]), payloadFileByteCount: number(values[3]),
            minimumStartTimeUnixNano: received &- unzigzag(values[6]), maximumStartTimeUnixNano: lastReceived &- unzigzag(values[7]),
            minimumLSN: values[8], maximumLSN: values[8] &+ values[9], minimumReceivedUnixNano: received,
            maximumReceivedUnixNano: lastReceived, schemaFingerprint: fingerprint, mappingVersion: mapping, priceVersion: prices,
            rowGroupCount: Int(rowGroupCount))
    }

    private static func byteCount(_ value: UInt64) -> Int { (64 - value.leadingZeroBitCount + 7) / 8 }
    private static func bits(_ number: Int) -> UInt64 { UInt64(bitPattern: Int64(number)) }
    private static func number(_ bits: UInt64) -> Int { Int(Int64(bitPattern: bits)) }

    /// Of a difference that wrapped around: small for small ones of either sign.
    private static func zigzag(_ difference: UInt64) -> UInt64 { (difference << 1) ^ (0 &- (difference >> 63)) }
    private static func unzigzag(_ value: UInt64) -> UInt64 { (value >> 1) ^ (0 &- (value & 1)) }
}
