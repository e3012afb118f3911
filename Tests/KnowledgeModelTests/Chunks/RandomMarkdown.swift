/// Texts that look like Markdown, and texts that only nearly do.
import SeededRandom
enum RandomMarkdown {
    static func text(pieces: Int, _ generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...pieces, using: &generator) {
            text += piece(&generator)
            text += ["", "\n", "\n", "\n\n", "\n\n", "\n \n\n", "\r\n"].randomElement(using: &generator) ?? ""
        }
        return text
    }

    private static func piece(_ generator: inout SeededGenerator) -> String {
        func indentation() -> String { String(repeating: " ", count: [0, 0, 0, 1, 2, 3, 4, 6].randomElement(using: &generator) ?? 0) }
        let level = Int.random(in: 1...6, using: &generator)
        switch Int.random(in: 0..<14, using: &generator) {
        case 0, 1, 2: return indentation() + String(repeating: "#", count: level) + " " + words(1...6, &generator)
        case 3: return words(1...4, &generator) + "\n" + (level < 4 ? "===" : "---")
        case 4, 5: return indentation() + words(1...60, &generator)
        case 6: return words(100...900, &generator)
        case 7: return list(indentation(), &generator)
        case 8: return "```\n# " + words(1...5, &generator) + "\n" + lines(0...80, &generator) + (level > 1 ? "\n```" : "")
        case 9: return "| a | b |\n|---|---|\n" + rows(0...90, &generator)
        case 10: return "> " + words(1...30, &generator)
        case 11:
            return ["<!--", "-->", "<div>", "</div>", "<pre>", "</pre>", "---", "***", "#", "```", "~~~~"].randomElement(using: &generator)
                ?? ""
        case 12:
            return String(repeating: ["x", "é", "漢", "🦜", "`", "#", "|", " "].randomElement(using: &generator) ?? "", count: level * 400)
        default: return words(1...12, &generator) + "。" + words(1...12, &generator) + "！"
        }
    }

    private static func words(_ count: ClosedRange<Int>, _ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: count, using: &generator)).map { _ in
            let word =
                ["refund", "a", "the", "Straße", "漢字", "🦜", "x_y", "42", "`code`", "*so*", "[a](b)"].randomElement(using: &generator) ?? ""
            return generator.chance(10) ? word + [".", "!", "?\n", ","][Int.random(in: 0..<4, using: &generator)] : word
        }.joined(separator: generator.chance(5) ? "  " : " ")
    }

    private static func lines(_ count: ClosedRange<Int>, _ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: count, using: &generator)).map { _ in words(0...12, &generator) }.joined(separator: "\n")
    }

    private static func list(_ indentation: String, _ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...20, using: &generator)).map { index in
            indentation + (generator.chance(50) ? "- " : "\(index + 1). ") + words(1...30, &generator)
        }.joined(separator: "\n")
    }

    private static func rows(_ count: ClosedRange<Int>, _ generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: count, using: &generator)).map { "| \($0) | \(words(1...9, &generator).replacing("\n", with: " ")) |" }
            .joined(separator: "\n")
    }
}
