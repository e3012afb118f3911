/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration3 = Migration(
        number: 3, name: "makers",
        sql: ##"""
            -- What an account's address is worth, for whoever signs in with an identity provider later.

            ALTER TABLE users
                -- When somebody showed that mail to the address reaches them, by a link that only such a mail (or the operator's log) has, or an
                -- identity provider vouched for it. NULL: whoever made the account may be anybody who saw its invitation's link.
                ADD COLUMN address_proven_at timestamptz;

            ALTER TABLE invitations
                -- Whether the link went out by mail and was shown to nobody else.
                ADD COLUMN is_mailed boolean NOT NULL DEFAULT false;

            """##)
}
