import FileSystem
import Foundation
import GenAIConventions
import OTLP
import SpanStore
import TraceModel

/// A store in a directory of its own, removed with the fixture.
final class StoreFixture {
    let directory: String
    var configuration: StoreConfiguration
    let project = ProjectID(high: 0x0123_4567_89ab_7def, low: 0x8123_4567_89ab_cdef)

    init() throws {
        directory = NSTemporaryDirectory() + "spandrel-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        configuration = StoreConfiguration(root: directory + "/store")
        configuration.configureWAL = { $0.fileByteCount = 64 << 20 }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func open() throws -> SpanStore { try SpanStore.open(configuration) }

    static func request(_ records: [SpanRecord], project: ProjectID) throws -> AppendRequest {
        let body = TracesDataJSONEncoder.encode(records)
        var batch = try ExportTraceRequestDecoder.decodeJSON(body, limits: OTLPLimits())
        precondition(batch.rejections.isEmpty, "the generator makes valid spans: \(batch.rejections)")
        let fields = AttributeMapping.current.apply(to: &batch)
        return AppendRequest(project: project, batch: batch, fields: fields, codec: .otlpJSON, reply: StoredReply())
    }

    func request(_ records: [SpanRecord]) throws -> AppendRequest { try Self.request(records, project: project) }

    /// Every visible span of the project, by span id.
    func all(_ store: SpanStore) throws -> [SpanRecord] {
        try store.snapshot(of: project).units.flatMap { unit -> [SpanRecord] in
            let masked = Set(try unit.maskedRows)
            return try unit.records(at: (0..<Int32(unit.rowCount)).filter { !masked.contains($0) })
        }.sorted { $0.spanID < $1.spanID }
    }
}
