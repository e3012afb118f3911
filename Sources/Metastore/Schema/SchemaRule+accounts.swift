/// The words for the constraints of migrations 2, 3 and 11: accounts, memberships, sessions, audit, settings, credentials.

extension SchemaRule {
    static let accounts: [String: SchemaRule] = {
        let email = "must be an address like name@example.org of at most 254 characters, in lower case"
        let role = "must be owner, admin, member or viewer"
        let object = "must be a JSON object of at most"
        var rules: [String: SchemaRule] = [
            "users_email_key": conflict("email", "there is an account with this address already"),
            "users_email_check": invalid("email", email),
            "users_profile_check": invalid("profile", "\(object) 16 KiB"),
            "users_settings_check": invalid("settings", "\(object) 16 KiB"),
            "users_password_hash_check": invalid("password", "must be a scrypt hash"),
            "users_sign_in_generation_check": invalid("sign_in_generation", "must be positive"),
            "users_disabled_at_check": invalid("disabled_at", "must not be before created_at"),
            "external_identities_pkey": conflict("subject", "this identity is linked to an account already"),
            "external_identities_issuer_check": invalid("issuer", "must have 1 to 500 characters"),
            "external_identities_subject_check": invalid("subject", "must have 1 to 255 characters"),
            "feedback_message_check": invalid("message", "must have 1 to 10,000 characters"),
            "organization_memberships_organization_id_fkey": missing("organization_id", "organization"),
            "organization_memberships_pkey": conflict("user_id", "the user is a member already"),
            "organization_memberships_role_check": invalid("role", role),
            "organization_memberships_owner_check": conflict("role", "an organization keeps at least one owner"),
            "project_memberships_project_id_fkey": missing("project_id", "project"),
            "project_memberships_pkey": conflict("user_id", "the user is a member already"),
            "project_memberships_role_check": invalid("role", role),
            "sessions_token_hash_key": conflict("token", "the token is in use"),
            "sessions_user_agent_check": invalid("user_agent", "must have at most 300 characters"),
            "spent_refresh_tokens_pkey": conflict("token", "the token is in use"),
            "spent_refresh_tokens_session_id_fkey": missing("session_id", "session"),
            "invitations_organization_id_fkey": missing("organization_id", "organization"),
            "invitations_project_id_fkey": missing("project_id", "project in this organization"),
            "invitations_token_hash_key": conflict("token", "the token is in use"),
            "invitations_email_check": invalid("email", email),
            "invitations_role_check": invalid("role", role),
            "invitations_end_check": conflict("state", "the invitation was accepted or revoked already"),
            "password_resets_pkey": conflict("token", "the token is in use"),
            "sign_in_attempts_pkey": conflict("subject", "the subject is in use"),
            "sign_in_attempts_kind_check": invalid("kind", "must be account or address"),
            "sign_in_attempts_subject_check": invalid("subject", "must have 32 bytes"),
            "sign_in_attempts_failure_count_check": invalid("failure_count", "must not be negative"),
            "audit_entries_caller_check": invalid("caller", "must be a user or a key with its id, or nobody"),
            "audit_entries_caller_name_check": invalid("caller_name", "must have at most 400 characters"),
            "audit_entries_action_check": invalid("action", "must be an operation's id"),
            "audit_entries_resource_check": invalid("resource", "must have a kind, and an id of 1 to 200 characters"),
            "audit_entries_request_id_check": invalid("request_id", "must have at most 200 characters"),
            "audit_entries_outcome_check": invalid("outcome", "must be succeeded or refused"),
            "project_settings_pkey": conflict("project_id", "the project has settings already"),
            "project_settings_project_id_fkey": missing("project_id", "project"),
            "project_settings_version_check": invalid("version", "must be positive"),
            "project_settings_retention_bytes_check": invalid("retention_bytes", "must be at least 1 MiB"),
            "project_settings_byte_quota_check": invalid("byte_quota", "must be positive"),
            "project_settings_ingest_requests_per_second_check": invalid("ingest_requests_per_second", "must be from 1 to 1,000,000"),
            "project_settings_ingest_bytes_per_second_check": invalid("ingest_bytes_per_second", "must be from 1 to 1,000,000,000,000"),
            "project_settings_redaction_rules_check": invalid("redaction_rules", "\(object) 64 KiB"),
            "project_settings_default_models_check": invalid("default_models", "\(object) 16 KiB"),
            "project_settings_allowed_origins_check": invalid("allowed_origins", "must be at most 100 origins of 20,000 bytes together"),
            "feature_flags_pkey": conflict("name", "there is a flag of this name already"),
            "feature_flags_organization_id_fkey": missing("organization_id", "organization"),
            "feature_flags_name_check": invalid(
                "name", "must have 1 to 64 lower-case letters, digits, underscores, points or hyphens, a letter first"),
            "feature_flags_percentage_check": invalid("percentage", "must be from 0 to 100"),
            "feature_flag_overrides_pkey": conflict("project_id", "the project is named twice"),
            "feature_flag_overrides_name_fkey": missing("name", "feature flag"),
            "feature_flag_overrides_project_id_fkey": missing("overrides", "project in this organization"),
            "master_keys_pkey": conflict("master_key_id", "the master key is known already"),
            "master_keys_id_check": invalid("master_key_id", "must have 16 hexadecimal digits"),
            "data_keys_organization_id_fkey": missing("organization_id", "organization"),
            "data_keys_master_key_id_fkey": missing("master_key_id", "master key, or it is still in use"),
            "data_keys_purpose_check": invalid("purpose", "must be credentials of an organization, or tokens of the installation"),
            "data_keys_wrapped_key_check": invalid("wrapped_key", "must have 60 bytes"),
            "provider_credentials_organization_id_fkey": missing("organization_id", "organization"),
            "provider_credentials_data_key_id_fkey": missing("data_key_id", "data key"),
            "provider_credentials_organization_id_name_key": conflict("name", "there is a credential of this name already"),
            "provider_credentials_provider_check": invalid(
                "provider", "must have 1 to 64 lower-case letters, digits, underscores, points or hyphens, a letter first"),
            "provider_credentials_base_url_check": invalid("base_url", "must be an http or https URL of at most 2,000 characters"),
            "provider_credentials_sealed_secret_check": invalid("secret", "must have 1 to 16,384 bytes"),
            "provider_credentials_version_check": invalid("version", "must be positive"),
            "api_keys_replaced_by_fkey": missing("replaced_by", "key"),
            "api_keys_reaches_organization_check": invalid("reaches_organization", "takes the scope admin"),
            "api_keys_created_by_user_fkey": missing("created_by", "user"),
            "api_keys_created_by_key_fkey": missing("created_by", "key"),
            "api_keys_created_by_check": invalid("created_by", "must be a user or a key"),
            "invitations_created_by_fkey": missing("created_by", "user"),
            "api_keys_id_project_id_key": conflict("id", "the id is in use"),
            "api_key_projects_pkey": invalid("further_projects", "must name each project once"),
            "api_key_projects_position_key": conflict("further_projects", "two projects have one place"),
            "api_key_projects_api_key_id_fkey": missing("api_key_id", "key of this project"),
            "api_key_projects_own_project_id_fkey": missing("organization_id", "project in this organization"),
            "api_key_projects_project_id_fkey": missing("further_projects", "project in this organization"),
            "api_key_projects_position_check": invalid(
                "further_projects", "must be at most \(MetastoreLimits.maximumKeyProjectCount) projects"),
            "api_key_projects_other_check": invalid("further_projects", "must not name the key's own project"),
            "api_keys_allowed_networks_check": invalid("allowed_networks", "must be at most 100 networks"),
            "api_keys_requests_per_second_check": invalid("requests_per_second", "must be from 1 to 1,000,000"),
            "api_keys_bytes_per_second_check": invalid("bytes_per_second", "must be from 1 to 1,000,000,000,000"),
            "api_keys_maximum_concurrency_check": invalid("maximum_concurrency", "must be from 1 to 100,000"),
        ]
        for table in ["users", "feedback", "sessions", "invitations", "audit_entries", "data_keys", "provider_credentials"] {
            rules["\(table)_pkey"] = conflict("id", "the id is in use")
            rules["\(table)_id_check"] = invalid("id", "must be a UUID of version 7")
        }
        for table in ["users", "provider_credentials"] { rules["\(table)_name_check"] = invalid("name", nameRule) }
        for table in ["external_identities", "feedback", "organization_memberships", "project_memberships", "sessions", "password_resets"] {
            rules["\(table)_user_id_fkey"] = missing("user_id", "user")
        }
        for table in ["sessions", "invitations", "password_resets", "spent_refresh_tokens"] {
            rules["\(table)_token_hash_check"] = invalid("token", "must have 32 bytes")
        }
        for table in ["sessions", "invitations", "password_resets"] {
            rules["\(table)_expires_at_check"] = invalid("expires_at", "must be in the future")
        }
        rules["users_created_at_check"] = invalid("created_at", "must be a time")
        return rules
    }()
}
