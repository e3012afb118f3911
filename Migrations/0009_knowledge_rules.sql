-- What can never be in a knowledge base, whoever writes: rows that never change, lives that only go forward, a history that is a line.

-- What never changes. The argument: the constraint that the refusal goes by.
CREATE FUNCTION refuse_knowledge_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
END
$$;
CREATE TRIGGER knowledge_contents_immutable BEFORE UPDATE ON knowledge_contents
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_change('knowledge_contents_immutable_check');
CREATE TRIGGER knowledge_chunks_immutable BEFORE UPDATE ON knowledge_chunks
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_change('knowledge_chunks_immutable_check');
CREATE TRIGGER knowledge_embeddings_immutable BEFORE UPDATE ON knowledge_embeddings
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_change('knowledge_embeddings_immutable_check');
CREATE TRIGGER knowledge_entries_immutable BEFORE UPDATE ON knowledge_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_change('knowledge_entries_immutable_check');
CREATE TRIGGER knowledge_reviews_immutable BEFORE UPDATE OR DELETE ON knowledge_reviews
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_change('knowledge_reviews_immutable_check');
CREATE TRIGGER knowledge_revisions_immutable BEFORE UPDATE OR DELETE ON knowledge_revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_change('knowledge_revisions_immutable_check');

-- History is a line: the revision after the active one is made, and is the active one when its transaction ends.
CREATE FUNCTION refuse_other_knowledge_base() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.project_id <> OLD.project_id OR NEW.active_revision NOT IN (OLD.active_revision, OLD.active_revision + 1) THEN
        RAISE EXCEPTION 'the active revision cannot go from % to %', OLD.active_revision, NEW.active_revision
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_bases_transition_check';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER knowledge_bases_transition BEFORE UPDATE ON knowledge_bases
    FOR EACH ROW EXECUTE FUNCTION refuse_other_knowledge_base();

CREATE FUNCTION refuse_other_knowledge_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM knowledge_bases WHERE project_id = NEW.project_id AND active_revision = NEW.number - 1) THEN
        RAISE EXCEPTION 'revision % does not follow the active one', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_revisions_next_check';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER knowledge_revisions_next BEFORE INSERT ON knowledge_revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_other_knowledge_revision();

CREATE FUNCTION refuse_inactive_knowledge_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM knowledge_bases WHERE project_id = NEW.project_id AND active_revision < NEW.number) THEN
        RAISE EXCEPTION 'revision % was made and is not active', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_revisions_active';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER knowledge_revisions_active AFTER INSERT ON knowledge_revisions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse_inactive_knowledge_revision();

-- Versions of entries begin and end with the revision that is being made, and nothing else ever happens to them: those of an entry
-- never overlap, and what a revision had stays.
CREATE FUNCTION refuse_knowledge_entry_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.removed_in IS NULL AND NEW.project_id = OLD.project_id AND NEW.entry_id = OLD.entry_id
        AND NEW.introduced_in = OLD.introduced_in AND NEW.content_id = OLD.content_id AND NEW.author = OLD.author
        AND NEW.source_trace_id IS NOT DISTINCT FROM OLD.source_trace_id AND NEW.source_span_id IS NOT DISTINCT FROM OLD.source_span_id
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a version of an entry only ends'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_entry_versions_immutable_check';
END
$$;
CREATE TRIGGER knowledge_entry_versions_immutable BEFORE UPDATE OR DELETE ON knowledge_entry_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_knowledge_entry_version_change();

CREATE FUNCTION refuse_other_knowledge_entry_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written w JOIN knowledge_bases b ON b.project_id = w.project_id
        WHERE b.active_revision + 1 <> CASE TG_OP WHEN 'INSERT' THEN w.introduced_in ELSE w.removed_in END
            OR (TG_OP = 'INSERT' AND w.removed_in IS NOT NULL))
    THEN
        RAISE EXCEPTION 'versions of entries begin and end with the revision that is being made'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_entry_versions_next_check';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER knowledge_entry_versions_begin AFTER INSERT ON knowledge_entry_versions REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_other_knowledge_entry_versions();
CREATE TRIGGER knowledge_entry_versions_end AFTER UPDATE ON knowledge_entry_versions REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_other_knowledge_entry_versions();

-- The life of a draft, and what it may change in which state.
CREATE FUNCTION refuse_impossible_knowledge_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'open' AND NEW.version = 0 THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'a draft begins open' USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_drafts_transition_check';
    END IF;
    IF OLD.state IN ('promoted', 'discarded')
        OR NEW.id <> OLD.id OR NEW.project_id <> OLD.project_id OR NEW.created_at <> OLD.created_at OR NEW.created_by <> OLD.created_by
        OR NEW.base_revision < OLD.base_revision OR NEW.version < OLD.version
        OR ((NEW.base_revision <> OLD.base_revision OR NEW.version <> OLD.version) AND NEW.state <> 'open')
        OR (NEW.state <> OLD.state AND NEW.state = 'open' AND NEW.version = OLD.version)
        OR (NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
            ('open', 'in_review'), ('open', 'approved'), ('open', 'discarded'), ('in_review', 'open'), ('in_review', 'approved'),
            ('in_review', 'discarded'), ('approved', 'open'), ('approved', 'promoting'), ('approved', 'discarded'),
            ('promoting', 'approved'), ('promoting', 'promoted')))
    THEN
        RAISE EXCEPTION 'draft % cannot go from % to % so', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_drafts_transition_check';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER knowledge_drafts_transition BEFORE INSERT OR UPDATE ON knowledge_drafts
    FOR EACH ROW EXECUTE FUNCTION refuse_impossible_knowledge_draft();

