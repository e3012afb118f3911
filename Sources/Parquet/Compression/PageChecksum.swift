import CZlib

/// The checksum in a page header: CRC-32 with the polynomial of gzip, over the page as it lies in the file (compressed).
enum PageChecksum {
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return Int32(bitPattern: UInt32(truncatingIfNeeded: crc32_z(0, start, bytes.count)))
    }
}
