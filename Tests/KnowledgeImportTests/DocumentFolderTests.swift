/// Documents of a folder that somebody names, read and told about: for documents that are not kept in the repository.

import Foundation
import KnowledgeImport
import KnowledgeModel
import Testing

private let folder = ProcessInfo.processInfo.environment["SPANDREL_TEST_DOCUMENTS"]

@Suite struct DocumentFolderTests {
    @Test("every document of the folder is read or refused with a reason", .enabled(if: folder != nil))
    func folderIsRead() throws {
        let root = try #require(folder)
        let files = try FileManager.default.subpathsOfDirectory(atPath: root).sorted().filter { name in
            [".json", ".yaml", ".yml"].contains { name.hasSuffix($0) }
        }
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: root + "/" + file)))
            let start = ContinuousClock.now
            do throws(KnowledgeImportError) {
                let result = try OpenAPIDocument.read(bytes, named: "it")
                let time = ContinuousClock.now - start
                print(
                    "\(file): \(bytes.count >> 10) KiB, \(result.entries.count) operations, "
                        + "\(result.problems.count + result.omittedProblemCount) problems, \(time)")
                for problem in result.problems.prefix(4) { print("    \(problem.severity) \(problem)") }
            } catch {
                print("\(file): \(error)")
            }
        }
    }
}
