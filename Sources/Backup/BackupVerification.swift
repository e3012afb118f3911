/// Reads every file of a backup and holds it against the list: is it there, has it its size, has it its checksum?

import Crypto
import FileSystem

package struct BackupVerification {
    package let fileSystem: any FileSystem
    /// The folder of one backup.
    package let path: String

    package struct Report: Sendable, Equatable {
        package var manifest: BackupManifest
        /// One sentence for each file that is not as it was.
        package var faults: [String] = []
        /// Files that the list does not name: nobody restores them.
        package var unlisted: [String] = []
    }

    package init(fileSystem: any FileSystem = LocalFileSystem(), path: String) {
        self.fileSystem = fileSystem
        self.path = path
    }

    /// - Parameter progress: is told of bytes that were read.
    package func run(progress: (Int) -> Void = { _ in }) throws -> Report {
        let manifest = try BackupFolder.manifest(of: path, fileSystem)
        var report = Report(manifest: manifest)
        for file in manifest.files {
            if let fault = try fault(of: file, progress) { report.faults.append(fault) }
        }
        let listed = Set(manifest.files.map(\.path)).union([BackupManifest.fileName])
        report.unlisted = try fileSystem.files(below: path).filter { !listed.contains($0) }
        return report
    }

    private func fault(of file: BackupManifest.File, _ progress: (Int) -> Void) throws(FileSystemError) -> String? {
        var hash = SHA256()
        do throws(FileSystemError) {
            let byteCount = try fileSystem.read(FilePath.join(path, file.path)) { bytes in
                hash.update(bufferPointer: bytes)
                progress(bytes.count)
            }
            if byteCount != file.byteCount { return "\(file.path) has \(byteCount) bytes instead of \(file.byteCount)" }
            return hash.finalize().hex == file.sha256 ? nil : "\(file.path) is damaged: its checksum does not fit"
        } catch {
            switch error.code {
            case .notFound: return "\(file.path) is missing"
            case .io: return "\(file.path) cannot be read: \(error)"
            case .exists, .noSpace, .permission, .locked, .other: throw error
            }
        }
    }
}
