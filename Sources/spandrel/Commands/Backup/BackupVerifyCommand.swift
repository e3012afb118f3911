/// `spandrel backup verify`: is every file of a backup there, as it was written?

import ArgumentParser
import Backup
import ByteCoding

struct BackupVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads a whole backup and holds it against its checksums.",
        discussion: "Ends with 0 where it is sound, 1 where it is damaged, 2 where it cannot be read.")

    @Argument(help: "The folder of one backup.")
    var backup: String

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let progress = BackupProgressBar()
        let report: BackupVerification.Report
        do {
            let verification = BackupVerification(path: BackupPath.plain(backup))
            progress.begin("checking", of: try BackupFolder.manifest(of: verification.path, verification.fileSystem).byteCount)
            report = try verification.run { progress.add($0) }
        } catch let error as BackupError where error.code == .damaged {
            progress.end()
            print(
                json ? Self.json(isSound: false, faults: [error.description], unlisted: [], fileCount: 0) : "damage: \(error.description)")
            throw InspectOptions.damageFound
        } catch {
            progress.end()
            return try InspectOptions.reading { throw error }
        }
        progress.end()
        if json {
            print(
                Self.json(
                    isSound: report.faults.isEmpty, faults: report.faults, unlisted: report.unlisted, fileCount: report.manifest.files.count
                ))
        } else {
            for fault in report.faults { print("damage: \(fault)") }
            for path in report.unlisted { print("note: \(path) is not of the backup") }
            print(
                report.faults.isEmpty
                    ? "sound: \(report.manifest.files.count) files, \(report.manifest.byteCount) bytes, of \(report.manifest.startedAt)"
                    : "\(report.faults.count) of \(report.manifest.files.count) files are damaged")
        }
        if !report.faults.isEmpty { throw InspectOptions.damageFound }
    }

    private static func json(isSound: Bool, faults: [String], unlisted: [String], fileCount: Int) -> String {
        let value = JSONValue.object([
            JSONMember(key: "is_sound", value: .bool(isSound)), JSONMember(key: "files", value: .integer(Int64(fileCount))),
            JSONMember(key: "faults", value: .array(faults.map { .string($0) })),
            JSONMember(key: "unlisted", value: .array(unlisted.map { .string($0) })),
        ])
        return String(decoding: value.bytes, as: UTF8.self)
    }
}
