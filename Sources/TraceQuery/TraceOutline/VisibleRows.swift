/// Which rows of an outline show when some of their subtrees are collapsed: the way from places on the screen to rows and back.

import TraceModel

package struct VisibleRows: Sendable {
    /// Rows below collapsed ones: ascending, apart from each other.
    private var hidden: [Range<Int>] = []
    /// How many rows the ranges before each one hide; one more element than `hidden`, the sum of all.
    private var hiddenBefore = [0]
    private let rowCount: Int

    /// Ids that the trace does not have, and rows with nothing below them, collapse nothing.
    package init(_ outline: TraceOutline, collapsed: Set<SpanID> = []) {
        rowCount = outline.rows.count
        for row in outline.rows(of: collapsed) {
            let below = row + 1..<Int(outline.rows[row].end)
            // Below a row that is collapsed already there is nothing to collapse.
            guard !below.isEmpty, row >= hidden.last?.upperBound ?? 0 else { continue }
            hidden.append(below)
            hiddenBefore.append((hiddenBefore.last ?? 0) + below.count)
        }
    }

    package var count: Int { rowCount - (hiddenBefore.last ?? 0) }

    /// The row at a position below `count`.
    package func row(at position: Int) -> Int {
        position + hiddenBefore[Self.partition(hidden.count) { hidden[$0].lowerBound - hiddenBefore[$0] <= position }]
    }

    /// Where a row shows; a hidden one where the collapsed row above it does.
    package func position(of row: Int) -> (position: Int, isHidden: Bool) {
        let before = Self.partition(hidden.count) { hidden[$0].lowerBound <= row }
        if before > 0, hidden[before - 1].contains(row) {
            return (hidden[before - 1].lowerBound - 1 - hiddenBefore[before - 1], true)
        }
        return (row - hiddenBefore[before], false)
    }

    /// Whether the row's subtree is collapsed.
    package func isCollapsed(_ row: Int) -> Bool {
        let before = Self.partition(hidden.count) { hidden[$0].lowerBound <= row + 1 }
        return before > 0 && hidden[before - 1].lowerBound == row + 1
    }

    /// How many of the first numbers satisfy a condition that holds up to some number and not behind it.
    private static func partition(_ count: Int, _ holds: (Int) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
