/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

package enum SchemaMigrations {
    /// All of them, in order.
    package static let all: [Migration] = [
        migration1, migration2, migration3, migration4, migration5, migration6, migration7, migration8,
        migration9, migration10, migration11, migration12, migration13, migration14, migration15, migration16,
    ]
}
