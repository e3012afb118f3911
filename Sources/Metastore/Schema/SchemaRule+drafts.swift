/// The words for the constraints of the migration of drafts: requests, their sources, the drafts themselves.

extension SchemaRule {
    static let drafts: [String: SchemaRule] = [
        "draft_requests_pkey": conflict("id", "the id is in use"),
        "draft_requests_id_fkey": missing("id", "task"),
        "draft_requests_suite_id_fkey": missing("suite_id", "suite"),
        "draft_requests_instruction_check": invalid("instruction", "must have at most 4,000 characters"),
        "draft_requests_model_check": invalid("model", "must be provider/model, in 400 characters at most"),
        "draft_requests_counts_check": invalid("maximum_drafts", "must be from 1 to 100, and sources from 1 to 50"),
        "draft_requests_cap_nano_usd_check": invalid("spending_cap_usd", "must be more than nothing, and at most 1,000,000 dollars"),
        "draft_requests_cost_nano_usd_check": invalid("cost", "must not be negative"),
        "draft_requests_problems_check": invalid("problems", "must be a JSON array of at most 256 KiB"),
        "draft_request_sources_pkey": conflict("position", "the request has a source of this number already"),
        "draft_request_sources_request_id_fkey": missing("request_id", "request"),
        "draft_request_sources_position_check": invalid("position", "must not be negative"),
        "draft_request_sources_source_check": invalid("source", "must be a JSON object of at most 4 KiB"),
        "draft_request_sources_content_check": invalid("content", "must be a JSON object of at most 512 KiB"),
        "test_case_drafts_pkey": conflict("id", "the id is in use"),
        "test_case_drafts_id_check": invalid("id", "must be a UUID of version 7"),
        "test_case_drafts_suite_id_fkey": missing("suite_id", "suite"),
        "test_case_drafts_request_id_fkey": missing("request_id", "request"),
        "test_case_drafts_key_check": invalid("key", "must have 1 to 256 bytes, none of them a control character"),
        "test_case_drafts_content_check": invalid("content", "must be a JSON object of at most 1 MiB"),
        "test_case_drafts_source_check": invalid("source", "must be a JSON object of at most 4 KiB"),
        "test_case_drafts_state_check": invalid("state", "must be proposed, accepted or dropped"),
        "test_case_drafts_accepted_version_check": invalid("accepted_version", "belongs to an accepted draft only"),
        "test_case_drafts_decided_check": invalid("decided_at", "belongs to a draft that was decided, as decided_by"),
    ]
}
