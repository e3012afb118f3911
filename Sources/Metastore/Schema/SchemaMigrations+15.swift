/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration15 = Migration(
        number: 15, name: "retention_bytes",
        sql: ##"""
            -- Bytes of the newest segments that are kept of a project, beside the days: the store drops the oldest.

            ALTER TABLE project_settings
                -- NULL: all.
                ADD COLUMN retention_bytes bigint,
                ADD CONSTRAINT project_settings_retention_bytes_check CHECK (retention_bytes >= 1048576);

            """##)
}
