/// The words for the constraints of migration 5: score rules, backfills, decisions.

import EvaluationModel

extension SchemaRule {
    static let scoring: [String: SchemaRule] = {
        let counts = "must not be negative"
        let rate = "must be from 0 to 1"
        let cap = "must be more than nothing"
        let filter = "must be a JSON object of at most 64 KiB"
        let scorers = "must be a JSON list of at most 1,100,000 bytes"
        let concurrency = "must be from 1 to \(ScoreRuleLimits.maximumConcurrency)"
        return [
            "score_rules_pkey": conflict("id", "the id is in use"),
            "score_rules_id_check": invalid("id", "must be a UUID of version 7"),
            "score_rules_project_id_fkey": missing("project_id", "project"),
            "score_rules_project_id_name_key": conflict("name", "the project has a score rule of this name already"),
            "score_rules_name_check": invalid("name", nameRule),
            "score_rules_filter_check": invalid("filter", filter),
            "score_rules_scorers_check": invalid("scorers", scorers),
            "score_rules_sampling_rate_check": invalid("sampling_rate", rate),
            "score_rules_daily_cap_nano_usd_check": invalid("daily_cap_usd", cap),
            "score_rules_concurrency_check": invalid("concurrency", concurrency),
            "score_rules_archived_at_check": conflict("enabled", "an archived rule cannot be enabled"),
            "score_rule_days_rule_id_fkey": missing("rule_id", "score rule"),
            "score_rule_days_pkey": conflict("day", "the rule has this day already"),
            "score_rule_days_counts_check": invalid("counts", counts),
            "score_positions_project_id_fkey": missing("project_id", "project"),
            "score_positions_pkey": conflict("node_id", "the store has a position already"),
            "score_positions_lsn_check": invalid("lsn", counts),
            "score_backfills_pkey": conflict("id", "the id is in use"),
            "score_backfills_id_fkey": missing("id", "task"),
            "score_backfills_project_id_fkey": missing("project_id", "project"),
            "score_backfills_filter_check": invalid("filter", filter),
            "score_backfills_scorers_check": invalid("scorers", scorers),
            "score_backfills_sampling_rate_check": invalid("sampling_rate", rate),
            "score_backfills_times_check": invalid("to", "must not lie before from"),
            "score_backfills_maximum_span_count_check": invalid(
                "maximum_spans", "must be from 1 to \(ScoreRuleLimits.maximumBackfillSpanCount)"),
            "score_backfills_cap_nano_usd_check": invalid("cap_usd", cap),
            "score_backfills_concurrency_check": invalid("concurrency", concurrency),
            "score_backfills_counts_check": invalid("counts", counts),
            "score_decisions_pkey": conflict("id", "the id is in use"),
            "score_decisions_id_check": invalid("id", "must be a UUID of version 7"),
            "score_decisions_project_id_fkey": missing("project_id", "project"),
            "score_decisions_rule_id_fkey": missing("rule_id", "score rule"),
            "score_decisions_task_id_fkey": missing("task_id", "backfill"),
            "score_decisions_source_check": invalid("rule_id", "or a backfill decides, not both"),
            "score_decisions_span_check": invalid("trace_id", "must have 16 bytes, a span id 8"),
            "score_decisions_decision_check": invalid(
                "decision", "must be not_matched, sampled_out, skipped, queued, scored or failed"),
            "score_decisions_reason_check": invalid("reason", "must have 1 to 2,000 characters"),
            "score_decisions_amounts_check": invalid("amounts", counts),
        ]
    }()
}
