@testable import Metastore

/// Wrong rows for the migration of drafts, and the right ones that they differ from.
extension ConstraintTests {
    static let draftSetUp = """
        INSERT INTO draft_requests (id, suite_id, instruction, maximum_draft_count, cap_nano_usd, source_count)
            VALUES ('\(id)', '\(id)', '', 1, 1, 1);
        INSERT INTO draft_request_sources VALUES ('\(id)', 0, '{}', '{}');
        INSERT INTO test_case_drafts (id, suite_id, request_id, key, content, source)
            VALUES ('\(id)', '\(id)', '\(id)', 'k', '{}', '{}');
        """

    static let draftRows: [WrongRow] = (requestRows + requestSourceRows + draftTableRows).map { WrongRow(constraint: $0.0, sql: $0.1) }

    private static func request(id: String = "'\(other)'", suite: String = "suite_id") -> String {
        """
        INSERT INTO draft_requests (id, suite_id, instruction, maximum_draft_count, cap_nano_usd, source_count)
        SELECT \(id), \(suite), '', 1, 1, 1 FROM draft_requests
        """
    }

    private static let requestRows: [(String, String)] = [
        ("draft_requests_pkey", request(id: "id")), ("draft_requests_id_fkey", request()),
        ("draft_requests_suite_id_fkey", "UPDATE draft_requests SET suite_id = '\(other)'"),
        ("draft_requests_instruction_check", "UPDATE draft_requests SET instruction = repeat('x', 4001)"),
        ("draft_requests_model_check", "UPDATE draft_requests SET model = 'm/'"),
        ("draft_requests_counts_check", "UPDATE draft_requests SET maximum_draft_count = 0"),
        ("draft_requests_counts_check", "UPDATE draft_requests SET maximum_draft_count = 101"),
        ("draft_requests_counts_check", "UPDATE draft_requests SET source_count = 51"),
        ("draft_requests_cap_nano_usd_check", "UPDATE draft_requests SET cap_nano_usd = 0"),
        ("draft_requests_cost_nano_usd_check", "UPDATE draft_requests SET cost_nano_usd = -1"),
        ("draft_requests_problems_check", "UPDATE draft_requests SET problems = '{}'"),
    ]

    private static let requestSourceRows: [(String, String)] = [
        ("draft_request_sources_pkey", "INSERT INTO draft_request_sources SELECT * FROM draft_request_sources"),
        ("draft_request_sources_request_id_fkey", "UPDATE draft_request_sources SET request_id = '\(other)'"),
        ("draft_request_sources_position_check", "UPDATE draft_request_sources SET position = -1"),
        ("draft_request_sources_source_check", "UPDATE draft_request_sources SET source = '[]'"),
        ("draft_request_sources_source_check", "UPDATE draft_request_sources SET source = json_build_object('a', repeat('x', 4096))"),
        ("draft_request_sources_content_check", "UPDATE draft_request_sources SET content = '[]'"),
        ("draft_request_sources_content_check", "UPDATE draft_request_sources SET content = json_build_object('a', repeat('x', 524288))"),
    ]

    private static let draftTableRows: [(String, String)] = [
        ("test_case_drafts_pkey", "INSERT INTO test_case_drafts SELECT * FROM test_case_drafts"),
        ("test_case_drafts_id_check", "UPDATE test_case_drafts SET id = '018f0000-0000-4000-8000-000000000002'"),
        ("test_case_drafts_suite_id_fkey", "UPDATE test_case_drafts SET suite_id = '\(other)'"),
        ("test_case_drafts_request_id_fkey", "UPDATE test_case_drafts SET request_id = '\(other)'"),
        ("test_case_drafts_key_check", "UPDATE test_case_drafts SET key = ''"),
        ("test_case_drafts_key_check", "UPDATE test_case_drafts SET key = E'a\\nb'"),
        ("test_case_drafts_content_check", "UPDATE test_case_drafts SET content = '[]'"),
        ("test_case_drafts_source_check", "UPDATE test_case_drafts SET source = '[]'"),
        ("test_case_drafts_state_check", "UPDATE test_case_drafts SET state = 'lost', decided_at = now(), decided_by = 'p'"),
        (
            "test_case_drafts_accepted_version_check",
            "UPDATE test_case_drafts SET state = 'accepted', decided_at = now(), decided_by = 'p'"
        ),
        ("test_case_drafts_decided_check", "UPDATE test_case_drafts SET decided_at = now()"),
        ("test_case_drafts_decided_check", "UPDATE test_case_drafts SET state = 'dropped', decided_at = now()"),
    ]
}
