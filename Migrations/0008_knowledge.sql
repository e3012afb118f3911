-- The knowledge base of a project: what agents are told. Entries have immutable contents; a revision says which content each entry has;
-- the newest revision is the active one; drafts are changes against a revision, and become one by a promotion.
--
-- Vectors are 32-bit floats, little-endian, of length one. Hashes are SHA-256.

CREATE TABLE knowledge_bases (
    project_id uuid CONSTRAINT knowledge_bases_pkey PRIMARY KEY
        CONSTRAINT knowledge_bases_project_id_fkey REFERENCES projects (id),
    -- The number of the newest revision; 0: nothing was ever promoted.
    active_revision integer NOT NULL DEFAULT 0,
    -- The same for references: NULL where nothing was.
    active integer GENERATED ALWAYS AS (nullif(active_revision, 0)) STORED,
    -- How many people must approve a draft, other than those who wrote or submitted it.
    required_approvals integer NOT NULL DEFAULT 0,
    -- The run that a promotion must pass: {"suite", "targets", "gate", ...} as POST /api/v1/runs takes them. NULL: none.
    gate json,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_bases_active_revision_check CHECK (active_revision >= 0),
    CONSTRAINT knowledge_bases_required_approvals_check CHECK (required_approvals BETWEEN 0 AND 10),
    CONSTRAINT knowledge_bases_gate_check CHECK (json_typeof(gate) = 'object' AND octet_length(gate::text) <= 262144),
    CONSTRAINT knowledge_bases_updated_at_check CHECK (isfinite(updated_at))
);

