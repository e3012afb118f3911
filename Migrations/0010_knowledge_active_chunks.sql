-- Words are looked for among the chunks of what is active: however long the history of a knowledge base is, it takes nothing from a search
-- of its newest state. They are a copy, so that chunks stay as they are: those of the active revision, and those of the one that a promotion
-- is about to make. Publishing has then next to nothing left to index.

CREATE TABLE knowledge_active_chunks (
    chunk_id bigint NOT NULL,
    -- Project, content and words are those of the chunk.
    project_id uuid NOT NULL,
    content_id bigint NOT NULL,
    -- Of no revision before this one: the active one as it was, or the one after it.
    introduced_in integer NOT NULL,
    -- Without positions: they tell whether a chunk has a word.
    words tsvector NOT NULL
) WITH (toast_tuple_target = 128);

INSERT INTO knowledge_active_chunks (chunk_id, project_id, content_id, introduced_in, words)
SELECT c.id, c.project_id, c.content_id, b.active_revision, strip(c.words)
FROM knowledge_chunks c JOIN knowledge_bases b ON b.project_id = c.project_id
WHERE EXISTS (SELECT FROM knowledge_entry_versions v WHERE v.content_id = c.content_id AND v.removed_in IS NULL)
ORDER BY c.id;

ALTER TABLE knowledge_active_chunks
    ADD CONSTRAINT knowledge_active_chunks_pkey PRIMARY KEY (chunk_id),
    ADD CONSTRAINT knowledge_active_chunks_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES knowledge_chunks (id) ON DELETE CASCADE,
    ADD CONSTRAINT knowledge_active_chunks_introduced_in_check CHECK (introduced_in > 0);
CREATE INDEX knowledge_active_chunks_words_idx ON knowledge_active_chunks USING gin (words) WITH (fastupdate = off);
CREATE INDEX knowledge_active_chunks_content_id_idx ON knowledge_active_chunks (content_id);
-- What a promotion that came to nothing left behind.
CREATE INDEX knowledge_active_chunks_project_id_introduced_in_idx ON knowledge_active_chunks (project_id, introduced_in);
ANALYZE knowledge_active_chunks;

-- Whoever makes a revision the active one: what it does not say goes, what it says is there. Its versions have been written by then, and
-- no others can be after.
CREATE FUNCTION activate_knowledge_chunks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM knowledge_active_chunks a
    WHERE a.content_id IN (
            SELECT v.content_id FROM knowledge_entry_versions v WHERE v.project_id = NEW.project_id AND v.removed_in = NEW.active_revision
            UNION ALL SELECT p.content_id FROM knowledge_active_chunks p
            WHERE p.project_id = NEW.project_id AND p.introduced_in >= NEW.active_revision)
        AND NOT EXISTS (SELECT FROM knowledge_entry_versions v WHERE v.content_id = a.content_id AND v.removed_in IS NULL);
    -- What was not indexed beforehand.
    INSERT INTO knowledge_active_chunks (chunk_id, project_id, content_id, introduced_in, words)
    SELECT c.id, c.project_id, c.content_id, NEW.active_revision, strip(c.words) FROM knowledge_chunks c
    WHERE c.content_id IN (
            SELECT v.content_id FROM knowledge_entry_versions v
            WHERE v.project_id = NEW.project_id AND v.introduced_in = NEW.active_revision)
        AND NOT EXISTS (SELECT FROM knowledge_active_chunks a WHERE a.chunk_id = c.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER knowledge_bases_activation AFTER UPDATE ON knowledge_bases
    FOR EACH ROW WHEN (NEW.active_revision <> OLD.active_revision) EXECUTE FUNCTION activate_knowledge_chunks();

-- A row says what its chunk says, and counts from the next revision on, unless its content is active: nothing is in the active revision
-- that its versions do not name. No revision is published while rows are written: who looks at the active one holds it.
CREATE FUNCTION refuse_other_knowledge_active_chunks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM knowledge_bases WHERE project_id IN (SELECT project_id FROM written) FOR SHARE;
    IF EXISTS (
        SELECT FROM written w LEFT JOIN knowledge_bases b ON b.project_id = w.project_id
        WHERE w.introduced_in IS DISTINCT FROM b.active_revision + 1
            AND (w.introduced_in <= b.active_revision AND EXISTS (
                SELECT FROM knowledge_entry_versions v WHERE v.content_id = w.content_id AND v.removed_in IS NULL)) IS NOT TRUE)
    THEN
        RAISE EXCEPTION 'a chunk is indexed that is neither of the active revision nor for the next one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_active_chunks_active_check';
    END IF;
    IF EXISTS (
        SELECT FROM written w JOIN knowledge_chunks c ON c.id = w.chunk_id
        WHERE (c.project_id, c.content_id) <> (w.project_id, w.content_id) OR strip(c.words) <> w.words)
    THEN
        RAISE EXCEPTION 'a chunk is indexed otherwise than it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_active_chunks_chunk_check';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER knowledge_active_chunks_insert AFTER INSERT ON knowledge_active_chunks REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_other_knowledge_active_chunks();
CREATE TRIGGER knowledge_active_chunks_immutable BEFORE UPDATE ON knowledge_active_chunks
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_change('knowledge_active_chunks_immutable_check');

-- What is active stays found.
CREATE FUNCTION refuse_loss_of_knowledge_active_chunks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written w JOIN knowledge_entry_versions v ON v.content_id = w.content_id WHERE v.removed_in IS NULL)
    THEN
        RAISE EXCEPTION 'a chunk of the active revision stays indexed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_active_chunks_kept_check';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER knowledge_active_chunks_delete AFTER DELETE ON knowledge_active_chunks REFERENCING OLD TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss_of_knowledge_active_chunks();

-- A content has all of its chunks before it is in a revision.
CREATE FUNCTION refuse_late_knowledge_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written w JOIN knowledge_entry_versions v ON v.content_id = w.content_id) THEN
        RAISE EXCEPTION 'what is in a revision gets no more chunks'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_chunks_complete_check';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER knowledge_chunks_complete AFTER INSERT ON knowledge_chunks REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_knowledge_chunk();

-- Whether a key is anybody's still.
CREATE INDEX knowledge_draft_changes_entry_id_idx ON knowledge_draft_changes (entry_id);
