/// The style sheets, modules and pictures of the pages: their bytes, packed once, under paths that change with the content of any of them.
///
///     /assets/{hash}/css/tokens.css      {hash}: of all assets together, so that `import "./x.js"` finds its neighbour of the same build

import ByteCoding
import CZlib
import Crypto

struct AssetLibrary: Sendable {
    struct Asset: Sendable {
        let contentType: String
        let bytes: [UInt8]
        /// Nil where it would be no smaller.
        let gzip: [UInt8]?
    }

    /// 16 hex digits.
    let hash: String
    private let assets: [String: Asset]

    init(_ resources: [EmbeddedResource] = EmbeddedResource.assets) {
        var digest = SHA256()
        var assets: [String: Asset] = [:]
        for resource in resources.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            let bytes = resource.bytes
            digest.update(data: Array("\(resource.path)\n\(bytes.count)\n".utf8) + bytes)
            let packed = Gzip.pack(bytes)
            assets[resource.path] = Asset(
                contentType: Self.contentType(resource.path), bytes: bytes, gzip: packed.count < bytes.count ? packed : nil)
        }
        self.assets = assets
        hash = digest.finalize().prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// What the paths of this build's assets begin with.
    var root: String { "/assets/" + hash }

    subscript(path: String) -> Asset? { assets[path] }

    var paths: [String] { assets.keys.sorted() }

    private static func contentType(_ path: String) -> String {
        switch path.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "json", "webmanifest": "application/json"
        default: "application/octet-stream"
        }
    }
}

/// Packing for browsers (RFC 1952): once for each asset, and each page as it goes out.
enum Gzip {
    /// The bytes themselves when zlib cannot: no smaller, so that they are sent as they are.
    static func pack(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
        var stream = z_stream()
        // 15 bits of window, and 16 for the gzip frame.
        guard
            deflateInit2_(&stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return bytes }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        return status == Z_STREAM_END ? Array(output.prefix(Int(stream.total_out))) : bytes
    }
}
