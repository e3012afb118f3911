/// Puts the files of a log in order by what their headers say. Pure: headers in, order and findings out.
///
/// Every header names the file before and how far that one is valid. From the highest number that was begun the chain is
/// walked back; a file before that is not there any more was recycled, unless a still older one exists: files are recycled
/// oldest first, so that one was lost. A file that was begun and is in nobody's chain held nothing that was acknowledged:
/// its beginning failed half-way.
struct WALChain: Equatable {
    struct Link: Equatable {
        var header: WALFileHeader
        /// Entries beyond were never acknowledged, entries up to it were. Nil where nobody says so: for the last file, and
        /// for one whose successor is lost.
        var validThroughLSN: UInt64?
        /// Where its last group ends; nil where nobody says so.
        var endByteOffset: Int?
    }

    /// Oldest first.
    private(set) var links: [Link] = []
    /// Begun and never used.
    private(set) var unused: [UInt64] = []
    /// Files that must exist and do not.
    private(set) var missing: [UInt64] = []

    init(headers: [WALFileHeader]) {
        let ordered = headers.sorted { $0.fileNumber < $1.fileNumber }
        var rest = ordered[...]
        var backwards: [Link] = []
        var validThroughLSN: UInt64?, endByteOffset: Int?
        while let header = rest.popLast() {
            backwards.append(Link(header: header, validThroughLSN: validThroughLSN, endByteOffset: endByteOffset))
            validThroughLSN = header.previousValidThroughLSN
            endByteOffset = header.previousEndByteOffset == 0 ? nil : Int(clamping: header.previousEndByteOffset)
            let previous = header.previousFileNumber
            // Nothing before: what is older is left over and unused. A header that names itself or a later file as the one
            // before was not written by this program; the walk still ends, since `rest` only shrinks.
            if previous == 0 { break }
            while let other = rest.last, other.fileNumber > previous {
                unused.append(other.fileNumber)
                rest.removeLast()
            }
            if let other = rest.last, other.fileNumber < previous {
                missing.append(previous)
                (validThroughLSN, endByteOffset) = (nil, nil)
            }
        }
        unused.append(contentsOf: rest.map(\.fileNumber))
        links = backwards.reversed()
        unused.sort()
        missing.sort()
    }
}
