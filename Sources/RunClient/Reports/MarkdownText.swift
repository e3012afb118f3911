/// Texts of cases and models in GitHub's Markdown, inert: they end no table cell, begin no markup, load nothing, mention nobody.
///
/// Every ASCII character that means something becomes a numeric reference, which CommonMark (section 2.5) never reads as structure; the
/// whole stands in `<code>`, where mentions, emoji names and formulas are left alone.

package enum MarkdownText {
    /// On one line, at most so many Unicode scalars; an empty text stays empty.
    package static func code(_ text: String, maximumCharacterCount: Int = RunClientLimits.maximumCellCharacterCount) -> String {
        let line = PlainText.line(text, maximumCharacterCount: maximumCharacterCount)
        return line.isEmpty ? "" : "<code>\(inert(line))</code>"
    }

    /// Sentences of the server's own, which may quote names that people chose.
    package static func sentence(_ text: String) -> String {
        inert(PlainText.line(text, maximumCharacterCount: 4 * RunClientLimits.maximumCellCharacterCount))
    }

    private static func inert(_ line: String) -> String {
        var result = ""
        for scalar in line.unicodeScalars {
            if scalar.isASCII, !isPlain(scalar) {
                result += "&#\(scalar.value);"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", " ", ",", ";", "?", "%", "-", "(", ")": true
        default: false
        }
    }
}
