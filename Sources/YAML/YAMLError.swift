/// Why a text is not YAML, or not such YAML as has a JSON value, and where.
package struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
    package let message: String
    package let position: YAMLPosition

    package init(_ message: String, at position: YAMLPosition) {
        self.message = message
        self.position = position
    }

    package var description: String { "\(message) (line \(position.line), column \(position.column))" }
}

/// A place in a text, both counted from 1; columns in characters.
package struct YAMLPosition: Equatable, Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column)" }
}
