/// The ids of the traces that a filter lists, newest first, page by page: what comes in meanwhile stands before them all.

import ByteCoding
import NIOHTTP1

struct TraceListing {
    let server: TransferServer
    var filter: String?
    var from: String?
    var to: String?
    private var cursor: String?
    private var isDone = false

    init(server: TransferServer, filter: String?, from: String?, to: String?) {
        self.server = server
        self.filter = filter
        self.from = from
        self.to = to
    }

    private static let pageCount = 200

    private var query: String {
        var query = ""
        for (name, value) in [("filter", filter), ("from", from), ("to", to)] {
            if let value { query += "&\(name)=\(URLText.encoded(value))" }
        }
        return query
    }

    /// How many there are now; nil where the server does not say.
    func count() async -> Int? {
        let answer = try? await server.json(.GET, "/api/v1/traces/histogram?" + query.dropFirst())
        return answer?["trace_count"]?.integerValue.map { Int($0) }
    }

    /// The next ids; nil behind the last.
    mutating func next() async throws -> [String]? {
        guard !isDone else { return nil }
        let place = cursor.map { "&cursor=\(URLText.encoded($0))" } ?? ""
        let page = try await server.json(.GET, "/api/v1/traces?fields=trace_id&limit=\(Self.pageCount)" + query + place)
        cursor = page["next_cursor"]?.stringValue
        isDone = cursor == nil
        return (page["data"]?.arrayValue ?? []).compactMap { $0["trace_id"]?.stringValue }
    }
}

/// Texts as parts of a URL's query (RFC 3986): everything but letters, digits and `-._~` is escaped.
enum URLText {
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(scalar)
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
