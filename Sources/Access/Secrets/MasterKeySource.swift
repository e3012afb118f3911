/// Where the master key is kept: DATA_DIR/master.key (mode 0600, made at the first start), or two environment variables.
///
///     file: one line per key, `ID BASE64`; the first wraps, the others are being replaced
///     SPANDREL_MASTER_KEY            base64 of 32 bytes, or 64 hex digits
///     SPANDREL_MASTER_KEY_PREVIOUS   the key before, until `rotate-master-key` is done

import FileSystem
import Glibc

package enum MasterKeySource: Sendable {
    case file(path: String)
    case environment(MasterKeyRing)

    package static let fileName = "master.key"

    /// The environment's key if there is one, else the file's. Errors: `masterKey`.
    package static func find(
        dataDirectory: String, environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    ) throws(AccessError) -> MasterKeySource {
        try find(path: dataDirectory + "/" + fileName, environment: environment)
    }

    /// As above, for a file anywhere. Errors: `masterKey`.
    package static func find(
        path: String, environment: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
    ) throws(AccessError) -> MasterKeySource {
        guard let text = environment("SPANDREL_MASTER_KEY"), !text.isEmpty else { return .file(path: path) }
        func key(_ name: String, _ text: String) throws(AccessError) -> MasterKey {
            guard let key = MasterKey(text: text) else { throw .masterKey("\(name) must be base64 of 32 bytes, or 64 hex digits") }
            return key
        }
        let current = try key("SPANDREL_MASTER_KEY", text)
        guard let previous = environment("SPANDREL_MASTER_KEY_PREVIOUS"), !previous.isEmpty else {
            return .environment(MasterKeyRing(current: current))
        }
        return .environment(MasterKeyRing(current: current, former: [try key("SPANDREL_MASTER_KEY_PREVIOUS", previous)]))
    }

    /// The keys as they are now; nil when the file is missing. Errors: `masterKey`.
    func existing() throws(AccessError) -> MasterKeyRing? {
        switch self {
        case .environment(let ring): ring
        case .file(let path): try Self.read(path)
        }
    }

    /// The keys as they are now; a missing file is made, with a new key. Errors: `masterKey`.
    package func load() throws(AccessError) -> MasterKeyRing {
        switch self {
        case .environment(let ring): return ring
        case .file(let path):
            if let ring = try Self.read(path) { return ring }
            guard let key = MasterKey.generate() else { throw .masterKey("no master key can be made") }
            try Self.write(MasterKeyRing(current: key), path, isNew: true)
            // Another process may have been first: its key counts.
            guard let ring = try Self.read(path) else { throw .masterKey("\(path) cannot be read") }
            return ring
        }
    }

    /// Replaces the file in one step; nothing for the environment, which is its operator's. Errors: `masterKey`.
    func store(_ ring: MasterKeyRing) throws(AccessError) {
        if case .file(let path) = self { try Self.write(ring, path, isNew: false) }
    }

    // MARK: The file

    /// nil when there is none.
    private static func read(_ path: String) throws(AccessError) -> MasterKeyRing? {
        let bytes: [UInt8]?
        do throws(FileSystemError) {
            bytes = try PrivateFile.read(path, maximumByteCount: AccessLimits.maximumMasterKeyFileByteCount)
        } catch { throw .masterKey(error.description) }
        guard let bytes else { return nil }
        var keys: [MasterKey] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let key = MasterKey(text: String(words[1])), key.id == words[0] else {
                throw .masterKey("\(path) is damaged: restore it from a backup; without it the sealed secrets are lost")
            }
            keys.append(key)
        }
        guard let current = keys.first else { throw .masterKey("\(path) is empty: restore it from a backup") }
        return MasterKeyRing(current: current, former: Array(keys.dropFirst()))
    }

    private static func write(_ ring: MasterKeyRing, _ path: String, isNew: Bool) throws(AccessError) {
        let text = ([ring.current] + ring.former).map { "\($0.id) \($0.text)\n" }.joined()
        do throws(FileSystemError) { try PrivateFile.write(Array(text.utf8), to: path, replacing: !isNew) } catch {
            throw .masterKey(error.description)
        }
    }
}
