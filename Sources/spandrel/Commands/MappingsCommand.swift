/// `spandrel mappings`: applies the mapping of today to what is stored.

import ArgumentParser

struct MappingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mappings", abstract: "Applies the mapping of attributes to what is stored.", subcommands: [Reapply.self])

    struct Reapply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reapply", abstract: "Works the fields of stored spans out anew, by the mapping and the prices of today.",
            discussion: """
                Only spans that an older mapping filled are looked at; their attributes stay as they were sent. With --dry-run nothing is \
                changed, and what would is counted.
                """)

        @OptionGroup var options: ReapplyOptions

        func run() async throws { try await CommandText.plainly { try await options.run("mappings") } }
    }
}
