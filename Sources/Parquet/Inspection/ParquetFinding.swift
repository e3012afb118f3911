/// What an inspection of a Parquet file found to be otherwise than its writer leaves it.
package struct ParquetFinding: Equatable, Sendable {
    /// Of the structure that is meant; nil where the whole file is.
    package var byteOffset: Int64?
    package var message: String
    /// Every value is read rightly all the same.
    package var isHarmless: Bool

    init(_ message: String, at byteOffset: Int64? = nil, isHarmless: Bool = false) {
        self.message = message
        self.byteOffset = byteOffset
        self.isHarmless = isHarmless
    }
}
