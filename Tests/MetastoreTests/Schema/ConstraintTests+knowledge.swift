@testable import Metastore

/// Wrong rows for the migration of the knowledge base, and the right ones that they differ from: revision 1 came of draft `promoted`;
/// `open` has a change against it, `inReview` a review.
extension ConstraintTests {
    private static let promoted = "018f0000-0000-7000-8000-0000000000a1"
    private static let open = "018f0000-0000-7000-8000-0000000000a2"
    private static let inReview = "018f0000-0000-7000-8000-0000000000a3"
    private static let promotion = "018f0000-0000-7000-8000-0000000000a4"
    private static let upload = "018f0000-0000-7000-8000-0000000000a5"
    private static let free = "018f0000-0000-7000-8000-0000000000a6"
    private static let third = "018f0000-0000-7000-8000-000000000003"
    private static let wrongVersion = "018f0000-0000-4000-8000-000000000002"

    static let knowledgeSetUp = """
        INSERT INTO tasks (id, kind, project_id) SELECT task::uuid, 'knowledge', '\(id)'
            FROM unnest('{\(promoted),\(open),\(inReview),\(promotion),\(upload),\(free)}'::text[]) AS task;
        INSERT INTO knowledge_bases (project_id) VALUES ('\(id)');
        INSERT INTO knowledge_contents (project_id, hash, kind, title, tags, content)
            VALUES ('\(id)', sha256('1'), 'article', 'A', '{t}', '{}'), ('\(id)', sha256('2'), 'article', 'B', '{}', '{}');
        INSERT INTO knowledge_chunks (project_id, content_id, position, heading_path, text, token_count, embedded_hash, words)
            VALUES ('\(id)', 1, 0, '{H}', 'text', 1, sha256('t'), to_tsvector('english', 'text'));
        INSERT INTO knowledge_embeddings VALUES ('\(id)', 'p/m', sha256('t'), '\\x00000000');
        INSERT INTO knowledge_words VALUES ('\(id)', 'word', 1);
        INSERT INTO knowledge_entries VALUES ('\(id)', '\(id)', 'a'), ('\(other)', '\(id)', 'b');
        INSERT INTO knowledge_drafts (id, project_id, name, base_revision, created_by) VALUES ('\(promoted)', '\(id)', 'p', 0, 'w');
        INSERT INTO knowledge_draft_changes (draft_id, project_id, entry_id, content_id, author)
            VALUES ('\(promoted)', '\(id)', '\(id)', 1, 'w');
        UPDATE knowledge_drafts SET state = 'approved', submitted_by = 'w';
        UPDATE knowledge_drafts SET state = 'promoting';
        INSERT INTO knowledge_revisions (project_id, number, draft_id, entry_count, promoted_by) VALUES ('\(id)', 1, '\(promoted)', 1, 'w');
        INSERT INTO knowledge_entry_versions (project_id, entry_id, introduced_in, content_id, author)
            VALUES ('\(id)', '\(id)', 1, 1, 'w');
        UPDATE knowledge_bases SET active_revision = 1;
        UPDATE knowledge_drafts SET state = 'promoted', promoted_revision = 1;
        INSERT INTO knowledge_drafts (id, project_id, name, base_revision, created_by)
            VALUES ('\(open)', '\(id)', 'o', 1, 'w'), ('\(inReview)', '\(id)', 'r', 1, 'w');
        INSERT INTO knowledge_draft_changes (draft_id, project_id, entry_id, content_id, base_content_id, author)
            VALUES ('\(open)', '\(id)', '\(id)', 2, 1, 'w'), ('\(inReview)', '\(id)', '\(id)', 2, 1, 'w');
        INSERT INTO knowledge_draft_authors VALUES ('\(open)', '\(id)');
        UPDATE knowledge_drafts SET state = 'in_review', submitted_by = 'w' WHERE id = '\(inReview)';
        INSERT INTO knowledge_reviews (id, draft_id, draft_version, user_id, reviewer, decision)
            VALUES ('\(id)', '\(inReview)', 0, '\(id)', 'a@x', 'approve');
        INSERT INTO knowledge_promotions (id, project_id, draft_id, base_revision, requested_by)
            VALUES ('\(promotion)', '\(id)', '\(open)', 1, 'w');
        INSERT INTO knowledge_uploads (id, draft_id, format, document, body, author, byte_count)
            VALUES ('\(upload)', '\(open)', 'openapi', 'd', 'x', 'w', 1);
        """

