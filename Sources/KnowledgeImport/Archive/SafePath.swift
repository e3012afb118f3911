/// Keys and names as paths of files that every file system takes and no archive refuses. What is changed on the way is said inside of the file.

enum SafePath {
    /// Bytes of one part: file systems take 255, with room for a suffix.
    private static let maximumPartByteCount = 200

    static func path(_ name: String) -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(part)
        var path = parts.joined(separator: "/")
        while path.utf8.count > KnowledgeImportLimits.maximumPathByteCount - 64 { path.removeLast() }
        return path
    }

    private static func part(_ part: Substring) -> String {
        var scalars = String.UnicodeScalarView()
        var byteCount = 0
        for scalar in part.unicodeScalars {
            let isSafe = !ImportedText.isControl(scalar) && !#"\:*?"<>|"#.unicodeScalars.contains(scalar)
            let kept: Unicode.Scalar = isSafe ? scalar : "_"
            byteCount += UTF8.width(kept)
            guard byteCount <= maximumPartByteCount else { break }
            scalars.append(kept)
        }
        // A dot in front hides a file, one behind it or a space is dropped by some systems.
        if scalars.first == "." { scalars.replaceSubrange(...scalars.startIndex, with: ["_"]) }
        if let last = scalars.last, last == "." || last == " " {
            scalars.removeLast()
            scalars.append("_")
        }
        return scalars.isEmpty ? "_" : String(scalars)
    }
}
