/// How a body is compressed on the wire: HTTP's content codings, and `deflate` because Python's exporter can send it.
package enum ContentEncoding: String, Sendable, CaseIterable {
    case identity, gzip, deflate, zstd

    /// - Parameter header: the value of `Content-Encoding`; nil or empty is identity. Lists of codings are not read.
    package init(header: String?) throws(IngestError) {
        let name = (header ?? "").lowercased().filter { $0 != " " && $0 != "\t" }
        switch name {
        case "", "identity": self = .identity
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        case "zstd": self = .zstd
        default: throw IngestError(.unsupportedEncoding, "this server reads the content encodings identity, gzip, deflate and zstd")
        }
    }
}

/// OTLP's two body formats.
package enum OTLPContentType: String, Sendable, CaseIterable {
    case protobuf = "application/x-protobuf"
    case json = "application/json"
}
