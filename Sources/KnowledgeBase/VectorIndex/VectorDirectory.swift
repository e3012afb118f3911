import ByteCoding
import FileSystem
import TraceModel

/// The folder of vector files.
///
///     PROJECT-MODEL-D-N.vectors    the project's UUID, 16 hex digits of the hash of the model's name, numbers of a vector, a number from 0
///
/// A file belongs to the process that holds its lock. Two processes on one folder (a server and its workers, an old and a new server) keep
/// apart by that: each takes the first file of its project, model and dimension that nobody has, and makes another if there is none; neither waits for
/// nor reads the other's. When a file is made, those of the project that nobody holds go: they are of models no longer used, or were left by
/// a process that ended while it made them. Those of projects that are gone go with time (`VectorCleaning`).
struct VectorDirectory: Sendable {
    private static let suffix = ".vectors"
    let path: String
    private let fileSystem = LocalFileSystem()

    /// Makes the folder if it is missing.
    init(path: String) throws(FileSystemError) {
        self.path = path
        try fileSystem.createDirectory(path)
    }

    /// A file from earlier that nobody has; nil if there is none. Those that cannot be read are removed.
    func open(project: ProjectID, model: String, dimensionCount: Int) throws(FileSystemError) -> VectorIndex? {
        for name in try names(of: project) where name.hasPrefix(Self.prefix(project, model, dimensionCount)) {
            guard let file = try LockedFile.open(FilePath.join(path, name)) else { continue }
            if let index = try VectorIndex.read(file, VectorFileFormat(dimensionCount: dimensionCount, project: project, model: model)) {
                return index
            }
            try file.remove()
        }
        return nil
    }

    /// Makes an empty file beside those there are.
    func create(project: ProjectID, model: String, dimensionCount: Int) throws(KnowledgeSearchError) -> VectorIndex {
        do throws(FileSystemError) {
            for name in try names(of: project) { try LockedFile.open(FilePath.join(path, name))?.remove() }
            let format = VectorFileFormat(dimensionCount: dimensionCount, project: project, model: model)
            for number in 0..<KnowledgeSearchLimits.maximumFileCount {
                let name = Self.prefix(project, model, dimensionCount) + "\(number)" + Self.suffix
                if let file = try LockedFile.create(FilePath.join(path, name)) { return try VectorIndex.begin(file, format) }
            }
        } catch { throw KnowledgeSearchError(error) }
        throw KnowledgeSearchError(
            .unavailable, "\(KnowledgeSearchLimits.maximumFileCount) processes hold vector files of this project in \(path)")
    }

    /// Takes away the files that nobody has of projects and models that are not among these.
    func removeUnused(keeping models: [ProjectID: Set<String>]) throws(FileSystemError) {
        let prefixes = Set(models.flatMap { project, models in models.map { Self.prefix(project, $0) } })
        for name in try fileSystem.list(path) where name.hasSuffix(Self.suffix) {
            // PROJECT-MODEL- of PROJECT-MODEL-D-N.vectors; what is called otherwise is none of ours.
            guard ProjectID(uuid: String(name.prefix(36))) != nil else { continue }
            if !prefixes.contains(String(name.prefix(54))) { try LockedFile.open(FilePath.join(path, name))?.remove() }
        }
    }

    private func names(of project: ProjectID) throws(FileSystemError) -> [String] {
        try fileSystem.list(path).filter { $0.hasPrefix(project.uuid + "-") && $0.hasSuffix(Self.suffix) }
    }

    private static func prefix(_ project: ProjectID, _ model: String, _ dimensionCount: Int) -> String {
        prefix(project, model) + "\(dimensionCount)-"
    }

    private static func prefix(_ project: ProjectID, _ model: String) -> String {
        let digits = String(VectorFileFormat.hash(ofModel: model).high, radix: 16)
        return "\(project.uuid)-\(String(repeating: "0", count: 16 - digits.count))\(digits)-"
    }
}
