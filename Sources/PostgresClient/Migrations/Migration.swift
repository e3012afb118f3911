/// One numbered step of the schema: its SQL never changes once it was applied anywhere.

package struct Migration: Sendable, Equatable {
    /// 1, 2, 3, ... without gaps.
    package let number: Int
    /// What it does, from the file's name: `0001_control_plane.sql` is `control_plane`.
    package let name: String
    package let sql: String

    package init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// Reads `0001_name.sql`; nil for another form.
    package static func parseFileName(_ fileName: String) -> (number: Int, name: String)? {
        guard fileName.hasSuffix(".sql"), let underscore = fileName.firstIndex(of: "_") else { return nil }
        let digits = fileName[..<underscore]
        let name = fileName[fileName.index(after: underscore)...].dropLast(4)
        guard digits.count == 4, let number = Int(digits), number > 0, !name.isEmpty else { return nil }
        return (number, String(name))
    }
}
