/// Puts the pages' templates and assets into the binary: at build time, one Swift file is made of the target's folders `Templates` and
/// `Assets`. The file lies in the build folder and is no part of the repository.

import Foundation
import PackagePlugin

@main
struct EmbedResources: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedResources.swift")
        let folders = ["Templates", "Assets"].map { target.directoryURL.appending(path: $0) }
        return [
            .buildCommand(
                displayName: "Embedding the resources of \(target.name)", executable: try context.tool(named: "resource-embedder").url,
                arguments: [target.directoryURL.path, output.path], inputFiles: folders.flatMap(Self.files), outputFiles: [output])
        ]
    }

    private static func files(in folder: URL) -> [URL] {
        guard let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]) else { return [] }
        return all.compactMap { $0 as? URL }
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
            .sorted { $0.path < $1.path }
    }
}
