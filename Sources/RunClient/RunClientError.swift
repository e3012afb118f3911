/// What is wrong with what somebody asked `spandrel run` for: the one error of this target.
package struct RunClientError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What happened and what to do, for a terminal.
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