    static let knowledgeRows: [WrongRow] =
        (baseRows + contentRows + chunkRows + activeChunkRows + entryRows + draftTableRows + changeRows + reviewRows + revisionRows
        + versionRows
        + promotionRows
        + uploadRows).map { WrongRow(constraint: $0.0, sql: $0.1) }

    /// What pg_constraint does not know of: what triggers refuse, and the indexes of what is unique only while it is open.
    static let knowledgeTriggers: Set<String> = [
        "knowledge_bases_transition_check", "knowledge_contents_immutable_check", "knowledge_chunks_immutable_check",
        "knowledge_chunks_complete_check", "knowledge_active_chunks_active_check", "knowledge_active_chunks_chunk_check",
        "knowledge_active_chunks_kept_check", "knowledge_active_chunks_immutable_check",
        "knowledge_embeddings_immutable_check", "knowledge_entries_immutable_check", "knowledge_drafts_transition_check",
        "knowledge_draft_changes_open_check", "knowledge_reviews_immutable_check", "knowledge_reviews_state_check",
        "knowledge_reviews_independent_check", "knowledge_revisions_immutable_check", "knowledge_revisions_next_check",
        "knowledge_entry_versions_immutable_check", "knowledge_entry_versions_next_check", "knowledge_promotions_transition_check",
        "knowledge_uploads_immutable_check", "knowledge_drafts_name_key", "knowledge_entry_versions_open_key",
        "knowledge_promotions_open_key",
    ]

    /// What a constraint refuses that a trigger would refuse before.
    private static func untriggered(_ table: String, _ sql: String) -> String {
        "ALTER TABLE knowledge_\(table) DISABLE TRIGGER USER; \(sql)"
    }

    private static func update(_ table: String, _ assignments: String, where condition: String = "true") -> String {
        untriggered(table, "UPDATE knowledge_\(table) SET \(assignments) WHERE \(condition)")
    }

    private static let baseRows: [(String, String)] = [
        ("knowledge_bases_pkey", "INSERT INTO knowledge_bases (project_id) VALUES ('\(id)')"),
        ("knowledge_bases_project_id_fkey", "INSERT INTO knowledge_bases (project_id) VALUES ('\(other)')"),
        ("knowledge_bases_project_id_active_fkey", "UPDATE knowledge_bases SET active_revision = 2"),
        ("knowledge_bases_active_revision_check", update("bases", "active_revision = -1")),
        ("knowledge_bases_required_approvals_check", "UPDATE knowledge_bases SET required_approvals = -1"),
        ("knowledge_bases_required_approvals_check", "UPDATE knowledge_bases SET required_approvals = 11"),
        ("knowledge_bases_gate_check", "UPDATE knowledge_bases SET gate = '[]'"),
        ("knowledge_bases_gate_check", "UPDATE knowledge_bases SET gate = json_build_object('a', repeat('x', 262144))"),
        ("knowledge_bases_updated_at_check", "UPDATE knowledge_bases SET updated_at = 'infinity'"),
        ("knowledge_bases_transition_check", "UPDATE knowledge_bases SET active_revision = 0"),
        ("knowledge_bases_transition_check", "UPDATE knowledge_bases SET active_revision = 3"),
    ]

    private static func content(_ columns: String, _ values: String) -> String {
        let all = ["hash": "sha256('9')", "kind": "'article'", "title": "'T'", "tags": "'{}'", "content": "'{}'", "project_id": "'\(id)'"]
        var given = all
        given[columns] = values
        let names = given.keys.sorted()
        return "INSERT INTO knowledge_contents (\(names.joined(separator: ", "))) "
            + "VALUES (\(names.compactMap { given[$0] }.joined(separator: ", ")))"
    }

    private static let takenID = """
        INSERT INTO knowledge_contents (id, project_id, hash, kind, title, tags, content) OVERRIDING SYSTEM VALUE
        VALUES (1, '\(id)', sha256('3'), 'article', 'A', '{}', '{}')
        """

