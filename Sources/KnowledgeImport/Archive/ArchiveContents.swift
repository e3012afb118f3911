/// What the files of an archive come to, one file after the other.

import KnowledgeModel

struct ArchiveContents {
    var result = ImportedKnowledge()
    /// What is left for the files that are still to come.
    private var budget: ImportBudget
    /// Files that are not read.
    var otherFiles: [String] = []
    /// Which file has the entry of a key.
    private var files: [EntryKey: String] = [:]

    init(budget: ImportBudget) { self.budget = budget }

    var finished: ImportedKnowledge {
        guard let first = otherFiles.first else { return result }
        var result = result
        let message =
            otherFiles.count == 1
            ? "the file is neither Markdown nor in openapi/; it was left out"
            : "\(otherFiles.count) files are neither Markdown nor in openapi/; they were left out"
        result.add(ImportProblem(.warning, at: ImportPlace(file: first), message))
        return result
    }

    /// Throws `ImportProblem`: the file is none that can be taken.
    mutating func readMarkdown(_ file: ZipReader.File, _ zip: ZipReader) throws(ImportProblem) {
        guard file.byteCount <= KnowledgeImportLimits.maximumMarkdownByteCount else {
            throw ImportProblem(
                at: ImportPlace(file: file.path),
                "the file has \(file.byteCount) bytes; at most \(KnowledgeImportLimits.maximumMarkdownByteCount) are read")
        }
        var problems: [ImportProblem] = []
        let entry = try MarkdownFile.entry(try zip.read(file), at: file.path, &problems)
        for problem in problems { result.add(problem) }
        var measure = Measure()
        measure.add(entry.content.json, level: 0)
        guard budget.spend(byteCount: measure.byteCount) else {
            throw ImportProblem(at: ImportPlace(file: file.path), ImportBudget.bytesAreSpent)
        }
        take(entry, file.path)
    }

    /// As above, for an OpenAPI document.
    mutating func readDocument(_ file: ZipReader.File, named name: String, _ zip: ZipReader) throws(ImportProblem) {
        guard file.byteCount <= KnowledgeImportLimits.maximumDocumentByteCount else {
            throw ImportProblem(
                at: ImportPlace(file: file.path),
                "the document has \(file.byteCount) bytes; at most \(KnowledgeImportLimits.maximumDocumentByteCount) are read")
        }
        let bytes = try zip.read(file)
        let imported: ImportedKnowledge
        do throws(KnowledgeImportError) {
            imported = try OpenAPIDocument.read(bytes, named: nil, orNamed: name, within: &budget)
        } catch {
            throw ImportProblem(at: error.place, error.message).inFile(file.path)
        }
        for problem in imported.problems { result.add(problem.inFile(file.path)) }
        result.omittedProblemCount += imported.omittedProblemCount
        for entry in imported.entries { take(entry, file.path) }
    }

    private mutating func take(_ entry: KnowledgeEntry, _ path: String) {
        if let other = files[EntryKey(entry.key)] {
            result.add(ImportProblem(at: ImportPlace(file: path), "\(other) has an entry with the key '\(entry.key)' already"))
        } else if result.entries.count >= KnowledgeLimits.maximumEntryCount {
            result.add(
                ImportProblem(at: ImportPlace(file: path), "a knowledge base has at most \(KnowledgeLimits.maximumEntryCount) entries"))
        } else {
            files[EntryKey(entry.key)] = path
            result.entries.append(entry)
        }
    }
}
