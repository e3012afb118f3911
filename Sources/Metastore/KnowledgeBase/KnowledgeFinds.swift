/// Where a word is looked for: the part of a search's statement that reads which chunks of a view have it.
///
/// What is active has an index of its own (`knowledge_active_chunks`), in which nothing else takes time. A draft against what is active is
/// looked for there, too, without what it says otherwise, and its own contents beside it. All else (earlier revisions, drafts against them, and
/// a view whose revision ceased to be the active one on the way) is looked for among all chunks, each of which is asked whether it is of the
/// view. One statement decides and reads, so that it sees one state, whatever is published meanwhile.
///
/// Each is a SELECT of `id`. Parameters: $1 project, $2 revision, $3 draft, $8 kinds, $9 tags; `form.text` is the lexeme.

enum KnowledgeFinds {
    /// As a view is searched.
    static func quickest(of view: KnowledgeView) -> String {
        let isActive = "coalesce((SELECT active_revision = \(KnowledgeView.base) FROM knowledge_bases WHERE project_id = $1), false)"
        let quick = view.draft == nil ? [active] : ["\(active) AND \(isAsDrafted)", drafted]
        return (quick.map { "(\($0) AND \(isActive))" } + ["(\(general) AND NOT \(isActive))"]).joined(separator: " UNION ALL ")
    }

    /// As any view can be searched.
    static let general = """
        SELECT found.id FROM knowledge_chunks found
        WHERE found.project_id = $1 AND found.words @@ \(lexeme) AND \(isInView) AND \(isAskedFor)
        """

    /// Rows for the next revision are there before it is: they do not count yet.
    private static let active = """
        SELECT found.chunk_id AS id FROM knowledge_active_chunks found
        WHERE found.project_id = $1 AND found.words @@ \(lexeme) AND found.introduced_in <= \(KnowledgeView.base) AND \(isAskedFor)
        """

    /// Whether what is active is in the draft as well, and not among its own contents. Entries may say the same: what one of them says
    /// otherwise is still in the draft by the others.
    private static let isAsDrafted = """
        found.content_id NOT IN (
            SELECT g.content_id FROM knowledge_draft_changes g WHERE g.draft_id = $3 AND g.content_id IS NOT NULL
            UNION ALL SELECT g.base_content_id FROM knowledge_draft_changes g
            WHERE g.draft_id = $3 AND g.base_content_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM knowledge_entry_versions v WHERE v.content_id = g.base_content_id AND v.removed_in IS NULL
                    AND NOT EXISTS (
                        SELECT FROM knowledge_draft_changes o WHERE o.draft_id = $3 AND o.entry_id = v.entry_id)))
        """

    /// An array, so that its chunks and those that have the word are intersected in the indexes.
    private static let drafted = """
        SELECT found.id FROM knowledge_chunks found
        WHERE found.project_id = $1 AND found.words @@ \(lexeme) AND \(isAskedFor) AND found.content_id = ANY (ARRAY(
            SELECT content_id FROM knowledge_draft_changes WHERE draft_id = $3 AND content_id IS NOT NULL))
        """

    /// Whether `found.content_id` is in the view of $1, $2, $3. Scalar subqueries, which are asked for the rows that have a word: of an
    /// EXISTS, PostgreSQL reads the whole view first.
    private static let isInView = """
        (coalesce((
            SELECT true FROM knowledge_entry_versions v WHERE v.content_id = found.content_id AND v.project_id = $1
                AND v.introduced_in <= \(KnowledgeView.base) AND (v.removed_in IS NULL OR v.removed_in > \(KnowledgeView.base))
                AND ($3::uuid IS NULL OR NOT EXISTS (
                    SELECT FROM knowledge_draft_changes g WHERE g.draft_id = $3 AND g.entry_id = v.entry_id))
            LIMIT 1), false)
        OR found.content_id IN (SELECT content_id FROM knowledge_draft_changes WHERE draft_id = $3 AND content_id IS NOT NULL))
        """

    /// Whether `found.content_id` is of the kinds $8 and has the tags $9.
    private static let isAskedFor = """
        (($8::text[] = '{}' AND $9::text[] = '{}') OR coalesce((
            SELECT (k.kind = ANY ($8::text[]) OR $8::text[] = '{}') AND k.tags @> $9::text[]
            FROM knowledge_contents k WHERE k.id = found.content_id), false))
        """

    /// `form.text` as a query of itself alone, whatever characters it has.
    private static let lexeme = #"('''' || replace(replace(form.text, '\', '\\'), '''', '''''') || '''')::tsquery"#
}