    private static let contentRows: [(String, String)] = [
        ("knowledge_contents_pkey", takenID),
        (
            "knowledge_contents_project_id_id_key",
            """
            ALTER TABLE knowledge_chunks DROP CONSTRAINT knowledge_chunks_project_id_content_id_fkey;
            ALTER TABLE knowledge_contents DROP CONSTRAINT knowledge_contents_pkey; \(takenID)
            """
        ),
        ("knowledge_contents_project_id_fkey", content("project_id", "'\(other)'")),
        ("knowledge_contents_project_id_hash_key", content("hash", "sha256('1')")),
        ("knowledge_contents_hash_check", content("hash", "'\\x00'")),
        ("knowledge_contents_kind_check", content("kind", "'page'")),
        ("knowledge_contents_title_check", content("title", "''")),
        ("knowledge_contents_title_check", content("title", "E'a\\nb'")),
        ("knowledge_contents_title_check", content("title", "repeat('x', 1025)")),
        ("knowledge_contents_tags_check", content("tags", "array_fill('a'::text, '{65}')")),
        ("knowledge_contents_tags_check", content("tags", "'{NULL}'")),
        ("knowledge_contents_content_check", content("content", "'[]'")),
        ("knowledge_contents_content_check", content("content", "json_build_object('a', repeat('x', 1100000))")),
        (
            "knowledge_contents_document_check",
            content("content", "json_build_object('content', json_build_object('document', repeat('x', 1025)))")
        ),
        ("knowledge_contents_created_at_check", update("contents", "created_at = 'infinity'")),
        ("knowledge_contents_immutable_check", "UPDATE knowledge_contents SET title = 'C'"),
    ]

    private static let chunkRows: [(String, String)] = [
        (
            "knowledge_chunks_pkey",
            """
            INSERT INTO knowledge_chunks OVERRIDING SYSTEM VALUE
            SELECT id, project_id, content_id, 1, heading_path, text, token_count, embedded_hash, words FROM knowledge_chunks
            """
        ),
        (
            "knowledge_chunks_content_id_position_key",
            """
            INSERT INTO knowledge_chunks (project_id, content_id, position, heading_path, text, token_count, embedded_hash, words)
            SELECT project_id, content_id, 0, heading_path, text, token_count, embedded_hash, words FROM knowledge_chunks
            """
        ),
        ("knowledge_chunks_project_id_content_id_fkey", update("chunks", "content_id = 9") + "; SET CONSTRAINTS ALL IMMEDIATE"),
        ("knowledge_chunks_position_check", update("chunks", "position = -1")),
        ("knowledge_chunks_text_check", update("chunks", "text = ''")),
        ("knowledge_chunks_text_check", update("chunks", "text = repeat('x', 65537)")),
        ("knowledge_chunks_token_count_check", update("chunks", "token_count = 0")),
        ("knowledge_chunks_embedded_hash_check", update("chunks", "embedded_hash = '\\x00'")),
        ("knowledge_chunks_immutable_check", "UPDATE knowledge_chunks SET position = 2"),
        (
            "knowledge_embeddings_pkey",
            """
            INSERT INTO knowledge_embeddings (project_id, model, embedded_hash, vector)
            SELECT project_id, model, embedded_hash, vector FROM knowledge_embeddings
            """
        ),
        ("knowledge_embeddings_project_id_fkey", "INSERT INTO knowledge_embeddings VALUES ('\(other)', 'p/m', sha256('t'), '\\x00000000')"),
        ("knowledge_embeddings_model_check", "INSERT INTO knowledge_embeddings VALUES ('\(id)', 'm', sha256('t'), '\\x00000000')"),
        ("knowledge_embeddings_embedded_hash_check", "INSERT INTO knowledge_embeddings VALUES ('\(id)', 'p/m', '\\x00', '\\x00000000')"),
        ("knowledge_embeddings_vector_check", "INSERT INTO knowledge_embeddings VALUES ('\(id)', 'p/m', sha256('u'), '\\x000000')"),
        ("knowledge_embeddings_vector_check", "INSERT INTO knowledge_embeddings VALUES ('\(id)', 'p/m', sha256('u'), '')"),
        ("knowledge_embeddings_immutable_check", "UPDATE knowledge_embeddings SET vector = '\\x00000001'"),
        ("knowledge_words_pkey", "INSERT INTO knowledge_words SELECT * FROM knowledge_words"),
        ("knowledge_words_project_id_fkey", "INSERT INTO knowledge_words VALUES ('\(other)', 'w', 1)"),
        ("knowledge_words_chunk_count_check", "UPDATE knowledge_words SET chunk_count = 0"),
    ]

