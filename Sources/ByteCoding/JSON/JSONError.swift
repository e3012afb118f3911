/// Why a text is not JSON, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package let message: String
    /// Offset of the first byte that does not fit, from the start of the text.
    package let byteOffset: Int

    package init(_ message: String, byteOffset: Int) {
        self.message = message
        self.byteOffset = byteOffset
    }

    package var description: String { "\(message) at byte \(byteOffset)" }
}
