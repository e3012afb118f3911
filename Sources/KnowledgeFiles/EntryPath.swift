/// Where the file of an entry lies: its key and a suffix, as far as every file system can have such a path. What had to be changed is said
/// inside of the file, by the member `key`.

import KnowledgeModel

package enum EntryPath {
    package static let articleSuffix = ".md"
    package static let structureSuffix = ".yaml"

    static func suffix(of kind: KnowledgeKind) -> String { kind == .article ? articleSuffix : structureSuffix }

    /// Whether an entry of this kind may lie at this path.
    package static func holds(_ path: String, _ kind: KnowledgeKind) -> Bool { path.hasSuffix(suffix(of: kind)) }

    /// Whether a file of this name is an entry's.
    static func isEntry(_ name: String) -> Bool {
        !name.hasPrefix(".") && [articleSuffix, structureSuffix].contains { name.hasSuffix($0) && name.utf8.count > $0.utf8.count }
    }

    /// The key of a file that says none.
    static func key(ofFile path: String) -> String {
        for suffix in [articleSuffix, structureSuffix] where path.hasSuffix(suffix) { return String(path.dropLast(suffix.count)) }
        return path
    }

    /// A path that leads nowhere out of a folder and into no hidden one, whatever the key.
    static func safe(_ key: String, _ kind: KnowledgeKind) -> String {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        let last = parts.count - 1
        return parts.enumerated().map { part($1, isFolder: $0 < last) }.joined(separator: "/") + suffix(of: kind)
    }

    /// The same, told apart from that of another key.
    static func marked(_ key: String, _ kind: KnowledgeKind) -> String {
        let path = safe(key, kind), suffix = suffix(of: kind)
        return path.dropLast(suffix.count) + "~" + KnowledgeHash(of: key.utf8).hex.prefix(12) + suffix
    }

    /// Equal for paths that are one on systems that tell neither upper from lower case nor forms of Unicode apart.
    static func folded(_ path: String) -> String { path.lowercased() }

    private static func part(_ part: Substring, isFolder: Bool) -> String {
        var scalars = String.UnicodeScalarView()
        var byteCount = 0
        for scalar in part.unicodeScalars {
            let kept: Unicode.Scalar = isSafe(scalar) ? scalar : "_"
            byteCount += UTF8.width(kept)
            guard byteCount <= KnowledgeFilesLimits.maximumPartByteCount else { break }
            scalars.append(kept)
        }
        // A dot in front hides a file, one behind it or a space is dropped by some systems.
        if scalars.first == "." { scalars.replaceSubrange(...scalars.startIndex, with: ["_"]) }
        if let last = scalars.last, last == "." || last == " " { scalars.append("_") }
        let text = String(scalars)
        if isReserved(text) { return "_" + text }
        // No folder is called like an entry's file.
        let isLikeFile = isFolder && [articleSuffix, structureSuffix].contains { text.lowercased().hasSuffix($0) }
        return text.isEmpty || isLikeFile ? text + "_" : text
    }

    /// `~` is what paths are told apart by, and the short names of Windows (`GIT~1`).
    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        if #"\:*?"<>|~"#.unicodeScalars.contains(scalar) { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    /// Names of devices, with whatever suffix, on Windows.
    private static func isReserved(_ text: String) -> Bool {
        let name = text.lowercased().prefix { $0 != "." }
        if ["con", "prn", "aux", "nul"].contains(name) { return true }
        return name.count == 4 && (name.hasPrefix("com") || name.hasPrefix("lpt")) && name.last?.isNumber == true
    }
}

/// Paths for entries that have none yet, no two alike.
package struct EntryPaths {
    private var taken: Set<String>

    /// `present`: paths of files that are there.
    package init(present: some Sequence<String>) { taken = Set(present.map(EntryPath.folded)) }

    /// Its own from then on.
    package mutating func path(of key: EntryKey, _ kind: KnowledgeKind) -> String {
        let path = EntryPath.safe(key.text, kind)
        if taken.insert(EntryPath.folded(path)).inserted { return path }
        let marked = EntryPath.marked(key.text, kind)
        taken.insert(EntryPath.folded(marked))
        return marked
    }
}
