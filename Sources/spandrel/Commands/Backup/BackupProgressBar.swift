/// How far a backup or a restore is, on a terminal: one part behind the other. Told from any thread.

import Synchronization

final class BackupProgressBar: Sendable {
    private let bar = Mutex<InspectProgress?>(nil)

    func begin(_ part: String, of byteCount: Int) {
        bar.withLock { bar in
            bar?.end()
            bar = InspectProgress(part, of: byteCount)
        }
    }

    func add(_ byteCount: Int) { bar.withLock { $0?.add(byteCount) } }

    func end() {
        bar.withLock { bar in
            bar?.end()
            bar = nil
        }
    }
}

/// Folders as they are named on a command line.
enum BackupPath {
    /// Without slashes behind.
    static func plain(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
