/// Where the files are that an inspection reads, how it shows them, and what it ends with.

import ArgumentParser
import ByteCoding
import FileSystem
@preconcurrency import Glibc
import ProcessSetup
import SpanStore

struct InspectOptions: ParsableArguments {
    @Option(name: .customLong("data-dir"), help: "The server's data directory. [SPANDREL_DATA_DIR] (default: ./data)")
    var dataDirectory: String?

    @Flag(help: "Print JSON: one object a line, the report last.")
    var json = false

    /// The store's own folder.
    var root: String { (dataDirectory ?? EnvironmentDefault.text("SPANDREL_DATA_DIR", "./data")) + "/store" }

    var fileSystem: LocalFileSystem { LocalFileSystem() }

    /// The status where something is wrong with the files.
    static let damageFound = ExitCode(1)
    /// The status where nothing can be said of them.
    static let cannotRead = ExitCode(2)

    /// Runs an inspection; what keeps it from reading is told on standard error.
    static func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as ExitCode { throw error } catch let error as ValidationError { throw error } catch {
            fputs("Error: \(error)\n", stderr)
            throw cannotRead
        }
    }

    /// Ends the command unless everything is sound.
    static func end(with findings: InspectionFindings) throws {
        if findings.damageCount > 0 { throw damageFound }
        if findings.unreadableCount > 0 { throw cannotRead }
    }
}

/// Prints what an inspection found: members as `name: value` lines, findings one a line; or all of it as JSON.
struct InspectOutput {
    let isJSON: Bool

    /// A record, entry or row.
    func item(_ members: [JSONMember]) {
        print(isJSON ? Self.text(.object(members)) : members.map { "\($0.key)=\(Self.plain($0.value))" }.joined(separator: " "))
    }

    /// - Parameter details: as JSON only.
    func report(_ members: [JSONMember], details: [JSONMember] = [], findings: InspectionFindings) {
        if isJSON { return print(Self.text(.object(members + details + Self.members(findings)))) }
        let width = members.map(\.key.count).max() ?? 0
        for member in members {
            let name = member.key.replacing("_", with: " ")
            print(name + String(repeating: " ", count: width - name.count + 2) + Self.plain(member.value))
        }
        print(Self.lines(findings))
    }

    private static func members(_ findings: InspectionFindings) -> [JSONMember] {
        [
            JSONMember(key: "is_sound", value: .bool(findings.isSound)),
            JSONMember(key: "damage_count", value: .integer(Int64(findings.damageCount))),
            JSONMember(key: "unreadable_count", value: .integer(Int64(findings.unreadableCount))),
            JSONMember(key: "note_count", value: .integer(Int64(findings.noteCount))),
            JSONMember(key: "findings", value: .array(findings.list.map(\.json))),
        ]
    }

    private static func lines(_ findings: InspectionFindings) -> String {
        var lines = findings.list.map { finding in
            let place = finding.byteOffset.map { " at \($0)" } ?? ""
            return CommandText.lines("\(finding.severity.rawValue): \(finding.file)\(place): \(finding.message)")
        }
        if findings.unlistedCount > 0 { lines.append("and \(findings.unlistedCount) more") }
        if findings.isSound {
            lines.append("sound: no damage found")
        } else {
            lines.append("\(findings.damageCount) damaged places, \(findings.unreadableCount) that this program cannot read")
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }

    /// Without quotes where nothing in it could be taken for something else.
    private static func plain(_ value: JSONValue) -> String {
        guard case .string(let text) = value else { return value == .null ? "-" : self.text(value) }
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f && $0 != "\"" }
        return isPlain ? text : self.text(value)
    }
}

/// How far a command is, on a terminal: drawn again on one line of standard error. Nowhere else.
final class InspectProgress {
    private let title: String
    private let totalCount: Int
    private let isShown: Bool
    private var doneCount = 0
    private var lastDrawing = ContinuousClock.now - .seconds(1)

    /// - Parameter totalCount: of bytes, or whatever is counted.
    init(_ title: String, of totalCount: Int) {
        self.title = title
        self.totalCount = totalCount
        isShown = isatty(STDERR_FILENO) == 1 && EnvironmentDefault.text("TERM") != "dumb"
    }

    func add(_ count: Int) {
        doneCount += count
        let now = ContinuousClock.now
        guard isShown, now - lastDrawing > .milliseconds(100) else { return }
        lastDrawing = now
        let part = totalCount > 0 ? min(1, Double(doneCount) / Double(totalCount)) : 1
        let filled = Int(part * Double(Self.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        fputs("\r\(title) [\(bar)] \(Int(part * 100)) %\u{1b}[K", stderr)
    }

    func end() { if isShown { fputs("\r\u{1b}[K", stderr) } }

    private static let width = 40
}