-- What an entry says, once for all drafts and revisions in which it says so.
CREATE TABLE knowledge_contents (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT knowledge_contents_pkey PRIMARY KEY,
    project_id uuid NOT NULL CONSTRAINT knowledge_contents_project_id_fkey REFERENCES projects (id),
    -- Of the canonical JSON.
    hash bytea NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    tags text[] NOT NULL,
    -- {"title", "kind", "tags", "content"}.
    content json NOT NULL,
    -- Of an operation: the document that it came from.
    document text GENERATED ALWAYS AS (content #>> '{content,document}') STORED,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_contents_project_id_hash_key UNIQUE (project_id, hash),
    CONSTRAINT knowledge_contents_project_id_id_key UNIQUE (project_id, id),
    CONSTRAINT knowledge_contents_hash_check CHECK (octet_length(hash) = 32),
    CONSTRAINT knowledge_contents_kind_check CHECK (kind IN ('article', 'operation', 'table')),
    CONSTRAINT knowledge_contents_title_check CHECK (octet_length(title) BETWEEN 1 AND 1024 AND title !~ '[[:cntrl:]]'),
    CONSTRAINT knowledge_contents_tags_check CHECK (cardinality(tags) <= 64 AND array_position(tags, NULL) IS NULL),
    CONSTRAINT knowledge_contents_content_check CHECK (json_typeof(content) = 'object' AND octet_length(content::text) <= 1100000),
    CONSTRAINT knowledge_contents_document_check CHECK (octet_length(document) <= 1024),
    CONSTRAINT knowledge_contents_created_at_check CHECK (isfinite(created_at))
);
CREATE INDEX knowledge_contents_document_idx ON knowledge_contents (project_id, document) WHERE document IS NOT NULL;

-- The pieces that are searched: made from a content, the same whenever it is.
CREATE TABLE knowledge_chunks (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT knowledge_chunks_pkey PRIMARY KEY,
    project_id uuid NOT NULL,
    content_id bigint NOT NULL,
    position integer NOT NULL,
    -- Headings above the text, the outermost first.
    heading_path text[] NOT NULL,
    text text NOT NULL,
    token_count integer NOT NULL,
    -- Of the text that is embedded: title, headings, text.
    embedded_hash bytea NOT NULL,
    -- Of the same text. Stems and whole words, so that questions in other languages than English find theirs.
    words tsvector NOT NULL,
    CONSTRAINT knowledge_chunks_content_id_position_key UNIQUE (content_id, position),
    CONSTRAINT knowledge_chunks_project_id_content_id_fkey FOREIGN KEY (project_id, content_id)
        REFERENCES knowledge_contents (project_id, id) ON DELETE CASCADE,
    CONSTRAINT knowledge_chunks_position_check CHECK (position >= 0),
    CONSTRAINT knowledge_chunks_text_check CHECK (octet_length(text) BETWEEN 1 AND 65536),
    CONSTRAINT knowledge_chunks_token_count_check CHECK (token_count > 0),
    CONSTRAINT knowledge_chunks_embedded_hash_check CHECK (octet_length(embedded_hash) = 32)
);
CREATE INDEX knowledge_chunks_words_idx ON knowledge_chunks USING gin (words) WITH (fastupdate = off);
-- Also: whether a vector's text is anybody's still.
CREATE INDEX knowledge_chunks_project_id_embedded_hash_idx ON knowledge_chunks (project_id, embedded_hash);

-- Vectors by model and by text: what was embedded once is not paid for again. A model whose provider changes how many numbers it answers has
-- vectors of both lengths beside each other; only those of one length are ever compared.
CREATE TABLE knowledge_embeddings (
    project_id uuid NOT NULL CONSTRAINT knowledge_embeddings_project_id_fkey REFERENCES projects (id),
    -- As provider/model.
    model text NOT NULL,
    embedded_hash bytea NOT NULL,
    vector bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Numbers of the vector.
    dimension integer NOT NULL GENERATED ALWAYS AS (octet_length(vector) / 4) STORED,
    CONSTRAINT knowledge_embeddings_pkey PRIMARY KEY (project_id, model, dimension, embedded_hash),
    CONSTRAINT knowledge_embeddings_model_check CHECK (char_length(model) BETWEEN 3 AND 400),
    CONSTRAINT knowledge_embeddings_embedded_hash_check CHECK (octet_length(embedded_hash) = 32),
    CONSTRAINT knowledge_embeddings_vector_check CHECK (octet_length(vector) BETWEEN 4 AND 65536 AND octet_length(vector) % 4 = 0)
);

-- In how many chunks of a project a word stands, counted now and then: common words tell little, and are slow to look for.
CREATE TABLE knowledge_words (
    project_id uuid NOT NULL CONSTRAINT knowledge_words_project_id_fkey REFERENCES projects (id),
    word text COLLATE "C" NOT NULL,
    chunk_count integer NOT NULL,
    CONSTRAINT knowledge_words_pkey PRIMARY KEY (project_id, word),
    CONSTRAINT knowledge_words_chunk_count_check CHECK (chunk_count > 0)
);

CREATE TABLE knowledge_entries (
    id uuid CONSTRAINT knowledge_entries_pkey PRIMARY KEY,
    project_id uuid NOT NULL CONSTRAINT knowledge_entries_project_id_fkey REFERENCES projects (id),
    -- What people call it; never changes. In the order of its bytes, as it is listed.
    key text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_entries_project_id_key_key UNIQUE (project_id, key),
    CONSTRAINT knowledge_entries_project_id_id_key UNIQUE (project_id, id),
    CONSTRAINT knowledge_entries_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT knowledge_entries_key_check CHECK (octet_length(key) BETWEEN 1 AND 512 AND key !~ '[[:cntrl:]]')
);

-- A draft is also a task of the same id: its steps are the task's events.
-- open -> in_review -> approved -> promoting -> promoted; back to open from in_review and approved, to approved from promoting;
-- discarded from all but promoting and promoted.
CREATE TABLE knowledge_drafts (
    id uuid CONSTRAINT knowledge_drafts_pkey PRIMARY KEY
        CONSTRAINT knowledge_drafts_id_fkey REFERENCES tasks (id),
    project_id uuid NOT NULL CONSTRAINT knowledge_drafts_project_id_fkey REFERENCES knowledge_bases (project_id),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    -- Against what its changes are; 0: against nothing.
    base_revision integer NOT NULL,
    base integer GENERATED ALWAYS AS (nullif(base_revision, 0)) STORED,
    state text NOT NULL DEFAULT 'open',
    -- Grows with every change of an entry or of the base, and when the draft goes back to open: what a review was of.
    version integer NOT NULL DEFAULT 0,
    created_by text NOT NULL,
    submitted_by text,
    -- Of the user who submitted; NULL for a key.
    submitted_by_user_id uuid CONSTRAINT knowledge_drafts_submitted_by_user_id_fkey REFERENCES users (id),
    promoted_revision integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_drafts_project_id_id_key UNIQUE (project_id, id),
    CONSTRAINT knowledge_drafts_name_check CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,99}$'),
    CONSTRAINT knowledge_drafts_description_check CHECK (char_length(description) <= 10000),
    CONSTRAINT knowledge_drafts_base_revision_check CHECK (base_revision >= 0),
    CONSTRAINT knowledge_drafts_state_check CHECK (state IN ('open', 'in_review', 'approved', 'promoting', 'promoted', 'discarded')),
    CONSTRAINT knowledge_drafts_version_check CHECK (version >= 0),
    CONSTRAINT knowledge_drafts_created_by_check CHECK (char_length(created_by) <= 400),
    CONSTRAINT knowledge_drafts_submitted_by_check CHECK (
        char_length(submitted_by) <= 400 AND (submitted_by IS NOT NULL OR state IN ('open', 'discarded'))
    ),
    CONSTRAINT knowledge_drafts_promoted_revision_check CHECK (
        (promoted_revision IS NOT NULL) = (state = 'promoted') AND promoted_revision = base_revision + 1
    ),
    CONSTRAINT knowledge_drafts_times_check CHECK (isfinite(created_at) AND isfinite(updated_at) AND updated_at >= created_at)
);
-- A name is free again once its draft has ended.
CREATE UNIQUE INDEX knowledge_drafts_name_key ON knowledge_drafts (project_id, name) WHERE state NOT IN ('promoted', 'discarded');

