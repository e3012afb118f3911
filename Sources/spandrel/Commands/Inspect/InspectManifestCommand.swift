/// `spandrel inspect manifest`: the edits that say which segments there are.

import ArgumentParser
import FileSystem
import SpanStore

struct InspectManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest", abstract: "Checks every edit of the manifest, and what they add up to.")

    @OptionGroup var options: InspectOptions

    @Flag(help: "List every record of every edit.")
    var dump = false

    func run() throws {
        let findings = try InspectOptions.reading { () throws -> InspectionFindings in
            let output = InspectOutput(isJSON: options.json)
            _ = try options.fileSystem.list(options.root)
            let observer = InspectionObserver(item: dump ? { output.item($0) } : nil)
            let report = try ManifestInspection(fileSystem: options.fileSystem, root: options.root, observer: observer).run()
            output.report(report.members, findings: report.findings)
            return report.findings
        }
        try InspectOptions.end(with: findings)
    }
}
