/// Payloads that were copied out of a page, for who needs them a moment later.
struct UnpackedPage: Sendable {
    /// In the row group, ascending.
    private let rows: [Int]
    private var ends: [Int] = []
    private var bytes: [UInt8] = []

    /// Of each row its text has to be appended.
    init(rows: [Int]) { self.rows = rows }

    mutating func append(_ text: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
    }

    func has(_ wanted: [Int]) -> Bool { wanted.allSatisfy { place(of: $0) != nil } }

    /// Borrowed for the call, which is not made where the row is none of the page's.
    func withText(ofRow row: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        guard let place = place(of: row) else { return }
        let start = place == 0 ? 0 : ends[place - 1]
        try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[place]])) }
    }

    private func place(of row: Int) -> Int? {
        var low = 0, high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < ends.count && rows[low] == row ? low : nil
    }
}

/// The pages of a payload file that hold the long values of one trace.
struct UnpackedPages: Sendable {
    private struct Place: Hashable {
        var group: Int
        var page: Int
    }

    private var pages: [Place: UnpackedPage] = [:]

    subscript(group: Int, page: Int) -> UnpackedPage? {
        get { pages[Place(group: group, page: page)] }
        set { pages[Place(group: group, page: page)] = newValue }
    }
}
