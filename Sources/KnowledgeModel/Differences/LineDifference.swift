/// A place where the lines of two texts differ, with the lines around it: a hunk, as `diff -u` calls it.

package struct LineDifference: Sendable, Equatable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case same, removed, added
    }

    package struct Line: Sendable, Equatable {
        package var kind: Kind
        /// Without its line feed.
        package var text: String
        /// False only of the last line of a text, if none follows it.
        package var hasLineFeed: Bool

        package init(_ kind: Kind, _ text: String, hasLineFeed: Bool = true) {
            self.kind = kind
            self.text = text
            self.hasLineFeed = hasLineFeed
        }
    }

    /// Lines of either text before this place.
    package var oldOffset: Int
    package var newOffset: Int
    package var lines: [Line]

    package var oldCount: Int { lines.lazy.filter { $0.kind != .added }.count }
    package var newCount: Int { lines.lazy.filter { $0.kind != .removed }.count }

    /// Lines around a change.
    static let contextCount = 3

    /// In their order; changes with at most twice the context between them are in one.
    package static func differences(from old: String, to new: String) -> [LineDifference] {
        let olds = TextLines.lines(of: old), news = TextLines.lines(of: new)
        var numbers = TextLines()
        let matching = LineMatching(numbers.numbers(of: olds), numbers.numbers(of: news))
        var differences: [LineDifference] = []
        // Where the old lines end that are told so far.
        var oldEnd = 0
        for change in matching.changes(newCount: news.count) {
            if var last = differences.popLast() {
                let between = change.old.lowerBound - oldEnd
                if between <= 2 * contextCount {
                    last.append(olds[oldEnd..<change.old.lowerBound], .same)
                    last.append(olds[change.old], .removed)
                    last.append(news[change.new], .added)
                    differences.append(last)
                } else {
                    last.append(olds[oldEnd..<oldEnd + contextCount], .same)
                    differences += [last, beginning(change, olds, news)]
                }
            } else {
                differences.append(beginning(change, olds, news))
            }
            oldEnd = change.old.upperBound
        }
        if var last = differences.popLast() {
            last.append(olds[oldEnd..<min(olds.count, oldEnd + contextCount)], .same)
            differences.append(last)
        }
        return differences
    }

    private static func beginning(
        _ change: (old: Range<Int>, new: Range<Int>), _ olds: [Substring], _ news: [Substring]
    ) -> LineDifference {
        let context = min(contextCount, change.old.lowerBound)
        var difference = LineDifference(
            oldOffset: change.old.lowerBound - context, newOffset: change.new.lowerBound - context, lines: [])
        difference.append(olds[change.old.lowerBound - context..<change.old.lowerBound], .same)
        difference.append(olds[change.old], .removed)
        difference.append(news[change.new], .added)
        return difference
    }

    private mutating func append(_ lines: ArraySlice<Substring>, _ kind: Kind) {
        for line in lines {
            let hasLineFeed = line.utf8.last == UInt8(ascii: "\n")
            // A carriage return before the line feed is one character with it: the text is cut by bytes.
            self.lines.append(
                Line(kind, hasLineFeed ? String(decoding: line.utf8.dropLast(), as: UTF8.self) : String(line), hasLineFeed: hasLineFeed))
        }
    }

    /// As `diff -u` prints it.
    package var unified: String {
        func place(_ offset: Int, _ count: Int) -> String {
            let first = count == 0 ? offset : offset + 1
            return count == 1 ? "\(first)" : "\(first),\(count)"
        }
        var text = "@@ -\(place(oldOffset, oldCount)) +\(place(newOffset, newCount)) @@\n"
        for line in lines {
            let mark =
                switch line.kind {
                case .same: " "
                case .removed: "-"
                case .added: "+"
                }
            text += mark + line.text + "\n"
            if !line.hasLineFeed { text += "\\ No newline at end of file\n" }
        }
        return text
    }
}

extension LineMatching {
    /// Ranges without pairs, in their order: what was taken away and what stands there instead.
    func changes(newCount: Int) -> [(old: Range<Int>, new: Range<Int>)] {
        var changes: [(old: Range<Int>, new: Range<Int>)] = []
        var old = 0, new = 0
        func change(to nextOld: Int, _ nextNew: Int) {
            if nextOld > old || nextNew > new { changes.append((old: old..<nextOld, new: new..<nextNew)) }
        }
        for (line, pair) in newLines.enumerated() {
            guard let pair else { continue }
            change(to: line, pair)
            (old, new) = (line + 1, pair + 1)
        }
        change(to: newLines.count, newCount)
        return changes
    }
}
