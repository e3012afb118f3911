/// The manifest of a backup as the bytes of `backup.json`, and back.

import ByteCoding
import Crypto

extension BackupManifest {
    private static let closing = Array("\"}\n".utf8)
    private static let opening = Array(",\"sha256\":\"".utf8)
    private static let digitCount = 64

    package var encoded: [UInt8] {
        var bytes = value.bytes
        bytes.removeLast()
        return bytes + Self.opening + Array(Self.checksum(of: bytes[...]).utf8) + Self.closing
    }

    static func checksum(of body: ArraySlice<UInt8>) -> String { SHA256.hash(data: body).hex }

    /// Errors: `damaged`, `newer`; `name` is for their text.
    package init(_ bytes: [UInt8], name: String) throws(BackupError) {
        let tailCount = Self.opening.count + Self.digitCount + Self.closing.count
        let body = bytes.dropLast(tailCount), tail = bytes.suffix(tailCount)
        let expected = Self.opening + Array(Self.checksum(of: body).utf8) + Self.closing
        guard !body.isEmpty, tail.elementsEqual(expected), let value = try? JSONValue.parse(bytes) else {
            throw BackupError(.damaged, "\(name) is damaged: its checksum does not fit; take another backup")
        }
        guard let version = value["format_version"]?.integerValue else { throw BackupError(.damaged, "\(name) has no format_version") }
        guard version <= Self.formatVersion else {
            let program = value["program_version"]?.stringValue ?? "a newer one"
            throw BackupError(
                .newer,
                "\(name) has format \(version), written by Spandrel \(program); this one reads up to \(Self.formatVersion): use that one"
            )
        }
        guard let manifest = Self(value) else { throw BackupError(.damaged, "\(name) is whole and makes no sense") }
        self = manifest
    }

    private var value: JSONValue {
        .object([
            JSONMember(key: "format_version", value: .integer(Int64(Self.formatVersion))),
            JSONMember(key: "program_version", value: .string(programVersion)),
            JSONMember(key: "started_at", value: .string(startedAt)), JSONMember(key: "finished_at", value: .string(finishedAt)),
            JSONMember(
                key: "store",
                value: .object([
                    JSONMember(key: "node_id", value: .string(store.nodeID)), JSONMember(key: "taken_at", value: .string(store.takenAt)),
                    JSONMember(key: "highest_lsn", value: .integer(Int64(clamping: store.highestLSN))),
                    JSONMember(key: "segment_count", value: .integer(Int64(store.segmentCount))),
                    JSONMember(key: "row_count", value: .integer(Int64(store.rowCount))),
                ])),
            JSONMember(key: "database", value: databaseValue), JSONMember(key: "has_secrets", value: .bool(hasSecrets)),
            JSONMember(
                key: "files",
                value: .array(
                    files.map { file in
                        .object([
                            JSONMember(key: "path", value: .string(file.path)),
                            JSONMember(key: "bytes", value: .integer(Int64(file.byteCount))),
                            JSONMember(key: "sha256", value: .string(file.sha256)),
                        ])
                    })),
        ])
    }

    private var databaseValue: JSONValue {
        .object([
            JSONMember(key: "server_version", value: .string(database.serverVersion)),
            JSONMember(key: "taken_at", value: .string(database.takenAt)),
            JSONMember(
                key: "migrations",
                value: .array(
                    database.migrations.map { migration in
                        .object([
                            JSONMember(key: "number", value: .integer(Int64(migration.number))),
                            JSONMember(key: "name", value: .string(migration.name)),
                            JSONMember(key: "checksum", value: .string(migration.checksum)),
                        ])
                    })),
            JSONMember(
                key: "tables",
                value: .array(
                    database.tables.map { table in
                        .object([
                            JSONMember(key: "name", value: .string(table.name)),
                            JSONMember(key: "columns", value: .array(table.columns.map { .string($0) })),
                            JSONMember(key: "row_count", value: .integer(Int64(table.rowCount))),
                            JSONMember(key: "path", value: .string(table.path)),
                        ])
                    })),
            JSONMember(
                key: "sequences",
                value: .array(
                    database.sequences.map { sequence in
                        .object([
                            JSONMember(key: "name", value: .string(sequence.name)),
                            JSONMember(key: "last_value", value: .integer(sequence.lastValue)),
                            JSONMember(key: "is_called", value: .bool(sequence.isCalled)),
                        ])
                    })),
        ])
    }

