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
}
