@testable import Metastore

/// Wrong rows for migrations 2, 3 and 11, and the right ones that they differ from.
extension ConstraintTests {
    private static let wrongVersion = "018f0000-0000-4000-8000-000000000002"

    static let accountSetUp = """
        INSERT INTO users (id, email, name) VALUES ('\(id)', 'a@x', 'A');
        INSERT INTO external_identities (issuer, subject, user_id) VALUES ('https://i', 's', '\(id)');
        INSERT INTO feedback (id, user_id, message) VALUES ('\(id)', '\(id)', 'm');
        INSERT INTO organization_memberships VALUES ('\(id)', '\(id)', 'owner');
        INSERT INTO project_memberships VALUES ('\(id)', '\(id)', 'viewer');
        INSERT INTO sessions (id, user_id, token_hash, user_agent, expires_at)
            VALUES ('\(id)', '\(id)', sha256('s'), '', now() + interval '1 day');
        INSERT INTO spent_refresh_tokens VALUES (sha256('t'), '\(id)');
        INSERT INTO invitations (id, organization_id, project_id, email, role, token_hash, expires_at)
            VALUES ('\(id)', '\(id)', '\(id)', 'b@x', 'member', sha256('i'), now() + interval '1 day');
        INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES (sha256('p'), '\(id)', now() + interval '1 day');
        INSERT INTO sign_in_attempts VALUES ('account', sha256('a'), 0, now());
        INSERT INTO audit_entries (id, caller_kind, caller_name, action, resource_kind, resource_id, request_id, outcome)
            VALUES ('\(id)', 'system', 'n', 'act', 'project', '1', '', 'succeeded');
        INSERT INTO project_settings VALUES ('\(id)', 1, NULL, NULL, NULL, '{}', '{}', '{}');
        INSERT INTO feature_flags VALUES ('\(id)', 'a', 50);
        INSERT INTO feature_flag_overrides VALUES ('\(id)', 'a', '\(id)', true);
        INSERT INTO master_keys VALUES ('0123456789abcdef');
        INSERT INTO data_keys (id, organization_id, purpose, wrapped_key, master_key_id)
            VALUES ('\(id)', '\(id)', 'credentials', decode(repeat('ab', 60), 'hex'), '0123456789abcdef');
        INSERT INTO provider_credentials (id, organization_id, provider, name, sealed_secret, data_key_id)
            VALUES ('\(id)', '\(id)', 'openai', 'a', decode(repeat('ab', 40), 'hex'), '\(id)');
        """

    static let accountRows: [WrongRow] =
        names("users", "id, email", "'\(other)', 'b@x'")
        + names(
            "provider_credentials", "id, organization_id, provider, sealed_secret, data_key_id",
            "'\(other)', '\(id)', 'openai', decode(repeat('ab', 40), 'hex'), '\(id)'")
        + rows.map { WrongRow(constraint: $0.0, sql: $0.1) }

    private static let further = "018f0000-0000-7000-8000-00000000000f", third = "018f0000-0000-7000-8000-0000000000f3"

    /// Binds a key to a project, of which there are then two more.
    private static func bound(
        _ position: Int, key: String = "'\(id)'", organization: String = "'\(id)'", to project: String = "'\(further)'"
    ) -> String {
        """
        INSERT INTO projects (id, organization_id, name) VALUES ('\(further)', '\(id)', 'F'), ('\(third)', '\(id)', 'T')
        ON CONFLICT DO NOTHING;
        INSERT INTO api_key_projects (api_key_id, position, organization_id, own_project_id, project_id)
        VALUES (\(key), \(position), \(organization), '\(id)', \(project));
        """
    }