    /// Content 2, which is in drafts alone, has a chunk, and it is indexed so.
    private static func indexed(in revision: Int, as columns: String = "project_id, content_id", words: String = "strip(words)") -> String {
        """
        INSERT INTO knowledge_chunks (project_id, content_id, position, heading_path, text, token_count, embedded_hash, words)
            VALUES ('\(id)', 2, 0, '{}', 'other', 1, sha256('o'), to_tsvector('english', 'other'));
        INSERT INTO knowledge_active_chunks (chunk_id, project_id, content_id, introduced_in, words)
            SELECT id, \(columns), \(revision), \(words) FROM knowledge_chunks WHERE content_id = 2
        """
    }

    private static let activeChunkRows: [(String, String)] = [
        (
            "knowledge_chunks_complete_check",
            """
            INSERT INTO knowledge_chunks (project_id, content_id, position, heading_path, text, token_count, embedded_hash, words)
            SELECT project_id, content_id, 1, heading_path, text, token_count, embedded_hash, words FROM knowledge_chunks
            """
        ),
        ("knowledge_active_chunks_pkey", "INSERT INTO knowledge_active_chunks SELECT * FROM knowledge_active_chunks"),
        ("knowledge_active_chunks_chunk_id_fkey", "INSERT INTO knowledge_active_chunks VALUES (999, '\(id)', 1, 2, '')"),
        ("knowledge_active_chunks_introduced_in_check", "INSERT INTO knowledge_active_chunks VALUES (999, '\(id)', 1, 0, '')"),
        ("knowledge_active_chunks_active_check", indexed(in: 1)),
        ("knowledge_active_chunks_active_check", indexed(in: 3)),
        ("knowledge_active_chunks_active_check", indexed(in: 1, as: "'\(other)', content_id")),
        ("knowledge_active_chunks_chunk_check", indexed(in: 2, as: "project_id, 1")),
        ("knowledge_active_chunks_chunk_check", indexed(in: 2, words: "'another'")),
        ("knowledge_active_chunks_kept_check", "DELETE FROM knowledge_active_chunks"),
        ("knowledge_active_chunks_immutable_check", "UPDATE knowledge_active_chunks SET introduced_in = 2"),
    ]

    private static let entryRows: [(String, String)] = [
        ("knowledge_entries_pkey", "INSERT INTO knowledge_entries VALUES ('\(id)', '\(id)', 'c')"),
        ("knowledge_entries_project_id_fkey", "INSERT INTO knowledge_entries VALUES ('\(third)', '\(other)', 'c')"),
        ("knowledge_entries_project_id_key_key", "INSERT INTO knowledge_entries VALUES ('\(third)', '\(id)', 'a')"),
        (
            "knowledge_entries_project_id_id_key",
            """
            ALTER TABLE knowledge_entries DROP CONSTRAINT knowledge_entries_pkey;
            INSERT INTO knowledge_entries VALUES ('\(id)', '\(id)', 'c')
            """
        ),
        ("knowledge_entries_id_check", "INSERT INTO knowledge_entries VALUES ('\(wrongVersion)', '\(id)', 'c')"),
        ("knowledge_entries_key_check", "INSERT INTO knowledge_entries VALUES ('\(third)', '\(id)', '')"),
        ("knowledge_entries_key_check", "INSERT INTO knowledge_entries VALUES ('\(third)', '\(id)', E'a\\tb')"),
        ("knowledge_entries_key_check", "INSERT INTO knowledge_entries VALUES ('\(third)', '\(id)', repeat('x', 513))"),
        ("knowledge_entries_immutable_check", "UPDATE knowledge_entries SET key = 'c' WHERE id = '\(id)'"),
    ]

    private static func draft(id: String = free, project: String = id, name: String = "n", base: Int = 1) -> String {
        """
        INSERT INTO knowledge_drafts (id, project_id, name, base_revision, created_by)
        VALUES ('\(id)', '\(project)', '\(name)', \(base), 'w')
        """
    }

    private static func step(_ assignments: String, of draft: String = open) -> String {
        "UPDATE knowledge_drafts SET \(assignments) WHERE id = '\(draft)'"
    }

