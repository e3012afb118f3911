/// The words for the constraints of the migration of features: schedules, analyses, features and their windows.

extension SchemaRule {
    static let features: [String: SchemaRule] = {
        let cap = "must be more than nothing, and at most 1,000,000 dollars"
        let traces = "must be from 10 to 4,096"
        let filter = "must be a filter of at most 16 KiB"
        let model = "must have 1 to 400 characters"
        let project = missing("project_id", "project")
        return [
            "feature_schedules_pkey": conflict("project_id", "the project has a schedule already"),
            "feature_schedules_project_id_fkey": project,
            "feature_schedules_period_hours_check": invalid("period_hours", "must be from 1 to 744"),
            "feature_schedules_maximum_traces_check": invalid("maximum_traces", traces),
            "feature_schedules_spending_cap_nano_usd_check": invalid("spending_cap_usd", cap),
            "feature_schedules_filter_check": invalid("filter", filter),
            "feature_schedules_times_check": invalid("next_window_start", "must be a time"),
            "feature_analyses_pkey": conflict("id", "the id is in use"),
            "feature_analyses_id_fkey": missing("id", "task"),
            "feature_analyses_project_id_fkey": project,
            "feature_analyses_project_id_id_key": conflict("id", "the id is in use"),
            "feature_analyses_window_check": invalid("end", "must be after start, by 92 days at most"),
            "feature_analyses_maximum_traces_check": invalid("maximum_traces", traces),
            "feature_analyses_spending_cap_nano_usd_check": invalid("spending_cap_usd", cap),
            "feature_analyses_filter_check": invalid("filter", filter),
            "feature_analyses_state_check": invalid("state", "must be collecting, ready, succeeded, failed or cancelled"),
            "feature_analyses_counts_check": invalid("trace_count", "must be at most what was asked for, and what the window has"),
            "feature_analyses_embedding_model_check": invalid("embedding_model", model),
            "feature_analyses_times_check": invalid("finished_at", "belongs to an analysis that has ended"),
            "feature_analysis_traces_pkey": conflict("position", "the analysis has a trace of this number already"),
            "feature_analysis_traces_analysis_id_fkey": missing("analysis_id", "analysis"),
            "feature_analysis_traces_analysis_id_trace_id_key": conflict("trace_id", "the analysis has this trace already"),
            "feature_analysis_traces_position_check": invalid("position", "must not be negative"),
            "feature_analysis_traces_trace_id_check": invalid("trace_id", "must have 16 bytes"),
            "feature_analysis_traces_text_check": invalid("text", "must have 1 to 8,192 bytes"),
            "feature_analysis_traces_amounts_check": invalid("cost", "and duration must not be negative"),
            "feature_analysis_traces_embedding_check": invalid("embedding", "must be 32-bit numbers"),
            "features_pkey": conflict("id", "the id is in use"),
            "features_id_check": invalid("id", "must be a UUID of version 7"),
            "features_project_id_fkey": project,
            "features_project_id_id_key": conflict("id", "the id is in use"),
            "features_name_check": invalid("name", nameRule),
            "features_description_check": invalid("description", "must have at most 1,000 characters"),
            "features_shape_check": invalid("center", "must be 32-bit numbers, its reach from -2 to 1"),
            "features_embedding_model_check": invalid("embedding_model", model),
            "features_times_check": invalid("last_window_end", "must be after the start of the first window"),
            "feature_windows_pkey": conflict("analysis_id", "the feature has this window already"),
            "feature_windows_project_id_feature_id_fkey": missing("feature_id", "feature in this project"),
            "feature_windows_project_id_analysis_id_fkey": missing("analysis_id", "analysis in this project"),
            "feature_windows_counts_check": invalid("trace_count", "must not be negative, nor less than the errors"),
            "feature_windows_trend_check": invalid("trend", "must be new, growing, steady or shrinking"),
            "feature_windows_examples_check": invalid("examples", "must be a JSON array of at most 32 KiB"),
            "feature_windows_trace_ids_check": invalid("trace_ids", "must be whole ids, and no more than there are traces"),
        ]
    }()
}
