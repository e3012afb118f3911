/// A regular expression (of `_matches`, of redaction rules): parsed and compiled once, matched in time linear in the text whatever the pattern.
///
/// Supported: literals, `.` (anything but a line feed), classes `[a-z0-9_]` `[^...]`, `\d \w \s \D \W \S` (ASCII),
/// `\n \t \r \xHH \u{H...}` and escaped punctuation, anchors `^` and `$` (of the whole text), groups `(...)` and `(?:...)`,
/// alternation, `* + ? {m} {m,} {m,n}` (also lazy, which changes nothing in a yes-or-no match), and `(?i)` at the
/// front for ASCII letters in either case. Not supported, and refused by name: back-references, look-around, word boundaries.
/// A match may lie anywhere in the text.
package struct RegularExpression: Equatable, Sendable, CustomStringConvertible {
    package let pattern: String
    let program: RegularExpressionProgram

    package init(_ pattern: String) throws(RegularExpressionError) {
        guard pattern.utf8.count <= RegularExpressionLimits.maximumByteCount else {
            throw RegularExpressionError(
                "a regular expression has at most \(RegularExpressionLimits.maximumByteCount) bytes", offset: 0)
        }
        self.pattern = pattern
        var parser = RegularExpressionParser(pattern)
        let node = try parser.parse()
        var compiler = RegularExpressionCompiler()
        program = try compiler.compile(node)
    }

    package static func == (a: Self, b: Self) -> Bool { a.pattern == b.pattern }

    package var description: String { "/\(pattern)/" }
}

package struct RegularExpressionError: Error, Equatable, Sendable, CustomStringConvertible {
    package let message: String
    /// Which character of the pattern, from 0.
    package let offset: Int

    init(_ message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }

    package var description: String { "\(message) (at character \(offset + 1) of the pattern)" }
}

/// The syntax tree.
indirect enum RegularExpressionNode: Equatable {
    case empty
    /// Sorted, disjoint ranges of Unicode scalars.
    case scalars([ClosedRange<UInt32>])
    case start
    case end
    case sequence([RegularExpressionNode])
    case alternatives([RegularExpressionNode])
    /// No maximum: any number.
    case repeated(RegularExpressionNode, minimum: Int, maximum: Int?)
}