    private static let draftTableRows: [(String, String)] = [
        ("knowledge_drafts_pkey", draft(id: open)),
        (
            "knowledge_drafts_project_id_id_key",
            """
            ALTER TABLE knowledge_uploads DROP CONSTRAINT knowledge_uploads_draft_id_fkey;
            ALTER TABLE knowledge_reviews DROP CONSTRAINT knowledge_reviews_draft_id_fkey;
            ALTER TABLE knowledge_draft_authors DROP CONSTRAINT knowledge_draft_authors_draft_id_fkey;
            ALTER TABLE knowledge_drafts DROP CONSTRAINT knowledge_drafts_pkey; \(draft(id: open))
            """
        ),
        ("knowledge_drafts_id_fkey", draft(id: other)),
        ("knowledge_drafts_project_id_fkey", draft(project: other, base: 0)),
        ("knowledge_drafts_project_id_base_fkey", draft(base: 2)),
        ("knowledge_drafts_name_check", draft(name: "")),
        ("knowledge_drafts_name_check", draft(name: "A")),
        ("knowledge_drafts_name_check", draft(name: "a/b")),
        ("knowledge_drafts_name_key", draft(name: "o")),
        ("knowledge_drafts_description_check", step("description = repeat('x', 10001)")),
        ("knowledge_drafts_base_revision_check", draft(base: -1)),
        ("knowledge_drafts_state_check", update("drafts", "state = 'lost', submitted_by = 'w'", where: "id = '\(open)'")),
        ("knowledge_drafts_version_check", update("drafts", "version = -1")),
        ("knowledge_drafts_created_by_check", update("drafts", "created_by = repeat('x', 401)")),
        ("knowledge_drafts_submitted_by_check", step("state = 'in_review'")),
        ("knowledge_drafts_submitted_by_check", step("submitted_by = repeat('x', 401)")),
        ("knowledge_drafts_submitted_by_user_id_fkey", step("submitted_by_user_id = '\(other)'")),
        ("knowledge_drafts_promoted_revision_check", step("promoted_revision = 1")),
        ("knowledge_drafts_promoted_revision_check", update("drafts", "promoted_revision = 2", where: "id = '\(promoted)'")),
        (
            "knowledge_drafts_project_id_promoted_revision_fkey",
            """
            \(step("state = 'approved'", of: inReview)); \(step("state = 'promoting'", of: inReview));
            \(step("state = 'promoted', promoted_revision = 2", of: inReview))
            """
        ),
        ("knowledge_drafts_times_check", step("updated_at = created_at - interval '1 s'")),
        ("knowledge_drafts_transition_check", step("description = 'x'", of: promoted)),
        ("knowledge_drafts_transition_check", step("state = 'open', promoted_revision = NULL", of: promoted)),
        ("knowledge_drafts_transition_check", step("state = 'promoting', submitted_by = 'w'")),
        ("knowledge_drafts_transition_check", step("state = 'open'", of: inReview)),
        ("knowledge_drafts_transition_check", step("state = 'in_review', submitted_by = 'w', version = 1")),
        ("knowledge_drafts_transition_check", step("state = 'promoting'", of: inReview)),
        ("knowledge_drafts_transition_check", step("version = version + 1", of: inReview)),
        ("knowledge_drafts_transition_check", step("base_revision = 0")),
        ("knowledge_drafts_transition_check", step("version = -1")),
        ("knowledge_drafts_transition_check", step("id = '\(free)'")),
        ("knowledge_drafts_transition_check", step("state = 'discarded'") + "; " + step("state = 'open'")),
        (
            "knowledge_drafts_transition_check",
            """
            \(step("state = 'approved'", of: inReview)); \(step("state = 'promoting'", of: inReview));
            \(step("state = 'open'", of: inReview))
            """
        ),
        (
            "knowledge_drafts_transition_check",
            """
            \(step("state = 'approved'", of: inReview)); \(step("state = 'promoting'", of: inReview));
            \(step("state = 'discarded'", of: inReview))
            """
        ),
        (
            "knowledge_drafts_transition_check",
            """
            INSERT INTO knowledge_drafts (id, project_id, name, base_revision, created_by, state, submitted_by)
            VALUES ('\(free)', '\(id)', 'n', 1, 'w', 'approved', 'w')
            """
        ),
        ("knowledge_draft_authors_pkey", "INSERT INTO knowledge_draft_authors SELECT * FROM knowledge_draft_authors"),
        ("knowledge_draft_authors_draft_id_fkey", "INSERT INTO knowledge_draft_authors VALUES ('\(free)', '\(id)')"),
        ("knowledge_draft_authors_user_id_fkey", "INSERT INTO knowledge_draft_authors VALUES ('\(open)', '\(other)')"),
    ]

    private static func change(
        draft: String = open, project: String = id, entry: String = other, content: String = "2", base: String = "NULL"
    ) -> String {
        """
        INSERT INTO knowledge_draft_changes (draft_id, project_id, entry_id, content_id, base_content_id, author)
        VALUES ('\(draft)', '\(project)', '\(entry)', \(content), \(base), 'w')
        """
    }

