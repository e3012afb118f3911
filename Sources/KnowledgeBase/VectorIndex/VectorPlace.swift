/// Where a worker keeps the vectors of knowledge bases: a directory that it was given, or one of its own that goes with it.

import FileSystem
import Glibc

package struct VectorPlace: Sendable {
    package let path: String
    private let isOwn: Bool

    /// Throws `unavailable`: no directory can be made.
    package init(given: String?) throws(KnowledgeSearchError) {
        if let given {
            (path, isOwn) = (given, false)
            return
        }
        var template = Array(((getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/spandrel-vectors-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw KnowledgeSearchError(.unavailable, "no temporary directory can be made for vectors; give --vector-directory")
        }
        (path, isOwn) = (String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self), true)
    }

    /// What is left of an own one after a crash is the system's to clear, as all temporary files are.
    package func remove() {
        guard isOwn else { return }
        let files = LocalFileSystem()
        for name in (try? files.list(path)) ?? [] { try? files.remove(FilePath.join(path, name)) }
        rmdir(path)
    }
}
