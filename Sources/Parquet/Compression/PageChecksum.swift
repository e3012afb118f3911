import CLibdeflate

/// The checksum in a page header: CRC-32 with the polynomial of gzip, over the page as it lies in the file (compressed).
enum PageChecksum {
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        // Of no bytes at all the library is not asked: for a null pointer it answers the start value of another call.
        bytes.isEmpty ? 0 : Int32(bitPattern: libdeflate_crc32(0, bytes.baseAddress, bytes.count))
    }
}
