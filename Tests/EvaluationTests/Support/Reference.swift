import ByteCoding
import Foundation
import Testing

/// The values of Reference/reference.json, which SciPy and statsmodels made: Reference/make_reference.py.
enum Reference {
    static let document: JSONValue = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = (try? Data(contentsOf: folder.appendingPathComponent("Reference/reference.json"))) ?? Data()
        return (try? JSONValue.parse([UInt8](data))) ?? .null
    }()

    /// The rows of a table, each a list of numbers; at least one.
    static func rows(_ name: String) throws -> [[Double]] {
        let rows = try #require(document[name]?.arrayValue?.map { $0.arrayValue?.compactMap(\.doubleValue) ?? [] })
        try #require(!rows.isEmpty)
        return rows
    }

    static func objects(_ name: String) throws -> [JSONValue] {
        let objects = try #require(document[name]?.arrayValue)
        try #require(!objects.isEmpty)
        return objects
    }
}

/// Equal to so many parts of the greater of the two, or both as good as zero.
func isClose(_ a: Double, _ b: Double, relative: Double = 1e-10, absolute: Double = 1e-14) -> Bool {
    abs(a - b) <= max(absolute, relative * max(abs(a), abs(b)))
}