-- What a draft says otherwise than its base. A change that says the same as the base is no change, and has no row.
CREATE TABLE knowledge_draft_changes (
    draft_id uuid NOT NULL,
    project_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    -- NULL: the entry is not there.
    content_id bigint,
    base_content_id bigint,
    -- An e-mail address or a key's name, as it was then.
    author text NOT NULL,
    -- NULL for a key.
    author_user_id uuid CONSTRAINT knowledge_draft_changes_author_user_id_fkey REFERENCES users (id),
    source_trace_id bytea,
    source_span_id bytea,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_draft_changes_pkey PRIMARY KEY (draft_id, entry_id),
    CONSTRAINT knowledge_draft_changes_project_id_draft_id_fkey FOREIGN KEY (project_id, draft_id)
        REFERENCES knowledge_drafts (project_id, id),
    CONSTRAINT knowledge_draft_changes_project_id_entry_id_fkey FOREIGN KEY (project_id, entry_id)
        REFERENCES knowledge_entries (project_id, id),
    CONSTRAINT knowledge_draft_changes_project_id_content_id_fkey FOREIGN KEY (project_id, content_id)
        REFERENCES knowledge_contents (project_id, id),
    CONSTRAINT knowledge_draft_changes_project_id_base_content_id_fkey FOREIGN KEY (project_id, base_content_id)
        REFERENCES knowledge_contents (project_id, id),
    CONSTRAINT knowledge_draft_changes_content_check CHECK (content_id IS DISTINCT FROM base_content_id),
    CONSTRAINT knowledge_draft_changes_author_check CHECK (char_length(author) <= 400),
    CONSTRAINT knowledge_draft_changes_source_check CHECK (
        octet_length(source_trace_id) = 16 AND octet_length(source_span_id) = 8
        AND (source_trace_id IS NOT NULL OR source_span_id IS NULL)
    )
);

-- Whether a content is anybody's still.
CREATE INDEX knowledge_draft_changes_content_id_idx ON knowledge_draft_changes (content_id);
CREATE INDEX knowledge_draft_changes_base_content_id_idx ON knowledge_draft_changes (base_content_id);

-- Who ever wrote in a draft, whether or not it is still to be seen: they do not review it.
CREATE TABLE knowledge_draft_authors (
    draft_id uuid NOT NULL CONSTRAINT knowledge_draft_authors_draft_id_fkey REFERENCES knowledge_drafts (id),
    user_id uuid NOT NULL CONSTRAINT knowledge_draft_authors_user_id_fkey REFERENCES users (id),
    CONSTRAINT knowledge_draft_authors_pkey PRIMARY KEY (draft_id, user_id)
);

-- A person's word on one version of a draft.
CREATE TABLE knowledge_reviews (
    id uuid CONSTRAINT knowledge_reviews_pkey PRIMARY KEY,
    draft_id uuid NOT NULL CONSTRAINT knowledge_reviews_draft_id_fkey REFERENCES knowledge_drafts (id),
    draft_version integer NOT NULL,
    user_id uuid NOT NULL CONSTRAINT knowledge_reviews_user_id_fkey REFERENCES users (id),
    -- The e-mail address, as it was then.
    reviewer text NOT NULL,
    decision text NOT NULL,
    comment text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_reviews_word_key UNIQUE (draft_id, draft_version, user_id, decision),
    CONSTRAINT knowledge_reviews_id_check CHECK (substr(id::text, 15, 1) = '7'),
    CONSTRAINT knowledge_reviews_draft_version_check CHECK (draft_version >= 0),
    CONSTRAINT knowledge_reviews_reviewer_check CHECK (char_length(reviewer) <= 400),
    CONSTRAINT knowledge_reviews_decision_check CHECK (decision IN ('approve', 'request_changes')),
    CONSTRAINT knowledge_reviews_comment_check CHECK (char_length(comment) <= 10000)
);
CREATE INDEX knowledge_reviews_draft_id_idx ON knowledge_reviews (draft_id, id);