    private static let rows: [(String, String)] = [
        ("users_pkey", "INSERT INTO users (id, email, name) VALUES ('\(id)', 'b@x', 'B')"),
        ("users_id_check", "INSERT INTO users (id, email, name) VALUES ('\(wrongVersion)', 'b@x', 'B')"),
        ("users_email_key", "INSERT INTO users (id, email, name) VALUES ('\(other)', 'a@x', 'B')"),
        ("users_email_check", "UPDATE users SET email = 'A@x'"),
        ("users_email_check", "UPDATE users SET email = 'ax'"),
        ("users_email_check", "UPDATE users SET email = 'a@'"),
        ("users_email_check", "UPDATE users SET email = 'a b@x'"),
        ("users_email_check", "UPDATE users SET email = 'a@b@c'"),
        ("users_email_check", "UPDATE users SET email = repeat('a', 255) || '@x'"),
        ("users_profile_check", "UPDATE users SET profile = '[]'"),
        ("users_profile_check", "UPDATE users SET profile = jsonb_build_object('a', repeat('x', 20000))"),
        ("users_settings_check", "UPDATE users SET settings = '[]'"),
        ("users_settings_check", "UPDATE users SET settings = jsonb_build_object('a', repeat('x', 20000))"),
        ("users_password_hash_check", "UPDATE users SET password_hash = 'plain'"),
        ("users_sign_in_generation_check", "UPDATE users SET sign_in_generation = 0"),
        ("users_created_at_check", "UPDATE users SET created_at = 'infinity'"),
        ("users_disabled_at_check", "UPDATE users SET disabled_at = created_at - interval '1 second'"),
        ("external_identities_pkey", "INSERT INTO external_identities SELECT * FROM external_identities"),
        ("external_identities_user_id_fkey", "UPDATE external_identities SET user_id = '\(other)'"),
        ("external_identities_issuer_check", "UPDATE external_identities SET issuer = ''"),
        ("external_identities_subject_check", "UPDATE external_identities SET subject = ''"),
        ("feedback_pkey", "INSERT INTO feedback SELECT * FROM feedback"),
        ("feedback_id_check", "UPDATE feedback SET id = '\(wrongVersion)'"),
        ("feedback_user_id_fkey", "UPDATE feedback SET user_id = '\(other)'"),
        ("feedback_message_check", "UPDATE feedback SET message = ''"),
        ("organization_memberships_pkey", "INSERT INTO organization_memberships SELECT * FROM organization_memberships"),
        ("organization_memberships_organization_id_fkey", "INSERT INTO organization_memberships VALUES ('\(other)', '\(id)', 'owner')"),
        ("organization_memberships_user_id_fkey", "INSERT INTO organization_memberships VALUES ('\(id)', '\(other)', 'owner')"),
        ("organization_memberships_role_check", "UPDATE organization_memberships SET role = 'root'"),
        ("organization_memberships_owner_check", "UPDATE organization_memberships SET role = 'admin'"),
        ("organization_memberships_owner_check", "DELETE FROM organization_memberships"),
        ("project_memberships_pkey", "INSERT INTO project_memberships SELECT * FROM project_memberships"),
        ("project_memberships_project_id_fkey", "UPDATE project_memberships SET project_id = '\(other)'"),
        ("project_memberships_user_id_fkey", "UPDATE project_memberships SET user_id = '\(other)'"),
        ("project_memberships_role_check", "UPDATE project_memberships SET role = 'Owner'"),
        (
            "sessions_pkey",
            "INSERT INTO sessions SELECT id, user_id, sha256('s2'), user_agent, address, created_at, used_at, expires_at FROM sessions"
        ),
        (
            "sessions_id_check",
            "INSERT INTO sessions SELECT '\(wrongVersion)', user_id, sha256('s2'), user_agent, address, created_at, used_at, expires_at FROM sessions"
        ),
        (
            "sessions_token_hash_key",
            "INSERT INTO sessions SELECT '\(other)', user_id, token_hash, user_agent, address, created_at, used_at, expires_at FROM sessions"
        ),
        ("sessions_user_id_fkey", "UPDATE sessions SET user_id = '\(other)'"),
        ("sessions_token_hash_check", "UPDATE sessions SET token_hash = 'x'"),
        ("sessions_user_agent_check", "UPDATE sessions SET user_agent = repeat('a', 301)"),
        ("sessions_expires_at_check", "UPDATE sessions SET expires_at = created_at"),
        ("spent_refresh_tokens_pkey", "INSERT INTO spent_refresh_tokens SELECT * FROM spent_refresh_tokens"),
        ("spent_refresh_tokens_session_id_fkey", "UPDATE spent_refresh_tokens SET session_id = '\(other)'"),
        ("spent_refresh_tokens_token_hash_check", "UPDATE spent_refresh_tokens SET token_hash = 'x'"),
        (
            "invitations_pkey",
            "INSERT INTO invitations SELECT id, organization_id, project_id, email, role, sha256('i2'), created_at, expires_at FROM invitations"
        ),
        (
            "invitations_token_hash_key",
            "INSERT INTO invitations SELECT '\(other)', organization_id, project_id, email, role, token_hash, created_at, expires_at FROM invitations"
        ),
        ("invitations_id_check", "UPDATE invitations SET id = '\(wrongVersion)'"),
        ("invitations_organization_id_fkey", "UPDATE invitations SET organization_id = '\(other)', project_id = NULL"),
        ("invitations_project_id_fkey", "UPDATE invitations SET project_id = '\(other)'"),
        ("invitations_email_check", "UPDATE invitations SET email = 'A@x'"),
        ("invitations_role_check", "UPDATE invitations SET role = ''"),
        ("invitations_token_hash_check", "UPDATE invitations SET token_hash = 'x'"),
        ("invitations_expires_at_check", "UPDATE invitations SET expires_at = 'infinity'"),
        ("invitations_end_check", "UPDATE invitations SET accepted_at = now(), revoked_at = now()"),
        ("invitations_created_by_fkey", "UPDATE invitations SET created_by = '\(other)'"),
        ("password_resets_pkey", "INSERT INTO password_resets SELECT * FROM password_resets"),
        ("password_resets_user_id_fkey", "UPDATE password_resets SET user_id = '\(other)'"),
        ("password_resets_token_hash_check", "UPDATE password_resets SET token_hash = 'x'"),
        ("password_resets_expires_at_check", "UPDATE password_resets SET expires_at = created_at"),
        ("sign_in_attempts_pkey", "INSERT INTO sign_in_attempts SELECT * FROM sign_in_attempts"),
        ("sign_in_attempts_kind_check", "UPDATE sign_in_attempts SET kind = 'planet'"),
        ("sign_in_attempts_subject_check", "UPDATE sign_in_attempts SET subject = 'x'"),
        ("sign_in_attempts_failure_count_check", "UPDATE sign_in_attempts SET failure_count = -1"),
        (
            "audit_entries_pkey",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(id)', 'system', NULL, 'n', 'act', 'project', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_id_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(wrongVersion)', 'system', NULL, 'n', 'act', 'project', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_caller_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'user', NULL, 'n', 'act', 'project', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_caller_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'system', '\(id)', 'n', 'act', 'project', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_caller_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'god', NULL, 'n', 'act', 'project', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_caller_name_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'system', NULL, repeat('a', 401), 'act', 'project', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_action_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'system', NULL, 'n', 'Do it', 'project', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_resource_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'system', NULL, 'n', 'act', '', '1', '', 'succeeded')"
        ),
        (
            "audit_entries_resource_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'system', NULL, 'n', 'act', 'project', '', '', 'succeeded')"
        ),
        (
            "audit_entries_request_id_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'system', NULL, 'n', 'act', 'project', '1', repeat('a', 201), 'succeeded')"
        ),
        (
            "audit_entries_outcome_check",
            "INSERT INTO audit_entries (id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome) VALUES ('\(other)', 'system', NULL, 'n', 'act', 'project', '1', '', 'maybe')"
        ),
        ("project_settings_pkey", "INSERT INTO project_settings SELECT * FROM project_settings"),
        ("project_settings_project_id_fkey", "UPDATE project_settings SET project_id = '\(other)'"),
        ("project_settings_version_check", "UPDATE project_settings SET version = 0"),
        ("project_settings_retention_bytes_check", "UPDATE project_settings SET retention_bytes = 1048575"),
        ("project_settings_byte_quota_check", "UPDATE project_settings SET byte_quota = 0"),
        ("project_settings_ingest_requests_per_second_check", "UPDATE project_settings SET ingest_requests_per_second = 0"),
        ("project_settings_ingest_bytes_per_second_check", "UPDATE project_settings SET ingest_bytes_per_second = 1000000000001"),
        ("project_settings_redaction_rules_check", "UPDATE project_settings SET redaction_rules = '[]'"),
        ("project_settings_default_models_check", "UPDATE project_settings SET default_models = '1'"),
        ("project_settings_allowed_origins_check", "UPDATE project_settings SET allowed_origins = array_fill('a'::text, '{101}')"),
        ("project_settings_allowed_origins_check", "UPDATE project_settings SET allowed_origins = '{NULL}'"),
        ("feature_flags_pkey", "INSERT INTO feature_flags SELECT * FROM feature_flags"),
        ("feature_flags_organization_id_fkey", "INSERT INTO feature_flags VALUES ('\(other)', 'b', 1)"),
        ("feature_flags_name_check", "INSERT INTO feature_flags VALUES ('\(id)', 'B', 1)"),
        ("feature_flags_percentage_check", "INSERT INTO feature_flags VALUES ('\(id)', 'b', 101)"),
        ("feature_flag_overrides_pkey", "INSERT INTO feature_flag_overrides SELECT * FROM feature_flag_overrides"),
        ("feature_flag_overrides_name_fkey", "UPDATE feature_flag_overrides SET name = 'b'"),
        ("feature_flag_overrides_project_id_fkey", "UPDATE feature_flag_overrides SET project_id = '\(other)'"),
        ("master_keys_pkey", "INSERT INTO master_keys SELECT * FROM master_keys"),
        ("master_keys_id_check", "INSERT INTO master_keys VALUES ('x')"),
        ("data_keys_pkey", "INSERT INTO data_keys SELECT id, NULL, 'tokens', wrapped_key, master_key_id FROM data_keys"),
        ("data_keys_id_check", "UPDATE data_keys SET id = '\(wrongVersion)'"),
        ("data_keys_organization_id_fkey", "UPDATE data_keys SET organization_id = '\(other)'"),
        ("data_keys_purpose_check", "UPDATE data_keys SET purpose = 'tokens'"),
        ("data_keys_wrapped_key_check", "UPDATE data_keys SET wrapped_key = 'x'"),
        ("data_keys_master_key_id_fkey", "UPDATE data_keys SET master_key_id = 'ffffffffffffffff'"),
        ("data_keys_master_key_id_fkey", "DELETE FROM master_keys"),
        (
            "provider_credentials_pkey",
            "INSERT INTO provider_credentials (id, organization_id, provider, name, sealed_secret, data_key_id) SELECT id, organization_id, provider, 'b', sealed_secret, data_key_id FROM provider_credentials"
        ),
        (
            "provider_credentials_organization_id_name_key",
            "INSERT INTO provider_credentials (id, organization_id, provider, name, sealed_secret, data_key_id) SELECT '\(other)', organization_id, provider, name, sealed_secret, data_key_id FROM provider_credentials"
        ),
        ("provider_credentials_id_check", "UPDATE provider_credentials SET id = '\(wrongVersion)'"),
        ("provider_credentials_organization_id_fkey", "UPDATE provider_credentials SET organization_id = '\(other)'"),
        ("provider_credentials_data_key_id_fkey", "UPDATE provider_credentials SET data_key_id = '\(other)'"),
        ("provider_credentials_provider_check", "UPDATE provider_credentials SET provider = 'Open AI'"),
        ("provider_credentials_base_url_check", "UPDATE provider_credentials SET base_url = 'ftp://x'"),
        ("provider_credentials_sealed_secret_check", "UPDATE provider_credentials SET sealed_secret = 'x'"),
        ("provider_credentials_version_check", "UPDATE provider_credentials SET version = 0"),
        ("api_keys_replaced_by_fkey", "UPDATE api_keys SET replaced_by = '\(other)'"),
        ("api_keys_reaches_organization_check", "UPDATE api_keys SET reaches_organization = true"),
        ("api_keys_created_by_user_fkey", "UPDATE api_keys SET created_by_user = '\(other)'"),
        ("api_keys_created_by_key_fkey", "UPDATE api_keys SET created_by_key = '\(other)'"),
        ("api_keys_created_by_check", "UPDATE api_keys SET created_by_user = '\(id)', created_by_key = '\(id)'"),
        (
            "api_keys_id_project_id_key",
            "ALTER TABLE api_keys DROP CONSTRAINT api_keys_pkey CASCADE; INSERT INTO api_keys SELECT id, project_id, name, prefix, sha256('x'), scopes FROM api_keys"
        ),
        ("api_key_projects_pkey", bound(1) + bound(2)),
        ("api_key_projects_position_key", bound(1) + bound(1, to: "'\(third)'")),
        ("api_key_projects_api_key_id_fkey", bound(1, key: "'\(other)'")),
        (
            "api_key_projects_own_project_id_fkey",
            "INSERT INTO organizations (id, name) VALUES ('\(other)', 'B'); INSERT INTO projects (id, organization_id, name) VALUES ('\(other)', '\(other)', 'B'); "
                + bound(1, organization: "'\(other)'", to: "'\(other)'")
        ),
        ("api_key_projects_project_id_fkey", bound(1, to: "'\(wrongVersion)'")),
        ("api_key_projects_position_check", bound(0)),
        ("api_key_projects_position_check", bound(101)),
        ("api_key_projects_other_check", bound(1, to: "'\(id)'")),
        ("api_keys_allowed_networks_check", "UPDATE api_keys SET allowed_networks = array_fill('10.0.0.0/8'::cidr, '{101}')"),
        ("api_keys_allowed_networks_check", "UPDATE api_keys SET allowed_networks = '{NULL}'"),
        ("api_keys_requests_per_second_check", "UPDATE api_keys SET requests_per_second = 0"),
        ("api_keys_bytes_per_second_check", "UPDATE api_keys SET bytes_per_second = -1"),
        ("api_keys_maximum_concurrency_check", "UPDATE api_keys SET maximum_concurrency = 0"),
    ]
}
