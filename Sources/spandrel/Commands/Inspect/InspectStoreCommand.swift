/// `spandrel inspect store`: all of it; `--repair` puts damage aside, `--contains` and `--trace-id` look for what should be gone,
/// `--verify-deleted` proves that it is.

import ArgumentParser
import ByteCoding
@preconcurrency import Glibc
import SpanStore
import TraceModel

struct InspectStoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Checks the whole store, repairs it, or finds what is left of something.")

    @OptionGroup var options: InspectOptions

    @Flag(help: "List every record, entry and row.")
    var dump = false

    @Flag(help: "Move damaged segments to quarantine/segments and remove files of nobody. Not while a server has the directory.")
    var repair = false

    @Option(help: "Say which files still hold this text, the log's, the quarantine's and compressed pages included.")
    var contains: String?

    @Option(name: .customLong("trace-id"), help: "Say which files still hold anything of this trace: 32 hexadecimal digits.")
    var traceID: String?

    @Flag(
        name: .customLong("verify-deleted"),
        help: "Prove that nothing is left of a --deletion, or of a --trace-id, --session-id, --user-id or the whole of --project-id.")
    var verifiesDeleted = false

    @Option(help: "A deletion's receipt as a file: the JSON of GET /api/v1/deletions/ID or of spandrel delete --json.")
    var deletion: String?

    @Option(name: .customLong("session-id"), help: "The session to prove the deletion of.")
    var sessionID: String?

    @Option(name: .customLong("user-id"), help: "The user to prove the deletion of.")
    var userID: String?

    @Option(name: .customLong("project-id"), help: "The project that it is of, or that went as a whole. (default: all projects)")
    var projectID: String?

    func validate() throws {
        if [repair, contains != nil, traceID != nil && !verifiesDeleted, verifiesDeleted].count(where: { $0 }) > 1 {
            throw ValidationError("give one of --repair, --contains, --trace-id and --verify-deleted")
        }
        let chosen = [deletion, traceID, sessionID, userID].count { $0 != nil }
        if verifiesDeleted, chosen > 1 || chosen == 0 && projectID == nil || deletion != nil && projectID != nil {
            throw ValidationError("--verify-deleted takes one of --deletion, --trace-id, --session-id and --user-id, or --project-id alone")
        }
        if !verifiesDeleted, deletion != nil || sessionID != nil || userID != nil || projectID != nil {
            throw ValidationError("--deletion, --session-id, --user-id and --project-id go with --verify-deleted")
        }
        if let projectID, ProjectID(uuid: projectID) == nil { throw ValidationError("a project's id is a UUID") }
        if let contains, contains.utf8.count < Self.minimumNeedleByteCount {
            throw ValidationError("a text to look for has at least \(Self.minimumNeedleByteCount) bytes; less occurs everywhere")
        }
        if let traceID, TraceID(hex: traceID)?.isZero ?? true {
            throw ValidationError("a trace id is 32 hexadecimal digits, not all of them zero")
        }
    }

    private static let minimumNeedleByteCount = 4

    func run() throws {
        if verifiesDeleted { return try verify() }
        if let contains { return try search(.text(contains)) }
        if let traceID, let id = TraceID(hex: traceID) { return try search(.traceID(id)) }
        let findings = try InspectOptions.reading { () throws -> InspectionFindings in
            let output = InspectOutput(isJSON: options.json)
            let progress = try progress("store")
            defer { progress.end() }
            let observer = InspectionObserver(item: dump ? { output.item($0) } : nil, progress: { progress.add($0) })
            if repair { return try repair(output, observer, progress) }
            let report = try StoreInspection(fileSystem: options.fileSystem, root: options.root, observer: observer).run()
            progress.end()
            output.report(report.members, details: report.details, findings: report.findings)
            return report.findings
        }
        try InspectOptions.end(with: findings)
    }

    private func progress(_ title: String) throws -> InspectProgress {
        InspectProgress(title, of: try StoreInspection(fileSystem: options.fileSystem, root: options.root).byteCount())
    }

    /// Answers what is left: nothing but notes, unless the log is damaged, which the next start sees to.
    private func repair(
        _ output: InspectOutput, _ observer: InspectionObserver, _ progress: InspectProgress
    ) throws -> InspectionFindings {
        let report = try StoreRepair(fileSystem: options.fileSystem, root: options.root, observer: observer).run()
        progress.end()
        output.report(
            [
                JSONMember(key: "segments_put_aside", value: .array(report.movedSegments.map { .integer(Int64(clamping: $0)) })),
                JSONMember(key: "rows_put_aside", value: .integer(Int64(report.lostSpanRowCount))),
                JSONMember(key: "files_moved", value: .array(report.movedFiles.map { .string($0) })),
                JSONMember(key: "orphans_removed", value: .array(report.removedOrphans.map { .string($0) })),
            ], findings: report.inspection.findings)
        return try StoreInspection(fileSystem: options.fileSystem, root: options.root).run().findings
    }

    // MARK: Proof of a deletion

    private func verify() throws {
        let (subject, receipt) = try InspectOptions.reading { try self.subject() }
        let report = try InspectOptions.reading { () throws -> DeletionVerification.Report in
            let progress = try progress("proof")
            defer { progress.end() }
            return try DeletionVerification(
                fileSystem: options.fileSystem, root: options.root, subject: subject,
                observer: InspectionObserver(progress: { progress.add($0) })
            ).run()
        }
        let proof = DeletionProof(report: report, deadline: receipt?.deadline, isTraceListCut: receipt?.isTraceListCut ?? false)
        if options.json { InspectOutput(isJSON: true).item(proof.members) } else { for line in proof.lines { print(line) } }
        let isLeft = report.leftRowCount > 0 || report.maskedRowCount > 0 || !report.bytes.hits.isEmpty
        if isLeft { throw InspectOptions.damageFound }
        if !report.isClean { throw InspectOptions.cannotRead }
    }

    private func subject() throws -> (DeletionVerification.Subject, DeletionReceiptFile?) {
        if let deletion {
            let receipt = try DeletionReceiptFile(path: deletion)
            return (receipt.subject, receipt)
        }
        let project = projectID.flatMap { ProjectID(uuid: $0) }
        if let trace = traceID.flatMap({ TraceID(hex: $0) }) { return (.init(.trace(trace), of: project), nil) }
        if let sessionID { return (.init(.session(sessionID), of: project), nil) }
        if let userID { return (.init(.user(userID), of: project), nil) }
        return (.init(.project, of: project), nil)
    }

    private func search(_ needle: StoreSearch.Needle) throws {
        let report = try InspectOptions.reading { () throws -> StoreSearch.Report in
            let progress = try progress("search")
            defer { progress.end() }
            return try StoreSearch(
                fileSystem: options.fileSystem, root: options.root, needle: needle,
                observer: InspectionObserver(progress: { progress.add($0) })
            ).run()
        }
        let output = InspectOutput(isJSON: options.json)
        if options.json {
            output.item([
                JSONMember(key: "is_found", value: .bool(!report.hits.isEmpty)),
                JSONMember(key: "files_searched", value: .integer(Int64(report.fileCount))),
                JSONMember(key: "bytes_searched", value: .integer(Int64(report.byteCount))),
                JSONMember(key: "hits", value: .array(report.hits.map { .object($0.members) })),
                JSONMember(key: "unreadable", value: .array(report.unreadable.map { .string($0) })),
            ])
        } else {
            for hit in report.hits { print("found: \(hit.file) (\(hit.kind.rawValue)), \(hit.place), \(hit.count) times") }
            for file in report.unreadable { print("unreadable: \(CommandText.lines(file))") }
            print(report.isClean ? "not found in \(report.fileCount) files" : "\(report.hits.count) places in \(report.fileCount) files")
        }
        if !report.hits.isEmpty { throw InspectOptions.damageFound }
        if !report.unreadable.isEmpty { throw InspectOptions.cannotRead }
    }
}
