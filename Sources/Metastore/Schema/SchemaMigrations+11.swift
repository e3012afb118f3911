/// Generated from Migrations/ at the top of the repository; never edited by hand. The test "the built-in migrations are
/// those of the folder" compares both, and writes this file anew when run with SPANDREL_WRITE_MIGRATIONS=1.
// Not to be formatted: the generator's form is the one the test compares.
// swift-format-ignore-file

import PostgresClient

extension SchemaMigrations {
    static let migration11 = Migration(
        number: 11, name: "price_details",
        sql: ##"""
            -- Prices of more kinds of tokens, of long inputs and of service tiers; an organization's and a project's prices before the installation's.

            ALTER TABLE prices
                -- Whose prices they are: an organization's, a project's, or, without either, the installation's.
                ADD COLUMN organization_id uuid CONSTRAINT prices_organization_id_fkey REFERENCES organizations (id) ON DELETE CASCADE,
                ADD COLUMN project_id uuid CONSTRAINT prices_project_id_fkey REFERENCES projects (id) ON DELETE CASCADE,
                ADD COLUMN owner_id uuid NOT NULL
                    GENERATED ALWAYS AS (coalesce(project_id, organization_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED,
                -- NULL: as what it is a part of (cache writes, input, cache reads, output).
                ADD COLUMN cache_write_1h_per_million numeric(20, 10),
                ADD COLUMN audio_input_per_million numeric(20, 10),
                ADD COLUMN audio_cache_read_per_million numeric(20, 10),
                ADD COLUMN audio_output_per_million numeric(20, 10),
                ADD COLUMN image_input_per_million numeric(20, 10),
                ADD COLUMN image_cache_read_per_million numeric(20, 10),
                ADD COLUMN image_output_per_million numeric(20, 10),
                -- A list of {"service_tier", "above_input_tokens", "input_per_million", ...}: where other rates count.
                ADD COLUMN tiers jsonb NOT NULL DEFAULT '[]',
                DROP CONSTRAINT prices_pkey,
                ADD CONSTRAINT prices_pkey PRIMARY KEY (owner_id, provider, model_pattern, effective_from),
                -- What the program brings along is the installation's.
                ADD CONSTRAINT prices_owner_check CHECK (num_nonnulls(organization_id, project_id) <= CASE WHEN is_shipped THEN 0 ELSE 1 END),
                DROP CONSTRAINT prices_model_pattern_check,
                -- A name, the beginning of names with * at its end, or a regular expression between slashes.
                ADD CONSTRAINT prices_model_pattern_check CHECK (
                    char_length(model_pattern) BETWEEN 1 AND 256 AND model_pattern <> '*'
                    AND (position('*' IN left(model_pattern, -1)) = 0 OR (model_pattern LIKE '/%/' AND char_length(model_pattern) > 2))
                ),
                ADD CONSTRAINT prices_details_check CHECK (
                    cache_write_1h_per_million BETWEEN 0 AND 1000000 AND audio_input_per_million BETWEEN 0 AND 1000000
                    AND audio_cache_read_per_million BETWEEN 0 AND 1000000 AND audio_output_per_million BETWEEN 0 AND 1000000
                    AND image_input_per_million BETWEEN 0 AND 1000000 AND image_cache_read_per_million BETWEEN 0 AND 1000000
                    AND image_output_per_million BETWEEN 0 AND 1000000
                ),
                -- Rates of tiers: numbers in the same bounds, or null.
                ADD CONSTRAINT prices_tiers_check CHECK (
                    jsonb_typeof(tiers) = 'array' AND jsonb_array_length(tiers) <= 16
                    AND NOT jsonb_path_exists(tiers, '$[*] ? (@.type() != "object")')
                    AND NOT jsonb_path_exists(
                        tiers,
                        '$[*].keyvalue() ? (@.key like_regex "_per_million$" && @.value.type() != "null"
                            && (@.value.type() != "number" || @.value < 0 || @.value > 1000000))'
                    )
                );

            -- Whoever has prices of his own is asked for with every refresh.
            CREATE INDEX prices_organization_id_idx ON prices (organization_id) WHERE organization_id IS NOT NULL;
            CREATE INDEX prices_project_id_idx ON prices (project_id) WHERE project_id IS NOT NULL;

            """##)
}
