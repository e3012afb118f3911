/// A regular expression of a redaction rule. What it finds is masked; where it takes too many steps, the whole text is.

import RegularExpressions

package struct CustomPattern: Equatable, Sendable {
    package let text: String
    let expression: RegularExpression

    package init(_ text: String) throws(RegularExpressionError) {
        self.text = text
        expression = try RegularExpression(text)
    }

    package static func == (a: Self, b: Self) -> Bool { a.text == b.text }
}
