/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration12 = Migration(
        number: 12, name: "key_projects",
        sql: ##"""
            -- A key belongs to one project, and may be bound to choose among several of its organization: what it sends goes to the one that a request
            -- names. The list is said when the key is made, and never grows.

            ALTER TABLE api_keys ADD CONSTRAINT api_keys_id_project_id_key UNIQUE (id, project_id);

            CREATE TABLE api_key_projects (
                api_key_id uuid NOT NULL,
                -- The order in which they were named, from 1: so their number is bounded.
                position smallint NOT NULL,
                -- Of the key's own project, and so of the other one.
                organization_id uuid NOT NULL,
                own_project_id uuid NOT NULL,
                project_id uuid NOT NULL,
                CONSTRAINT api_key_projects_pkey PRIMARY KEY (api_key_id, project_id),
                CONSTRAINT api_key_projects_position_key UNIQUE (api_key_id, position),
                CONSTRAINT api_key_projects_api_key_id_fkey FOREIGN KEY (api_key_id, own_project_id) REFERENCES api_keys (id, project_id),
                CONSTRAINT api_key_projects_own_project_id_fkey FOREIGN KEY (organization_id, own_project_id) REFERENCES projects (organization_id, id),
                CONSTRAINT api_key_projects_project_id_fkey FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
                CONSTRAINT api_key_projects_position_check CHECK (position BETWEEN 1 AND 100),
                CONSTRAINT api_key_projects_other_check CHECK (project_id <> own_project_id)
            );

            """##)
}