    private static let changeRows: [(String, String)] = [
        ("knowledge_draft_changes_pkey", change(entry: id)),
        ("knowledge_draft_changes_project_id_draft_id_fkey", change(draft: free)),
        ("knowledge_draft_changes_project_id_entry_id_fkey", change(entry: third)),
        ("knowledge_draft_changes_project_id_content_id_fkey", change(content: "9")),
        ("knowledge_draft_changes_project_id_base_content_id_fkey", change(base: "9")),
        ("knowledge_draft_changes_content_check", change(content: "1", base: "1")),
        ("knowledge_draft_changes_content_check", change(content: "NULL")),
        ("knowledge_draft_changes_author_check", update("draft_changes", "author = repeat('x', 401)")),
        (
            "knowledge_draft_changes_author_user_id_fkey",
            update("draft_changes", "author_user_id = '\(other)'", where: "draft_id = '\(open)'")
        ),
        ("knowledge_draft_changes_source_check", update("draft_changes", "source_trace_id = '\\x00'")),
        ("knowledge_draft_changes_source_check", update("draft_changes", "source_span_id = decode(repeat('ab', 8), 'hex')")),
        ("knowledge_draft_changes_open_check", change(draft: promoted)),
        ("knowledge_draft_changes_open_check", change(draft: inReview)),
        ("knowledge_draft_changes_open_check", "UPDATE knowledge_draft_changes SET author = 'x' WHERE draft_id = '\(inReview)'"),
        (
            "knowledge_draft_changes_open_check",
            """
            UPDATE knowledge_draft_changes SET draft_id = '\(open)', entry_id = '\(other)' WHERE draft_id = '\(inReview)'
            """
        ),
        (
            "knowledge_draft_changes_open_check",
            """
            UPDATE knowledge_draft_changes SET draft_id = '\(inReview)', entry_id = '\(other)' WHERE draft_id = '\(open)'
            """
        ),
        ("knowledge_draft_changes_open_check", "DELETE FROM knowledge_draft_changes WHERE draft_id = '\(promoted)'"),
    ]

    private static func review(
        id: String = other, draft: String = inReview, version: Int = 0, user: String = id,
        decision: String = "request_changes"
    ) -> String {
        """
        INSERT INTO knowledge_reviews (id, draft_id, draft_version, user_id, reviewer, decision)
        VALUES ('\(id)', '\(draft)', \(version), '\(user)', 'a@x', '\(decision)')
        """
    }

    private static let reviewRows: [(String, String)] = [
        ("knowledge_reviews_pkey", review(id: id)),
        ("knowledge_reviews_id_check", review(id: wrongVersion)),
        ("knowledge_reviews_word_key", review(decision: "approve")),
        ("knowledge_reviews_draft_id_fkey", untriggered("reviews", review(draft: free))),
        ("knowledge_reviews_user_id_fkey", review(user: other)),
        ("knowledge_reviews_draft_version_check", update("reviews", "draft_version = -1")),
        ("knowledge_reviews_reviewer_check", update("reviews", "reviewer = repeat('x', 401)")),
        ("knowledge_reviews_decision_check", review(decision: "maybe")),
        ("knowledge_reviews_comment_check", update("reviews", "comment = repeat('x', 10001)")),
        ("knowledge_reviews_immutable_check", "UPDATE knowledge_reviews SET decision = 'request_changes'"),
        ("knowledge_reviews_immutable_check", "DELETE FROM knowledge_reviews"),
        ("knowledge_reviews_state_check", review(draft: open)),
        ("knowledge_reviews_state_check", review(version: 1)),
        ("knowledge_reviews_state_check", "\(step("state = 'approved'", of: inReview)); \(review(decision: "approve"))"),
        ("knowledge_reviews_independent_check", "INSERT INTO knowledge_draft_authors VALUES ('\(inReview)', '\(id)'); \(review())"),
        ("knowledge_reviews_independent_check", "\(step("submitted_by_user_id = '\(id)'", of: inReview)); \(review())"),
    ]

    private static func revision(_ number: Int = 2, draft: String = "'\(open)'", restored: String = "NULL", project: String = id) -> String
    {
        """
        INSERT INTO knowledge_revisions (project_id, number, draft_id, restored_revision, entry_count, promoted_by)
        VALUES ('\(project)', \(number), \(draft), \(restored), 1, 'w')
        """
    }

