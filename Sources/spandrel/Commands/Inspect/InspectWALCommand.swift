/// `spandrel inspect wal`: the write-ahead log's files, groups and entries.

import ArgumentParser
import FileSystem
import SpanStore

struct InspectWALCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wal", abstract: "Checks every group and entry of the write-ahead log.",
        discussion: "Tells damage from the tail that a crash leaves, by the same rule as the next start.")

    @OptionGroup var options: InspectOptions

    @Flag(help: "List every entry: file, offset, LSN, project, receive time, codec, spans, bytes.")
    var dump = false

    func run() throws {
        let findings = try InspectOptions.reading { () throws -> InspectionFindings in
            let output = InspectOutput(isJSON: options.json)
            _ = try options.fileSystem.list(options.root)
            let progress = InspectProgress("log", of: try StoreInspection(fileSystem: options.fileSystem, root: options.root).byteCount())
            let quiet = InspectionObserver(),
                observer = InspectionObserver(item: dump ? { output.item($0) } : nil, progress: { progress.add($0) })
            defer { progress.end() }
            var findings = InspectionFindings()
            let node = try StoreInspection(fileSystem: options.fileSystem, root: options.root).node(&findings)
            let state = try ManifestInspection(fileSystem: options.fileSystem, root: options.root, observer: quiet).run().state
            let report = try WALInspection(
                fileSystem: options.fileSystem, root: options.root, nodeID: node, manifest: state, observer: observer
            ).run()
            findings.merge(report.findings)
            progress.end()
            output.report(report.members, details: [report.fileMembers], findings: findings)
            return findings
        }
        try InspectOptions.end(with: findings)
    }
}
