import Foundation

/// The Swift files of the repository as the architecture tests see them: found from this file's own place, comments and
/// string literals told apart from code.
struct SourceFile: Sendable {
    /// From the root of the repository, such as `Sources/OTLP/OTLPLimits.swift`.
    let path: String
    let lines: [String]
    /// The lines without comments and without the content of string literals.
    let codeLines: [String]

    /// The folder under `Sources/`, which is the target.
    var target: String { String(path.split(separator: "/")[1]) }
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// The modules imported, `@preconcurrency import Glibc` and `import struct Foundation.Date` alike.
    let imports: [String]
    /// The names of types declared, nested ones included.
    let typeNames: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        codeLines = SourceTree.withoutCommentsAndLiterals(lines)
        let words = codeLines.map { $0.utf8.split { $0 == UInt8(ascii: " ") }.map { String(Substring($0)) } }
        imports = words.compactMap(Self.importedModule)
        typeNames = words.flatMap(Self.declaredTypes)
    }

    private static func importedModule(_ line: [String]) -> String? {
        var words = line[...]
        while let first = words.first, first.hasPrefix("@") || ["public", "package", "internal", "private"].contains(first) {
            words = words.dropFirst()
        }
        guard words.first == "import" else { return nil }
        words = words.dropFirst()
        if let kind = words.first, ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"].contains(kind) {
            words = words.dropFirst()
        }
        return words.first.map { String($0.split(separator: ".")[0]) }
    }

    private static func declaredTypes(_ words: [String]) -> [String] {
        zip(words, words.dropFirst()).compactMap { keyword, name in
            guard ["struct", "class", "enum", "actor", "protocol", "typealias"].contains(keyword) else { return nil }
            return String(name.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        }
    }
}

enum SourceTree {
    /// The directory of Package.swift, searched for upwards from this file with symbolic links resolved.
    static let root: URL = {
        var place = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: place.appending(path: "Package.swift").path), place.path != "/" {
            place.deleteLastPathComponent()
        }
        return place
    }()

    static let sources = files(under: "Sources")
    static let tests = files(under: "Tests")

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func folders(under folder: String) -> [String] {
        let entries =
            (try? FileManager.default.contentsOfDirectory(at: root.appending(path: folder), includingPropertiesForKeys: [.isDirectoryKey]))
            ?? []
        return entries.filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true }.map(\.lastPathComponent).sorted()
    }

    private static func files(under folder: String) -> [SourceFile] {
        let base = root.appending(path: folder)
        guard let all = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return all.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap { relative in
            guard let text = try? String(contentsOf: base.appending(path: relative), encoding: .utf8) else { return nil }
            return SourceFile(path: folder + "/" + relative, text: text)
        }
    }

    /// Blanks comments and literals. Knows line and block comments, `"…"` with escapes and `"""` blocks; a raw string is taken
    /// for a plain one, which only ever hides code on its own line. Works on bytes: all sources go through it in every run.
    static func withoutCommentsAndLiterals(_ lines: [String]) -> [String] {
        let quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\"), slash = UInt8(ascii: "/"), star = UInt8(ascii: "*")
        var inBlockComment = false
        var inTextBlock = false
        return lines.map { line in
            let text = Array(line.utf8)
            var code: [UInt8] = []
            var place = 0
            func byte(_ offset: Int) -> UInt8 { place + offset < text.count ? text[place + offset] : 0 }
            while place < text.count {
                if inBlockComment {
                    inBlockComment = !(byte(0) == star && byte(1) == slash)
                    place += inBlockComment ? 1 : 2
                } else if byte(0) == quote, byte(1) == quote, byte(2) == quote {
                    inTextBlock.toggle()
                    place += 3
                } else if inTextBlock {
                    place += 1
                } else if byte(0) == slash, byte(1) == slash {
                    break
                } else if byte(0) == slash, byte(1) == star {
                    inBlockComment = true
                    place += 2
                } else if byte(0) == quote {
                    code += [quote, quote]
                    place += 1
                    while place < text.count, text[place] != quote { place += text[place] == backslash ? 2 : 1 }
                    place += 1
                } else {
                    code.append(text[place])
                    place += 1
                }
            }
            return String(decoding: code, as: UTF8.self)
        }
    }
}