    private init?(_ value: JSONValue) {
        guard let store = value["store"], let database = value["database"], let programVersion = value["program_version"]?.stringValue,
            let startedAt = value["started_at"]?.stringValue, let finishedAt = value["finished_at"]?.stringValue,
            let hasSecrets = value["has_secrets"]?.boolValue, let nodeID = store["node_id"]?.stringValue,
            let storeTakenAt = store["taken_at"]?.stringValue, let highestLSN = store["highest_lsn"]?.integerValue,
            let segmentCount = store["segment_count"]?.integerValue, let rowCount = store["row_count"]?.integerValue,
            let serverVersion = database["server_version"]?.stringValue, let databaseTakenAt = database["taken_at"]?.stringValue,
            let migrations = database["migrations"]?.arrayValue?.all(Migration.init),
            let tables = database["tables"]?.arrayValue?.all(Table.init),
            let sequences = database["sequences"]?.arrayValue?.all(Sequence.init), let files = value["files"]?.arrayValue?.all(File.init)
        else { return nil }
        self.init(
            programVersion: programVersion, startedAt: startedAt, finishedAt: finishedAt,
            store: Store(
                nodeID: nodeID, takenAt: storeTakenAt, highestLSN: UInt64(clamping: highestLSN), segmentCount: Int(clamping: segmentCount),
                rowCount: Int(clamping: rowCount)),
            database: Database(
                serverVersion: serverVersion, takenAt: databaseTakenAt, migrations: migrations, tables: tables, sequences: sequences),
            hasSecrets: hasSecrets, files: files)
    }
}

extension BackupManifest.File {
    fileprivate init?(_ value: JSONValue) {
        guard let path = value["path"]?.stringValue, let byteCount = value["bytes"]?.integerValue, byteCount >= 0,
            let sha256 = value["sha256"]?.stringValue, Self.isPlain(path)
        else { return nil }
        self.init(path: path, byteCount: Int(clamping: byteCount), sha256: sha256)
    }

    /// A path that leads nowhere but below the folder it is relative to.
    static func isPlain(_ path: String) -> Bool {
        !path.isEmpty && !path.utf8.contains(0)
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
    }
}

extension BackupManifest.Migration {
    fileprivate init?(_ value: JSONValue) {
        guard let number = value["number"]?.integerValue, let name = value["name"]?.stringValue,
            let checksum = value["checksum"]?.stringValue
        else { return nil }
        self.init(number: Int(clamping: number), name: name, checksum: checksum)
    }
}

extension BackupManifest.Table {
    fileprivate init?(_ value: JSONValue) {
        guard let name = value["name"]?.stringValue, let columns = value["columns"]?.arrayValue?.all({ $0.stringValue }),
            let rowCount = value["row_count"]?.integerValue, let path = value["path"]?.stringValue
        else { return nil }
        self.init(name: name, columns: columns, rowCount: Int(clamping: rowCount), path: path)
    }
}

extension BackupManifest.Sequence {
    fileprivate init?(_ value: JSONValue) {
        guard let name = value["name"]?.stringValue, let lastValue = value["last_value"]?.integerValue,
            let isCalled = value["is_called"]?.boolValue
        else { return nil }
        self.init(name: name, lastValue: lastValue, isCalled: isCalled)
    }
}

extension [JSONValue] {
    /// What each becomes; nil where one becomes nothing.
    fileprivate func all<Value>(_ transform: (JSONValue) -> Value?) -> [Value]? {
        var values: [Value] = []
        for element in self {
            guard let value = transform(element) else { return nil }
            values.append(value)
        }
        return values
    }
}

extension Digest {
    var hex: String {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
        return String(decoding: flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
    }
}
