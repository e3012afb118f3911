/// Texts of cases and models on a terminal: nothing in them moves the cursor, colours the screen or reverses the line.

package enum PlainText {
    /// On one line, at most so many Unicode scalars.
    package static func line(_ text: String, maximumCharacterCount: Int = RunClientLimits.maximumLineCharacterCount) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == maximumCharacterCount { return String(line) + "…" }
            // A line break of any kind, or what was never meant to be seen.
            let shown = isUnsafe(scalar) ? " " : scalar
            if shown == " ", line.last == " " { continue }
            line.append(shown)
            count += 1
        }
        return String(line)
    }

    /// Control characters, line and paragraph separators, and what overrides the direction of a line.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
