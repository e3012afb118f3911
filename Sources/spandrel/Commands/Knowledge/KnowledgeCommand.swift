/// `spandrel kb`: a knowledge base as a folder of files, so that it can live in a Git repository.

import ArgumentParser
import KnowledgeFiles

struct KnowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kb", abstract: "Keeps a knowledge base as files: pull, push, diff, promote.",
        discussion: """
            Articles are Markdown files with a head in YAML, operations and tables are YAML files; a file's path is its entry's key. What the \
            folder was pulled from stands in .spandrel-kb.json, which belongs into version control beside the files.
              spandrel kb pull --dir kb
              spandrel kb diff --dir kb
              spandrel kb push --dir kb --draft refunds --message 'Refunds take 30 days'
              spandrel kb promote --draft refunds --wait
            """,
        subcommands: [KnowledgePullCommand.self, KnowledgePushCommand.self, KnowledgeDiffCommand.self, KnowledgePromoteCommand.self])
}

/// The folder that a command is about.
struct FolderOptions: ParsableArguments {
    @Option(name: .customLong("dir"), help: "The folder of the files.")
    var directory = "kb"

    func validate() throws {
        guard !directory.isEmpty, !directory.utf8.contains(0) else { throw ValidationError("--dir must name a folder") }
    }

    func folder(creating: Bool = false) throws -> KnowledgeFolder { try KnowledgeFolder(directory, creating: creating) }
}

/// Names of drafts, which become parts of paths.
enum DraftName {
    static func check(_ name: String) throws {
        func isPlain(_ character: Character) -> Bool {
            character.isASCII && (character.isLowercase || character.isNumber || "._-".contains(character))
        }
        guard (1...100).contains(name.utf8.count), name.allSatisfy(isPlain), let first = name.first, !"._-".contains(first) else {
            throw ValidationError(
                "--draft must have 1 to 100 of a-z, 0-9, point, underscore and hyphen, and begin with a letter or a digit")
        }
    }
}
