import Testing

import Ingest

@Suite("Content encodings")
struct ContentEncodingTests {
    @Test("names are read whatever their case and spaces")
    func names() throws {
        #expect(try ContentEncoding(header: nil) == .identity)
        #expect(try ContentEncoding(header: "") == .identity)
        #expect(try ContentEncoding(header: "Identity") == .identity)
        #expect(try ContentEncoding(header: " GZIP ") == .gzip)
        #expect(try ContentEncoding(header: "x-gzip") == .gzip)
        #expect(try ContentEncoding(header: "deflate") == .deflate)
        #expect(try ContentEncoding(header: "zstd") == .zstd)
    }

    @Test("other codings and lists of codings are refused", arguments: ["br", "gzip, gzip", "snappy", "gzip;q=1"])
    func refused(header: String) {
        let error = #expect(throws: IngestError.self) { try ContentEncoding(header: header) }
        #expect(error?.code == .unsupportedEncoding)
    }
}
