-- Bytes of the newest segments that are kept of a project, beside the days: the store drops the oldest.

ALTER TABLE project_settings
    -- NULL: all.
    ADD COLUMN retention_bytes bigint,
    ADD CONSTRAINT project_settings_retention_bytes_check CHECK (retention_bytes >= 1048576);
