/// A file of spans as export requests, in their order: OTLP protobuf, OTLP JSON, JSON lines, or the spans file of a segment.

import ByteCoding
import FileSystem
import OTLP
import SpanStore
import TraceModel

/// One request out of a file.
struct ImportRequest {
    var body: [UInt8]
    var contentType: String
    /// Where the file goes on behind it; what kind of number it is, is the file's own.
    var endPosition: Int
}

/// A file that is read request by request, from any place on where a request ended.
protocol ImportFile {
    /// What positions count up to.
    var endPosition: Int { get }
    /// The request at a position; nil at the end.
    func request(at position: Int) throws -> ImportRequest?
}

enum ImportFiles {
    /// As large as a body that a server takes.
    static let maximumBodyByteCount = 64 << 20
    static let json = "application/json"
    static let protobuf = "application/x-protobuf"

    /// Nil for the payloads file of a pair: it is read with its spans file. Errors: what kind of file it is cannot be told.
    static func open(_ path: String) throws -> (any ImportFile)? {
        let fileSystem = LocalFileSystem()
        let file = try fileSystem.open(path, .read)
        let head = try file.read(count: 4096, at: 0)
        guard !head.isEmpty else { throw CommandFailure("\(path) is empty") }
        if head.starts(with: "PAR1".utf8) {
            file.close()
            if path.hasSuffix(".payloads.parquet") || path.contains("/payloads/project=") { return nil }
            let payloads = SegmentPair.payloadsPath(ofSpans: path)
            let hasPayloads = try payloads.map { try fileSystem.exists($0) } ?? false
            return try SegmentImportFile(
                SegmentReader(spansPath: path, payloadsPath: hasPayloads ? payloads : nil, fileSystem: fileSystem), path: path)
        }
        let first = head.first { $0 > 0x20 }
        if first == UInt8(ascii: "{") {
            let lines = try JSONLinesImportFile(file, path: path)
            // A document that is spread over lines begins with one that is not JSON by itself.
            if try lines.isLineWise() { return lines }
            return try WholeImportFile(file, path: path, contentType: json)
        }
        return try WholeImportFile(file, path: path, contentType: protobuf)
    }
}

/// A request that is the file.
struct WholeImportFile: ImportFile {
    private let file: any File
    private let contentType: String
    let endPosition: Int

    init(_ file: any File, path: String, contentType: String) throws {
        self.file = file
        self.contentType = contentType
        endPosition = try file.size()
        guard endPosition <= ImportFiles.maximumBodyByteCount else {
            throw CommandFailure("\(path) is one request of \(endPosition) bytes; a server takes \(ImportFiles.maximumBodyByteCount)")
        }
    }

    func request(at position: Int) throws -> ImportRequest? {
        guard position < endPosition else { return nil }
        return ImportRequest(body: try file.read(count: endPosition, at: 0), contentType: contentType, endPosition: endPosition)
    }
}

/// A request a line. Positions are byte offsets.
struct JSONLinesImportFile: ImportFile {
    private let file: any File
    private let path: String
    let endPosition: Int

    init(_ file: any File, path: String) throws {
        self.file = file
        self.path = path
        endPosition = try file.size()
    }

    /// Whether the first line is a whole JSON value and not the only thing in the file that could be one.
    func isLineWise() throws -> Bool {
        guard let first = try line(at: 0) else { return false }
        return (try? JSONValue.parse(first.body)) != nil
    }

    func request(at position: Int) throws -> ImportRequest? {
        var position = position
        while let line = try line(at: position) {
            position = line.endPosition
            if line.body.contains(where: { $0 > 0x20 }) { return line }
        }
        return nil
    }

    private func line(at position: Int) throws -> ImportRequest? {
        guard position < endPosition else { return nil }
        var bytes: [UInt8] = []
        while bytes.count <= ImportFiles.maximumBodyByteCount {
            let step = try file.read(count: Self.stepByteCount, at: position + bytes.count)
            if let end = step.firstIndex(of: UInt8(ascii: "\n")) {
                bytes += step[..<end]
                return ImportRequest(body: bytes, contentType: ImportFiles.json, endPosition: position + bytes.count + 1)
            }
            bytes += step
            if step.isEmpty { return ImportRequest(body: bytes, contentType: ImportFiles.json, endPosition: endPosition) }
        }
        throw CommandFailure("\(path) has a line of more than \(ImportFiles.maximumBodyByteCount) bytes at \(position)")
    }

    private static let stepByteCount = 1 << 20
}

/// The rows of a segment, some at a time. Positions are rows.
struct SegmentImportFile: ImportFile {
    private let reader: SegmentReader
    private let path: String

    /// So many spans are some MiB, prompts included.
    private static let requestRowCount = 256
    /// Fewer rows make a request where they are long.
    private static let requestByteCount = 16 << 20

    init(_ reader: SegmentReader, path: String) throws {
        self.reader = reader
        self.path = path
    }

    var endPosition: Int { reader.rowCount }

    func request(at position: Int) throws -> ImportRequest? {
        var first = 0
        for group in 0..<reader.rowGroupCount {
            let end = first + reader.rowCount(ofRowGroup: group)
            if position < end {
                return try request(group, position - first..<min(position - first + Self.requestRowCount, end - first), first)
            }
            first = end
        }
        return nil
    }

    private func request(_ group: Int, _ rows: Range<Int>, _ firstRow: Int) throws -> ImportRequest {
        let records: [SpanRecord]
        do { records = try reader.records(rowGroup: group, rows: rows) } catch {
            throw CommandFailure("\(path), rows \(firstRow + rows.lowerBound) to \(firstRow + rows.upperBound - 1): \(error)")
        }
        let body = ExportTraceRequestEncoder.encode(records)
        if body.count > Self.requestByteCount, rows.count > 1 {
            return try request(group, rows.lowerBound..<rows.lowerBound + rows.count / 2, firstRow)
        }
        return ImportRequest(body: body, contentType: ImportFiles.protobuf, endPosition: firstRow + rows.upperBound)
    }
}
