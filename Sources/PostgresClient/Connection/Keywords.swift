/// Keywords and their values as libpq takes them: two arrays of C strings that end with NULL.

enum Keywords {
    typealias Pointers = [UnsafePointer<CChar>?]

    /// The pointers are good inside of `body`.
    static func withPointers<Result>(_ keywords: [(name: String, value: String)], _ body: (Pointers, Pointers) -> Result) -> Result {
        // Both lists as zero-terminated texts in one buffer each, and arrays of pointers into them ending with NULL.
        var nameBytes: [CChar] = [], nameOffsets: [Int] = [], valueBytes: [CChar] = [], valueOffsets: [Int] = []
        for (name, value) in keywords {
            nameOffsets.append(nameBytes.count)
            nameBytes += name.utf8CString
            valueOffsets.append(valueBytes.count)
            valueBytes += value.utf8CString
        }
        return nameBytes.withUnsafeBufferPointer { names in
            valueBytes.withUnsafeBufferPointer { values in
                body(
                    nameOffsets.map { names.baseAddress?.advanced(by: $0) } + [nil],
                    valueOffsets.map { values.baseAddress?.advanced(by: $0) } + [nil])
            }
        }
    }
}