    private static let revisionRows: [(String, String)] = [
        ("knowledge_revisions_pkey", untriggered("revisions", revision(1))),
        ("knowledge_revisions_project_id_fkey", untriggered("revisions", revision(project: other))),
        ("knowledge_revisions_project_id_draft_id_fkey", revision(draft: "'\(free)'")),
        ("knowledge_revisions_draft_id_key", revision(draft: "'\(promoted)'")),
        ("knowledge_revisions_project_id_restored_revision_fkey", revision(draft: "NULL", restored: "0")),
        ("knowledge_revisions_number_check", update("revisions", "number = 0")),
        ("knowledge_revisions_origin_check", revision(draft: "NULL")),
        ("knowledge_revisions_origin_check", revision(restored: "1")),
        ("knowledge_revisions_origin_check", revision(draft: "NULL", restored: "2")),
        ("knowledge_revisions_message_check", update("revisions", "message = repeat('x', 10001)")),
        ("knowledge_revisions_entry_count_check", update("revisions", "entry_count = -1")),
        ("knowledge_revisions_entry_count_check", update("revisions", "entry_count = 100001")),
        ("knowledge_revisions_embedding_model_check", update("revisions", "embedding_model = 'm'")),
        ("knowledge_revisions_promoted_by_check", update("revisions", "promoted_by = repeat('x', 401)")),
        ("knowledge_revisions_created_at_check", update("revisions", "created_at = 'infinity'")),
        ("knowledge_revisions_immutable_check", "UPDATE knowledge_revisions SET message = 'x'"),
        ("knowledge_revisions_immutable_check", "DELETE FROM knowledge_revisions"),
        ("knowledge_revisions_next_check", revision(3)),
        ("knowledge_revisions_next_check", revision(1, draft: "NULL", restored: "1")),
        ("knowledge_revisions_active", "\(revision()); SET CONSTRAINTS ALL IMMEDIATE"),
    ]

    private static func entryVersion(entry: String = other, introduced: Int = 2, removed: String = "NULL", content: Int = 1) -> String {
        """
        \(revision());
        INSERT INTO knowledge_entry_versions (project_id, entry_id, introduced_in, removed_in, content_id, author)
        VALUES ('\(id)', '\(entry)', \(introduced), \(removed), \(content), 'w')
        """
    }

    private static let versionRows: [(String, String)] = [
        ("knowledge_entry_versions_pkey", untriggered("entry_versions", entryVersion(entry: id, introduced: 1))),
        ("knowledge_entry_versions_project_id_entry_id_fkey", entryVersion(entry: third)),
        ("knowledge_entry_versions_project_id_content_id_fkey", entryVersion(content: 9)),
        ("knowledge_entry_versions_project_id_introduced_in_fkey", untriggered("entry_versions", entryVersion(introduced: 3))),
        ("knowledge_entry_versions_project_id_removed_in_fkey", update("entry_versions", "removed_in = 2")),
        ("knowledge_entry_versions_removed_in_check", update("entry_versions", "removed_in = 1")),
        ("knowledge_entry_versions_author_check", update("entry_versions", "author = repeat('x', 401)")),
        ("knowledge_entry_versions_source_check", update("entry_versions", "source_trace_id = '\\x00'")),
        ("knowledge_entry_versions_source_check", update("entry_versions", "source_span_id = decode(repeat('ab', 8), 'hex')")),
        ("knowledge_entry_versions_immutable_check", "UPDATE knowledge_entry_versions SET content_id = 2"),
        ("knowledge_entry_versions_immutable_check", "DELETE FROM knowledge_entry_versions"),
        (
            "knowledge_entry_versions_immutable_check",
            """
            \(revision()); UPDATE knowledge_entry_versions SET removed_in = 2; UPDATE knowledge_entry_versions SET removed_in = NULL
            """
        ),
        ("knowledge_entry_versions_open_key", entryVersion(entry: id)),
        ("knowledge_entry_versions_next_check", entryVersion(introduced: 1)),
        ("knowledge_entry_versions_next_check", "\(revision()); UPDATE knowledge_bases SET active_revision = 2; \(lateVersion)"),
    ]

    private static let lateVersion = "UPDATE knowledge_entry_versions SET removed_in = 2"