-- One state of the whole knowledge base after another, without gaps and without branches.
CREATE TABLE knowledge_revisions (
    project_id uuid NOT NULL CONSTRAINT knowledge_revisions_project_id_fkey REFERENCES knowledge_bases (project_id),
    number integer NOT NULL,
    -- One of both: what was promoted, or what was gone back to.
    draft_id uuid,
    restored_revision integer,
    message text NOT NULL DEFAULT '',
    entry_count integer NOT NULL,
    -- As provider/model; NULL: found by words alone.
    embedding_model text,
    promoted_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_revisions_pkey PRIMARY KEY (project_id, number),
    CONSTRAINT knowledge_revisions_draft_id_key UNIQUE (draft_id),
    CONSTRAINT knowledge_revisions_project_id_draft_id_fkey FOREIGN KEY (project_id, draft_id)
        REFERENCES knowledge_drafts (project_id, id),
    CONSTRAINT knowledge_revisions_project_id_restored_revision_fkey FOREIGN KEY (project_id, restored_revision)
        REFERENCES knowledge_revisions (project_id, number),
    CONSTRAINT knowledge_revisions_number_check CHECK (number > 0),
    CONSTRAINT knowledge_revisions_origin_check CHECK ((draft_id IS NULL) <> (restored_revision IS NULL) AND restored_revision < number),
    CONSTRAINT knowledge_revisions_message_check CHECK (char_length(message) <= 10000),
    CONSTRAINT knowledge_revisions_entry_count_check CHECK (entry_count BETWEEN 0 AND 100000),
    CONSTRAINT knowledge_revisions_embedding_model_check CHECK (char_length(embedding_model) BETWEEN 3 AND 400),
    CONSTRAINT knowledge_revisions_promoted_by_check CHECK (char_length(promoted_by) <= 400),
    CONSTRAINT knowledge_revisions_created_at_check CHECK (isfinite(created_at))
);
ALTER TABLE knowledge_bases ADD CONSTRAINT knowledge_bases_project_id_active_fkey
    FOREIGN KEY (project_id, active) REFERENCES knowledge_revisions (project_id, number);
ALTER TABLE knowledge_drafts
    ADD CONSTRAINT knowledge_drafts_project_id_base_fkey FOREIGN KEY (project_id, base)
        REFERENCES knowledge_revisions (project_id, number),
    ADD CONSTRAINT knowledge_drafts_project_id_promoted_revision_fkey FOREIGN KEY (project_id, promoted_revision)
        REFERENCES knowledge_revisions (project_id, number);

-- What an entry was from one revision on, until another: a revision costs one row per changed entry. A revision's entries are those with
-- introduced_in <= revision and removed_in NULL or > revision.
CREATE TABLE knowledge_entry_versions (
    project_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    introduced_in integer NOT NULL,
    removed_in integer,
    content_id bigint NOT NULL,
    author text NOT NULL,
    source_trace_id bytea,
    source_span_id bytea,
    CONSTRAINT knowledge_entry_versions_pkey PRIMARY KEY (entry_id, introduced_in),
    CONSTRAINT knowledge_entry_versions_project_id_entry_id_fkey FOREIGN KEY (project_id, entry_id)
        REFERENCES knowledge_entries (project_id, id),
    CONSTRAINT knowledge_entry_versions_project_id_content_id_fkey FOREIGN KEY (project_id, content_id)
        REFERENCES knowledge_contents (project_id, id),
    CONSTRAINT knowledge_entry_versions_project_id_introduced_in_fkey FOREIGN KEY (project_id, introduced_in)
        REFERENCES knowledge_revisions (project_id, number),
    CONSTRAINT knowledge_entry_versions_project_id_removed_in_fkey FOREIGN KEY (project_id, removed_in)
        REFERENCES knowledge_revisions (project_id, number),
    CONSTRAINT knowledge_entry_versions_removed_in_check CHECK (removed_in > introduced_in),
    CONSTRAINT knowledge_entry_versions_author_check CHECK (char_length(author) <= 400),
    CONSTRAINT knowledge_entry_versions_source_check CHECK (
        octet_length(source_trace_id) = 16 AND octet_length(source_span_id) = 8
        AND (source_trace_id IS NOT NULL OR source_span_id IS NULL)
    )
);
CREATE UNIQUE INDEX knowledge_entry_versions_open_key ON knowledge_entry_versions (entry_id) WHERE removed_in IS NULL;
CREATE INDEX knowledge_entry_versions_content_id_idx ON knowledge_entry_versions (content_id);
CREATE INDEX knowledge_entry_versions_project_id_introduced_in_idx ON knowledge_entry_versions (project_id, introduced_in);
CREATE INDEX knowledge_entry_versions_project_id_removed_in_idx ON knowledge_entry_versions (project_id, removed_in);

