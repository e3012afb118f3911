/// The file that an export writes: under a name of its own until it is whole, so that an interrupted export leaves no half file.

import ByteCoding
import FileSystem
import GenAIConventions
@preconcurrency import Glibc
import OTLP
import SpanStore
import TraceModel

/// One trace as the API gives it, and what its spans cost.
struct ExportedTrace: Sendable {
    var otlp: [UInt8]
    /// By the span's id.
    var costs: [String: Double] = [:]
}

protocol ExportFile {
    /// Answers how many spans were written.
    func append(_ trace: ExportedTrace) throws -> Int
    /// Puts the file in its place. Answers its size.
    func finish() throws -> Int
    func abandon()
}

/// One export request a line: OTLP JSON, as a collector's file exporter writes it.
final class JSONLinesExportFile: ExportFile {
    private let path: String
    private let isStandardOutput: Bool
    private let file: (any File)?
    private var byteCount = 0

    /// - Parameter path: `-` is standard output.
    init(path: String) throws {
        self.path = path
        isStandardOutput = path == "-"
        file = isStandardOutput ? nil : try LocalFileSystem().open(path + ExportCommand.partialSuffix, .readWriteCreating)
        try file?.truncate(to: 0)
    }

    func append(_ trace: ExportedTrace) throws -> Int {
        // A line break outside of texts, where it is escaped, is space.
        let line = trace.otlp.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 } + [UInt8(ascii: "\n")]
        if let file {
            try file.write(line, at: byteCount)
        } else if fwrite(line, 1, line.count, stdout) != line.count {
            throw CommandFailure("standard output takes no more")
        }
        byteCount += line.count
        return try ExportTraceRequestDecoder.decodeJSON(trace.otlp, limits: .unlimited).spanCount
    }

    func finish() throws -> Int {
        guard let file else {
            fflush(stdout)
            return byteCount
        }
        try file.synchronizeData()
        file.close()
        try LocalFileSystem().rename(path + ExportCommand.partialSuffix, to: path)
        return byteCount
    }

    func abandon() {
        file?.close()
        if !isStandardOutput { try? LocalFileSystem().remove(path + ExportCommand.partialSuffix) }
    }
}

/// One Parquet file in the columns of a segment, long values in their places.
final class ParquetExportFile: ExportFile {
    private let path: String
    private let writer: SpanFileWriter

    init(path: String) throws {
        self.path = path
        writer = try SpanFileWriter(fileSystem: LocalFileSystem(), path: path + ExportCommand.partialSuffix)
    }

    func append(_ trace: ExportedTrace) throws -> Int {
        var batch = try ExportTraceRequestDecoder.decodeJSON(trace.otlp, limits: .unlimited)
        var fields = AttributeMapping.current.apply(to: &batch)
        for span in 0..<batch.spanCount {
            if let cost = trace.costs[batch.spanIDs[span].hex] { fields.costs[span] = cost }
        }
        try writer.append(batch, fields: fields)
        return batch.spanCount
    }

    func finish() throws -> Int {
        let byteCount = try writer.finish()
        try LocalFileSystem().rename(path + ExportCommand.partialSuffix, to: path)
        return byteCount
    }

    func abandon() { writer.abandon() }
}