    private static func promoting(
        id: String = free, draft: String = "'\(open)'", restored: String = "NULL", base: Int = 1, project: String = id
    ) -> String {
        """
        UPDATE knowledge_promotions SET phase = 'ended';
        INSERT INTO knowledge_promotions (id, project_id, draft_id, restored_revision, base_revision, requested_by)
        VALUES ('\(id)', '\(project)', \(draft), \(restored), \(base), 'w')
        """
    }

    private static let promotionRows: [(String, String)] = [
        ("knowledge_promotions_pkey", promoting(id: promotion)),
        (
            "knowledge_promotions_open_key",
            """
            INSERT INTO knowledge_promotions (id, project_id, draft_id, base_revision, requested_by)
            VALUES ('\(free)', '\(id)', '\(open)', 1, 'w')
            """
        ),
        ("knowledge_promotions_id_fkey", promoting(id: other)),
        ("knowledge_promotions_project_id_fkey", promoting(draft: "NULL", restored: "1", base: 2, project: other)),
        ("knowledge_promotions_project_id_draft_id_fkey", promoting(draft: "'\(free)'")),
        ("knowledge_promotions_project_id_restored_revision_fkey", promoting(draft: "NULL", restored: "2", base: 3)),
        ("knowledge_promotions_origin_check", promoting(draft: "NULL")),
        ("knowledge_promotions_origin_check", promoting(restored: "1", base: 2)),
        ("knowledge_promotions_origin_check", promoting(draft: "NULL", restored: "1")),
        ("knowledge_promotions_base_revision_check", promoting(base: -1)),
        ("knowledge_promotions_phase_check", update("promotions", "phase = 'lost'")),
        ("knowledge_promotions_embedding_model_check", update("promotions", "embedding_model = 'm'")),
        ("knowledge_promotions_run_id_fkey", update("promotions", "run_id = '\(other)'")),
        ("knowledge_promotions_cost_nano_usd_check", update("promotions", "cost_nano_usd = -1")),
        ("knowledge_promotions_message_check", update("promotions", "message = repeat('x', 10001)")),
        ("knowledge_promotions_requested_by_check", update("promotions", "requested_by = repeat('x', 401)")),
        ("knowledge_promotions_created_at_check", update("promotions", "created_at = 'infinity'")),
        (
            "knowledge_promotions_transition_check",
            "UPDATE knowledge_promotions SET phase = 'gate'; UPDATE knowledge_promotions SET phase = 'building'"
        ),
        (
            "knowledge_promotions_transition_check",
            "UPDATE knowledge_promotions SET phase = 'ended'; UPDATE knowledge_promotions SET cost_nano_usd = 1"
        ),
        ("knowledge_promotions_transition_check", "UPDATE knowledge_promotions SET base_revision = 2"),
        (
            "knowledge_promotions_transition_check",
            """
            UPDATE knowledge_promotions SET embedding_model = 'p/m'; UPDATE knowledge_promotions SET embedding_model = 'p/n'
            """
        ),
    ]

    private static func uploading(
        id: String = free, draft: String = open, format: String = "openapi", document: String = "d", bytes: Int = 1
    ) -> String {
        """
        INSERT INTO knowledge_uploads (id, draft_id, format, document, body, author, byte_count)
        VALUES ('\(id)', '\(draft)', '\(format)', '\(document)', 'x', 'w', \(bytes))
        """
    }

    private static let uploadRows: [(String, String)] = [
        ("knowledge_uploads_pkey", uploading(id: upload)), ("knowledge_uploads_id_fkey", uploading(id: other)),
        ("knowledge_uploads_draft_id_fkey", uploading(draft: free)), ("knowledge_uploads_format_check", uploading(format: "pdf")),
        ("knowledge_uploads_document_check", uploading(document: "")), ("knowledge_uploads_document_check", uploading(document: "A b")),
        ("knowledge_uploads_body_check", uploading(bytes: 2)),
        ("knowledge_uploads_byte_count_check", update("uploads", "body = NULL, byte_count = 0")),
        ("knowledge_uploads_byte_count_check", update("uploads", "body = NULL, byte_count = 33554433")),
        ("knowledge_uploads_author_check", update("uploads", "author = repeat('x', 401)")),
        ("knowledge_uploads_author_user_id_fkey", update("uploads", "author_user_id = '\(other)'")),
        ("knowledge_uploads_immutable_check", "UPDATE knowledge_uploads SET format = 'markdown_zip', body = NULL"),
        ("knowledge_uploads_immutable_check", "UPDATE knowledge_uploads SET body = 'y'"),
    ]
}