-- A promotion of a draft, or of an earlier revision; also a task of the same id, and its id that of the group of its job.
-- building -> gate -> publishing -> ended, as its task is.
CREATE TABLE knowledge_promotions (
    id uuid CONSTRAINT knowledge_promotions_pkey PRIMARY KEY
        CONSTRAINT knowledge_promotions_id_fkey REFERENCES tasks (id),
    project_id uuid NOT NULL CONSTRAINT knowledge_promotions_project_id_fkey REFERENCES knowledge_bases (project_id),
    -- One of both.
    draft_id uuid,
    restored_revision integer,
    -- What was active when it was asked for: it fails when something else is by the time it would publish.
    base_revision integer NOT NULL,
    phase text NOT NULL DEFAULT 'building',
    -- Chosen when it begins to build; NULL before, and where the project has no model for embeddings.
    embedding_model text,
    -- The run of the gate, once it was started.
    run_id uuid CONSTRAINT knowledge_promotions_run_id_fkey REFERENCES runs (id),
    cost_nano_usd bigint NOT NULL DEFAULT 0,
    message text NOT NULL DEFAULT '',
    requested_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_promotions_project_id_draft_id_fkey FOREIGN KEY (project_id, draft_id)
        REFERENCES knowledge_drafts (project_id, id),
    CONSTRAINT knowledge_promotions_project_id_restored_revision_fkey FOREIGN KEY (project_id, restored_revision)
        REFERENCES knowledge_revisions (project_id, number),
    CONSTRAINT knowledge_promotions_origin_check CHECK (
        (draft_id IS NULL) <> (restored_revision IS NULL) AND restored_revision BETWEEN 1 AND base_revision - 1
    ),
    CONSTRAINT knowledge_promotions_base_revision_check CHECK (base_revision >= 0),
    CONSTRAINT knowledge_promotions_phase_check CHECK (phase IN ('building', 'gate', 'publishing', 'ended')),
    CONSTRAINT knowledge_promotions_embedding_model_check CHECK (char_length(embedding_model) BETWEEN 3 AND 400),
    CONSTRAINT knowledge_promotions_cost_nano_usd_check CHECK (cost_nano_usd >= 0),
    CONSTRAINT knowledge_promotions_message_check CHECK (char_length(message) <= 10000),
    CONSTRAINT knowledge_promotions_requested_by_check CHECK (char_length(requested_by) <= 400),
    CONSTRAINT knowledge_promotions_created_at_check CHECK (isfinite(created_at))
);
-- One at a time.
CREATE UNIQUE INDEX knowledge_promotions_open_key ON knowledge_promotions (project_id) WHERE phase <> 'ended';
CREATE INDEX knowledge_promotions_draft_id_idx ON knowledge_promotions (draft_id);

-- A document on its way into a draft; also a task of the same id, and its id that of the group of its job. The bytes are deleted when
-- it ends.
CREATE TABLE knowledge_uploads (
    id uuid CONSTRAINT knowledge_uploads_pkey PRIMARY KEY
        CONSTRAINT knowledge_uploads_id_fkey REFERENCES tasks (id),
    draft_id uuid NOT NULL CONSTRAINT knowledge_uploads_draft_id_fkey REFERENCES knowledge_drafts (id),
    format text NOT NULL,
    -- What its entries are found by: operations that are in the draft under this name and not in the document are removed.
    document text NOT NULL,
    body bytea,
    author text NOT NULL,
    author_user_id uuid CONSTRAINT knowledge_uploads_author_user_id_fkey REFERENCES users (id),
    -- Of the body, before and after it is gone.
    byte_count integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT knowledge_uploads_format_check CHECK (format IN ('openapi', 'markdown_zip')),
    CONSTRAINT knowledge_uploads_document_check CHECK (document ~ '^[a-z0-9][a-z0-9._-]{0,99}$'),
    CONSTRAINT knowledge_uploads_body_check CHECK (octet_length(body) = byte_count),
    CONSTRAINT knowledge_uploads_byte_count_check CHECK (byte_count BETWEEN 1 AND 33554432),
    CONSTRAINT knowledge_uploads_author_check CHECK (char_length(author) <= 400)
);
-- Documents are read once: packing them would cost more than their place.
ALTER TABLE knowledge_uploads ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX knowledge_uploads_draft_id_idx ON knowledge_uploads (draft_id);