CREATE FUNCTION refuse_change_of_closed_knowledge_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What a discarded draft said is deleted at last.
    IF EXISTS (
        SELECT FROM written w JOIN knowledge_drafts d ON d.id = w.draft_id
        WHERE d.state <> 'open' AND NOT (TG_OP = 'DELETE' AND d.state = 'discarded'))
    THEN
        RAISE EXCEPTION 'only open drafts change' USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_draft_changes_open_check';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER knowledge_draft_changes_insert AFTER INSERT ON knowledge_draft_changes REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_closed_knowledge_draft();
CREATE TRIGGER knowledge_draft_changes_update_from AFTER UPDATE ON knowledge_draft_changes REFERENCING OLD TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_closed_knowledge_draft();
CREATE TRIGGER knowledge_draft_changes_update_to AFTER UPDATE ON knowledge_draft_changes REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_closed_knowledge_draft();
CREATE TRIGGER knowledge_draft_changes_delete AFTER DELETE ON knowledge_draft_changes REFERENCING OLD TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_closed_knowledge_draft();

-- A review is of what the draft says now, by somebody who had no hand in it.
CREATE FUNCTION refuse_impossible_knowledge_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM knowledge_drafts
        WHERE id = NEW.draft_id AND version = NEW.draft_version
            AND (state = 'in_review' OR (state = 'approved' AND NEW.decision = 'request_changes')))
    THEN
        RAISE EXCEPTION 'the draft is not in review at this version'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_reviews_state_check';
    END IF;
    IF EXISTS (SELECT FROM knowledge_draft_authors WHERE draft_id = NEW.draft_id AND user_id = NEW.user_id)
        OR EXISTS (SELECT FROM knowledge_drafts WHERE id = NEW.draft_id AND submitted_by_user_id = NEW.user_id)
    THEN
        RAISE EXCEPTION 'nobody reviews a draft of their own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_reviews_independent_check';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER knowledge_reviews_state BEFORE INSERT ON knowledge_reviews
    FOR EACH ROW EXECUTE FUNCTION refuse_impossible_knowledge_review();

CREATE FUNCTION refuse_impossible_knowledge_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.phase = 'ended'
        OR (NEW.phase <> OLD.phase AND (OLD.phase, NEW.phase) NOT IN (
            ('building', 'gate'), ('building', 'publishing'), ('gate', 'publishing'), ('building', 'ended'), ('gate', 'ended'),
            ('publishing', 'ended')))
        OR NEW.id <> OLD.id OR NEW.project_id <> OLD.project_id OR NEW.draft_id IS DISTINCT FROM OLD.draft_id
        OR NEW.restored_revision IS DISTINCT FROM OLD.restored_revision OR NEW.base_revision <> OLD.base_revision
        OR (OLD.embedding_model IS NOT NULL AND NEW.embedding_model IS DISTINCT FROM OLD.embedding_model)
        OR (OLD.run_id IS NOT NULL AND NEW.run_id IS DISTINCT FROM OLD.run_id) OR NEW.cost_nano_usd < OLD.cost_nano_usd
        OR NEW.message <> OLD.message OR NEW.requested_by <> OLD.requested_by OR NEW.created_at <> OLD.created_at
    THEN
        RAISE EXCEPTION 'promotion % cannot go from % to % so', OLD.id, OLD.phase, NEW.phase
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_promotions_transition_check';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER knowledge_promotions_transition BEFORE UPDATE ON knowledge_promotions
    FOR EACH ROW EXECUTE FUNCTION refuse_impossible_knowledge_promotion();

CREATE FUNCTION refuse_impossible_knowledge_upload() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.body IS NOT NULL OR (NEW.id, NEW.draft_id, NEW.format, NEW.document, NEW.author, NEW.byte_count, NEW.created_at)
        <> (OLD.id, OLD.draft_id, OLD.format, OLD.document, OLD.author, OLD.byte_count, OLD.created_at)
        OR NEW.author_user_id IS DISTINCT FROM OLD.author_user_id
    THEN
        RAISE EXCEPTION 'of an upload only the body goes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'knowledge_uploads_immutable_check';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER knowledge_uploads_immutable BEFORE UPDATE ON knowledge_uploads
    FOR EACH ROW EXECUTE FUNCTION refuse_impossible_knowledge_upload();
