/// Finds where a pattern matches: the leftmost match, of those the longest, then the next behind it. Empty matches are none.
///
/// A first pass says in linear time whether there is any match; most texts end there. Finding the places tries each byte as a
/// beginning, which an ill-meant pattern and text can make quadratic: `find` gives up after a stated number of steps. A step is a
/// byte looked at, or an instruction looked at while a state is made.
///
/// One per thread: matching fills its tables.
package struct RegularExpressionFinder {
    private var search: RegularExpressionMatcher
    private var anchored: RegularExpressionMatcher
    /// Of the last call of `find`.
    package private(set) var stepCount = 0

    package init(_ expression: RegularExpression) {
        search = RegularExpressionMatcher(expression)
        anchored = RegularExpressionMatcher(expression, isAnchored: true)
    }

    /// Whether the pattern matches somewhere, be it the empty text. Linear in the text.
    package mutating func matches(_ text: UnsafeRawBufferPointer) -> Bool { search.matches(text) }

    /// The matches in their order, without overlaps; nil when `maximumStepCount` did not suffice.
    package mutating func find(_ text: UnsafeRawBufferPointer, maximumStepCount: Int) -> [Range<Int>]? {
        var steps = maximumStepCount
        defer { stepCount = maximumStepCount - max(0, steps) }
        guard let hasMatch = search.matches(text, steps: &steps) else { return nil }
        guard hasMatch else { return [] }
        var found: [Range<Int>] = []
        var start = 0
        while start < text.count {
            let end = anchored.longestMatch(text, from: start, steps: &steps)
            guard steps > 0 else { return nil }
            if let end, end > start {
                found.append(start..<end)
                start = end
            } else {
                start += 1
                steps -= 1
            }
        }
        return found
    }
}
