/// Texts in XML 1.0, whatever is in them: what a model wrote may hold any character, and one that is not allowed makes the whole file
/// unreadable.

package enum XMLText {
    /// Between tags.
    package static func content(_ text: String) -> String { escaped(text, isAttribute: false) }

    /// Between double quotes. Line breaks and tabs stay what they are; readers would make spaces of them.
    package static func attribute(_ text: String) -> String { escaped(text, isAttribute: true) }

    private static func escaped(_ text: String, isAttribute: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where isAllowed(scalar) {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            // Else ]]> would be an error.
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            // Readers make a line feed of a bare one.
            case "\r": result.append(contentsOf: "&#13;".unicodeScalars)
            case "\n" where isAttribute: result.append(contentsOf: "&#10;".unicodeScalars)
            case "\t" where isAttribute: result.append(contentsOf: "&#9;".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// XML 1.0, section 2.2, without what it discourages: C1 controls and noncharacters. Swift's texts hold no surrogates.
    package static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d, 0x85: true
        case 0..<0x20, 0x7f..<0xa0, 0xfdd0...0xfdef: false
        default: scalar.value & 0xfffe != 0xfffe
        }
    }
}
