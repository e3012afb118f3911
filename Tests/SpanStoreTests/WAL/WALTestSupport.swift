import FileSystem
import SeededRandom
import SimulatedDisk
import TraceModel

@testable import SpanStore

/// Small files, so that a few entries turn them over.
func smallWAL(nodeID: UInt64 = 7) -> WALConfiguration {
    var configuration = WALConfiguration(directory: "/data/wal", quarantineDirectory: "/data/quarantine", nodeID: nodeID)
    configuration.fileByteCount = 64 << 10
    configuration.maximumTotalByteCount = 256 << 10
    configuration.maximumGroupByteCount = 16 << 10
    configuration.writeByteCount = 8192
    configuration.zeroStepByteCount = 8 << 10
    configuration.zeroAheadByteCount = 0
    return configuration
}

func testProject(_ number: UInt64) -> ProjectID { ProjectID(high: 0x0190_0000_0000_7000, low: number) }

let testDay: UInt64 = 20_000 * PartitionID.nanosecondsPerDay

func testEntry(_ body: [UInt8], project: UInt64 = 1, received: UInt64 = testDay) -> WALEntry {
    WALEntry(
        project: testProject(project), receivedUnixNano: received, codec: .otlpProtobuf, decoderVersion: 3, bytes: body,
        bodyLength: body.count)
}

/// A recovery's findings together with what it handed over.
struct Replayed {
    var report: WALRecoveryReport
    var entries: [WALEntry]

    var bodies: [[UInt8]] { entries.map { Array($0.bytes[..<$0.bodyLength]) } }
}

func recover(
    _ disk: SimulatedDisk, _ configuration: WALConfiguration = smallWAL(), manifest: ManifestState = ManifestState()
) throws -> Replayed {
    var entries: [WALEntry] = []
    let report = try WALRecovery(fileSystem: disk, configuration: configuration, manifest: manifest).run {
        (entry) throws(StoreError) in entries.append(entry)
    }
    return Replayed(report: report, entries: entries)
}

/// The log without its thread, behind a recovery.
func openLog(
    _ disk: SimulatedDisk, _ configuration: WALConfiguration = smallWAL(), manifest: ManifestState = ManifestState(),
    saltSeed: UInt64? = nil
) throws -> (WALLog, SharedWALFileTable) {
    let recovered = try recover(disk, configuration, manifest: manifest)
    return log(disk, configuration, recovered.report, saltSeed: saltSeed)
}

func log(
    _ disk: SimulatedDisk, _ configuration: WALConfiguration, _ report: WALRecoveryReport, saltSeed: UInt64? = nil
) -> (WALLog, SharedWALFileTable) {
    let table = SharedWALFileTable(report.fileTable)
    var salts = SeededGenerator(seed: saltSeed ?? disk.seed)
    let log = WALLog(
        fileSystem: disk, configuration: configuration, position: report.position, table: table, makeSalt: { salts.next() })
    return (log, table)
}

func walPath(_ number: UInt64) -> String { "/data/wal/" + WALFileName.name(of: number) }
