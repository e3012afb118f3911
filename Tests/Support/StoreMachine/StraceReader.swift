import FileSystem

/// Reads what `strace -f -y` wrote of a process into the calls that it made of its files. Calls that another thread's interrupted stand in two
/// lines, `<unfinished ...>` and `<... resumed>`; all others begin and end in one.
package struct StraceReader {
    /// The system calls to ask for.
    package static let calls =
        "openat,pwrite64,pwritev,write,fdatasync,fsync,rename,renameat,renameat2,unlink,unlinkat,ftruncate"

    private var unfinished: [Substring: (id: Int, text: String)] = [:]
    private var nextID = 0

    package init() {}

    /// What a line tells; nothing for most.
    package mutating func events(_ line: String) -> [WriteOrder.Event] {
        guard let space = line.firstIndex(of: " ") else { return [] }
        let thread = line[..<space], rest = line[space...].drop { $0 == " " }
        if rest.hasPrefix("<... "), let (id, _) = unfinished.removeValue(forKey: thread) {
            return [.ended(id: id, failed: Self.hasFailed(rest))]
        }
        guard let opening = rest.firstIndex(of: "(") else { return [] }
        let name = rest[..<opening], text = String(rest[rest.index(after: opening)...])
        if name == "write" { return Self.answer(text).map { [.answered($0)] } ?? [] }
        guard let call = Self.call(String(name), text) else { return [] }
        nextID += 1
        if rest.hasSuffix("<unfinished ...>") {
            unfinished[thread] = (nextID, text)
            return [.began(id: nextID, call)]
        }
        return [.began(id: nextID, call), .ended(id: nextID, failed: Self.hasFailed(rest))]
    }

    private static func hasFailed(_ text: some StringProtocol) -> Bool {
        // Bytes that were written stand in front of the last parenthesis.
        guard let close = text.lastIndex(of: ")") else { return false }
        return text[close...].contains("= -1 ") || text.contains(" = -1 E")
    }

    /// The lines of `StoreSoak life` that tell somebody that something is stored, or gone.
    private static func answer(_ text: String) -> String? {
        guard text.hasPrefix("1<"), let quote = text.firstIndex(of: "\"") else { return nil }
        let said = text[text.index(after: quote)...]
        guard said.hasPrefix("S "), said.contains(" A ") || said.contains(" D ") || said.contains(" O"), !said.contains("refused") else {
            return nil
        }
        return String(said.prefix { $0 != "\"" && $0 != "\\" })
    }

    private static func call(_ name: String, _ text: String) -> FileCall? {
        switch name {
        case "openat":
            guard text.contains("O_CREAT"), let path = quoted(text).first else { return nil }
            return FileCall(.create, path)
        case "pwrite64", "pwritev": return descriptor(text).map { FileCall(.write, $0, byteCount: 1, start: start(text)) }
        case "ftruncate": return descriptor(text).map { FileCall(.truncate, $0) }
        case "fdatasync": return descriptor(text).map { FileCall(.synchronize, $0) }
        // The store calls fsync of directories only.
        case "fsync": return descriptor(text).map { FileCall(.synchronizeDirectory, $0) }
        case "rename", "renameat", "renameat2":
            let paths = quoted(text)
            return paths.count == 2 ? FileCall(.rename, paths[0], target: paths[1]) : nil
        case "unlink", "unlinkat": return quoted(text).first.map { FileCall(.remove, $0) }
        default: return nil
        }
    }

    /// The path behind a file's number: `5</a/b>, ...`.
    private static func descriptor(_ text: String) -> String? {
        guard let open = text.firstIndex(of: "<"), let close = text[open...].firstIndex(of: ">") else { return nil }
        return String(text[text.index(after: open)..<close])
    }

    private static func quoted(_ text: String) -> [String] {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
    }

    /// The first bytes that were written, as far as they are plain.
    private static func start(_ text: String) -> [UInt8] {
        guard let quote = text.firstIndex(of: "\"") else { return [] }
        return Array(text[text.index(after: quote)...].utf8.prefix { $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\"") })
    }
}
