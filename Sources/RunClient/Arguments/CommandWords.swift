/// `--exec 'python answer.py --model "a b"'` as the words of a program and its arguments, quoted as in a POSIX shell. There is no shell:
/// what would need one (pipes, redirections, variables) is refused with the way to ask for it.

package enum CommandWords {
    /// At least one word. Errors: an open quote, no word, something for a shell.
    package static func split(_ text: String) throws(RunClientError) -> [String] {
        var words: [String] = [], word: String?
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case " ", "\t", "\n":
                if let done = word { words.append(done) }
                word = nil
            case "'":
                guard let end = rest.firstIndex(of: "'") else { throw RunClientError("--exec: a ' is open") }
                word = (word ?? "") + rest[..<end]
                rest = rest[rest.index(after: end)...]
            case "\"": word = (word ?? "") + (try doubleQuoted(&rest))
            case "\\":
                guard let next = rest.popFirst() else { throw RunClientError("--exec ends with a backslash") }
                // A line that goes on is no more than that.
                if next != "\n" { word = (word ?? "") + String(next) }
            case "|", "&", ";", "<", ">", "`", "$", "*", "?", "(", ")":
                throw RunClientError(
                    "--exec: \(character) is for a shell, and there is none. Quote it, or give the command to one: "
                        + "--exec \"sh -c '...'\"")
            default: word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        guard words.first?.isEmpty == false else { throw RunClientError("--exec: a command is due") }
        guard !words.contains(where: { $0.utf8.contains(0) }) else { throw RunClientError("--exec: a command has no NUL character") }
        return words
    }

    /// Up to the closing quote. A backslash escapes itself, the quote, `$` and a backquote.
    private static func doubleQuoted(_ rest: inout Substring) throws(RunClientError) -> String {
        var content = ""
        while let character = rest.popFirst() {
            if character == "\"" { return content }
            guard character == "\\", let next = rest.popFirst() else {
                content.append(character)
                continue
            }
            if !["\"", "\\", "$", "`"].contains(next) { content.append("\\") }
            content.append(next)
        }
        throw RunClientError("--exec: a \" is open")
    }
}
