-- Who made keys and invitations, and which keys reach beyond their project: what somebody may give ends with what they may do.

ALTER TABLE api_keys
    -- Whether its scope `admin` counts in the whole organization. Said of a key when it is made, by somebody who may.
    ADD COLUMN reaches_organization boolean NOT NULL DEFAULT false,
    -- At most one of both; neither: the program itself, or nobody knows any more.
    ADD COLUMN created_by_user uuid CONSTRAINT api_keys_created_by_user_fkey REFERENCES users (id),
    ADD COLUMN created_by_key uuid CONSTRAINT api_keys_created_by_key_fkey REFERENCES api_keys (id),
    ADD CONSTRAINT api_keys_reaches_organization_check CHECK (NOT reaches_organization OR 'admin' = ANY (scopes)),
    ADD CONSTRAINT api_keys_created_by_check CHECK (created_by_user IS NULL OR created_by_key IS NULL);
CREATE INDEX api_keys_created_by_user_idx ON api_keys (created_by_user) WHERE created_by_user IS NOT NULL;
CREATE INDEX api_keys_created_by_key_idx ON api_keys (created_by_key) WHERE created_by_key IS NOT NULL;

ALTER TABLE invitations
    -- NULL: from before this was written down.
    ADD COLUMN created_by uuid CONSTRAINT invitations_created_by_fkey REFERENCES users (id);
CREATE INDEX invitations_created_by_idx ON invitations (created_by) WHERE created_by IS NOT NULL;

-- The audit log knows who made what there is.
UPDATE api_keys k SET created_by_user = e.caller_id FROM audit_entries e
WHERE e.resource_kind = 'api_key' AND e.resource_id = k.id::text AND e.before IS NULL AND e.caller_kind = 'user'
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = e.caller_id);
UPDATE api_keys k SET created_by_key = e.caller_id FROM audit_entries e
WHERE e.resource_kind = 'api_key' AND e.resource_id = k.id::text AND e.before IS NULL AND e.caller_kind = 'api_key'
    AND EXISTS (SELECT 1 FROM api_keys m WHERE m.id = e.caller_id);
UPDATE invitations i SET created_by = e.caller_id FROM audit_entries e
WHERE e.resource_kind = 'invitation' AND e.resource_id = i.id::text AND e.before IS NULL AND e.caller_kind = 'user'
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = e.caller_id);

-- Until now every key with the scope `admin` reached its organization, those too that an admin of one project alone had made, or
-- had made a replacement of. Only of the installation's first key it is certain that this was meant: it alone goes on reaching.
-- Where another key has to (the first one's replacement, say), an owner or admin of the organization makes a new one.
UPDATE api_keys SET reaches_organization = true
WHERE 'admin' = ANY (scopes) AND created_by_user IS NULL AND created_by_key IS NULL AND id = (
    SELECT k.id FROM api_keys k JOIN projects p ON p.id = k.project_id
    WHERE p.organization_id = (SELECT id FROM organizations ORDER BY created_at, id LIMIT 1)
    ORDER BY k.created_at, k.id LIMIT 1
);

-- Open invitations whose makers could not make them today: removed or demoted since, or unknown.
UPDATE invitations i SET revoked_at = greatest(now(), i.created_at)
WHERE i.accepted_at IS NULL AND i.revoked_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM organization_memberships m
    WHERE m.organization_id = i.organization_id AND m.user_id = i.created_by
        AND (m.role = 'owner' OR (m.role = 'admin' AND i.role <> 'owner'))
);

-- What users did without an organization: signed in, changed their password. Their organizations' admins look for it by person.
CREATE INDEX audit_entries_caller_id_id_idx ON audit_entries (caller_id, id) WHERE organization_id IS NULL;
CREATE INDEX audit_entries_resource_id_id_idx ON audit_entries (resource_id, id) WHERE organization_id IS NULL;

-- What an account's address is worth, for whoever signs in with an identity provider later.

ALTER TABLE users
    -- When somebody showed that mail to the address reaches them, by a link that only such a mail (or the operator's log) has, or an
    -- identity provider vouched for it. NULL: whoever made the account may be anybody who saw its invitation's link.
    ADD COLUMN address_proven_at timestamptz;

ALTER TABLE invitations
    -- Whether the link went out by mail and was shown to nobody else.
    ADD COLUMN is_mailed boolean NOT NULL DEFAULT false;
