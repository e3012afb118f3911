/// Pages taken out of a file as they are compressed, for another file.
extension ParquetFile {
    /// A data page of a required flat leaf, its checksum held against its bytes.
    package func encodedPage(
        rowGroup: Int, leaf: Int, page: Int, offsetIndex: OffsetIndex, context: ParquetReadContext
    ) throws(ParquetError) -> EncodedPage {
        let reader = try chunkReader(rowGroup, leaf, context)
        let path = reader.leaf.path
        guard reader.leaf.isFlat, reader.leaf.maximumDefinitionLevel == 0 else { throw .invalid("\(path): only required flat leaves") }
        guard offsetIndex.pages.indices.contains(page) else { throw .invalid("page \(page) of \(offsetIndex.pages.count)") }
        let location = offsetIndex.pages[page]
        defer { withExtendedLifetime(context) {} }
        let (header, body) = try reader.page(in: try context.read(source, at: location.offset, byteCount: location.byteCount))
        guard case .data(let entryCount, let encoding, _, _) = header.kind else {
            throw .unsupported("\(path): a page that is not a data page, version 1")
        }
        return EncodedPage(
            valueCount: entryCount, rowCount: entryCount, uncompressedByteCount: header.uncompressedByteCount, compressed: Array(body),
            encoding: encoding, codec: reader.chunk.codec, checksum: header.checksum ?? PageChecksum.checksum(body))
    }
}
