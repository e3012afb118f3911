/// Every limit of regular expressions, with its reason.
package enum RegularExpressionLimits {
    /// Instructions of a compiled regular expression: bounds its memory and the cost of building one state.
    package static let maximumSize = 4096
    /// Highest count in `{m,n}`.
    package static let maximumRepeat = 256
    /// Nesting of groups of a regular expression: bounds the parser's recursion.
    package static let maximumDepth = 32
    /// Bytes of a pattern.
    package static let maximumByteCount = 1024
    /// States a matcher keeps before it forgets them and starts anew: 1 KiB each.
    package static let maximumStateCount = 1024
}
