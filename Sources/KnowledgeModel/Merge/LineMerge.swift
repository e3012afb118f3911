/// Three texts merged by lines, as diff3 does: where only one side differs from the base, that side; where both differ in the same way,
/// that; where they differ in different ways, or right beside each other, a conflict.

enum LineMerge {
    /// Nil for a conflict.
    static func merge(base: String, ours: String, theirs: String) -> String? {
        let baseLines = TextLines.lines(of: base), ourLines = TextLines.lines(of: ours), theirLines = TextLines.lines(of: theirs)
        var numbers = TextLines()
        let base = numbers.numbers(of: baseLines), ours = numbers.numbers(of: ourLines), theirs = numbers.numbers(of: theirLines)
        let inOurs = LineMatching(base, ours).newLines, inTheirs = LineMatching(base, theirs).newLines
        var merged: [Substring] = []
        var line = 0, our = 0, their = 0
        while line < base.count || our < ours.count || their < theirs.count {
            if line < base.count, inOurs[line] == our, inTheirs[line] == their {
                merged.append(baseLines[line])
                (line, our, their) = (line + 1, our + 1, their + 1)
                continue
            }
            // Up to the next line that all three have.
            var nextLine = line
            while nextLine < base.count, inOurs[nextLine] == nil || inTheirs[nextLine] == nil { nextLine += 1 }
            let nextOur = nextLine < base.count ? inOurs[nextLine] ?? ours.count : ours.count
            let nextTheir = nextLine < base.count ? inTheirs[nextLine] ?? theirs.count : theirs.count
            let was = base[line..<nextLine], here = ours[our..<nextOur], there = theirs[their..<nextTheir]
            if was.elementsEqual(there) || here.elementsEqual(there) {
                merged += ourLines[our..<nextOur]
            } else if was.elementsEqual(here) {
                merged += theirLines[their..<nextTheir]
            } else {
                return nil
            }
            (line, our, their) = (nextLine, nextOur, nextTheir)
        }
        return String(decoding: merged.flatMap { Array($0.utf8) }, as: UTF8.self)
    }
}
