/// `spandrel inspect segment`: segments by their numbers, or Parquet files by their paths.

import ArgumentParser
import FileSystem
@preconcurrency import Glibc
import SpanStore

struct InspectSegmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment", abstract: "Checks segments: pages, indexes, order, parents and payloads.",
        discussion: """
            Examples:
              spandrel inspect segment                     every segment of the manifest
              spandrel inspect segment 12 --dump           one, with its rows
              spandrel inspect segment quarantine/segments/0000000000000012.spans.parquet
            """)

    @OptionGroup var options: InspectOptions

    @Flag(help: "List every row: ids, times, name.")
    var dump = false

    @Argument(help: "Sequence numbers, or paths of spans files. (default: every segment)")
    var segments: [String] = []

    func run() throws {
        let findings = try InspectOptions.reading { () throws -> InspectionFindings in
            let output = InspectOutput(isJSON: options.json)
            let targets = try targets()
            let byteCount = targets.reduce(0) { total, target in
                total + (target.descriptor.map { $0.spanFileByteCount + $0.payloadFileByteCount } ?? 0)
            }
            let progress = InspectProgress("segments", of: byteCount)
            defer { progress.end() }
            let inspection = SegmentInspection(
                fileSystem: options.fileSystem, root: options.root,
                observer: InspectionObserver(item: dump ? { output.item($0) } : nil, progress: { progress.add($0) }))
            var findings = InspectionFindings()
            for target in targets {
                let report = try inspection.run(target)
                progress.end()
                output.report(report.members, findings: report.findings)
                findings.merge(report.findings)
            }
            return findings
        }
        try InspectOptions.end(with: findings)
    }

    private func targets() throws -> [SegmentInspection.Target] {
        let paths = segments.filter { UInt64($0) == nil }
        let numbers = Set(segments.compactMap { UInt64($0) })
        let files = try paths.map { try target(path: $0) }
        if segments.count == paths.count, !paths.isEmpty { return files }
        _ = try options.fileSystem.list(options.root)
        var notes = InspectionFindings()
        let node = try StoreInspection(fileSystem: options.fileSystem, root: options.root).node(&notes)
        let manifest = try ManifestInspection(fileSystem: options.fileSystem, root: options.root, observer: InspectionObserver()).run()
        guard let state = manifest.state else {
            throw CommandFailure("the manifest is damaged (spandrel inspect manifest); name the files of a segment instead")
        }
        for number in numbers where state.segments[number] == nil { throw CommandFailure("the manifest has no segment \(number)") }
        let chosen = state.segments.values.filter { numbers.isEmpty || numbers.contains($0.sequence) }.sorted { $0.sequence < $1.sequence }
        return files
            + chosen.map { .init($0, nodeID: node, maskedRowCount: state.rowMasks[$0.sequence]?.rows.count ?? 0) }
    }

    /// The payloads file lies where the store, or a repair, puts it beside the spans file.
    private func target(path: String) throws -> SegmentInspection.Target {
        guard try options.fileSystem.exists(path) else { throw CommandFailure("there is no file \(path)") }
        var absolute = path
        if !path.hasPrefix("/"), let directory = getcwd(nil, 0) {
            absolute = FilePath.join(String(cString: directory), path)
            free(directory)
        }
        let payloads = SegmentPair.payloadsPath(ofSpans: absolute)
        let hasPayloads = try payloads.map { try options.fileSystem.exists($0) } ?? false
        return .init(spansPath: absolute, payloadsPath: hasPayloads ? payloads : nil)
    }
}

/// Where the other file of a pair lies.
enum SegmentPair {
    /// Nil where the name is not one that the store or a repair gives to a spans file.
    static func payloadsPath(ofSpans path: String) -> String? {
        if path.hasSuffix(".spans.parquet") { return path.dropLast(".spans.parquet".count) + ".payloads.parquet" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[parts.count - 4] == "spans" else { return nil }
        return (parts.dropLast(4) + ["payloads"] + parts.suffix(3)).joined(separator: "/")
    }
}
