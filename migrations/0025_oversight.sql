-- Who keeps the works running: what they do is in the audit log (SEC-10). What is over is forgotten (SEC-16).

-- Why a schedule is held, and by whom.
ALTER TABLE queue.schedules
    ADD COLUMN paused_by    text CHECK (length(paused_by) <= 100),
    ADD COLUMN pause_reason text CHECK (length(pause_reason) <= 500);
GRANT UPDATE (paused_by, pause_reason) ON queue.schedules TO drizzl_app;

-- Schedules are held and let go like queues, kinds and keys.
ALTER TABLE queue.operations
    DROP CONSTRAINT operations_scope_check,
    ADD CONSTRAINT operations_scope_check CHECK (scope IN ('queue', 'kind', 'key', 'schedule'));

-- What operators do to jobs, queues and schedules, by whichever door: one entry for a statement, with the person where
-- it is one of the admins.
CREATE FUNCTION audit_operations() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_log (id, actor_kind, actor_id, action, subject_type, after, reason)
    SELECT gen_random_uuid(), CASE WHEN a.id IS NULL THEN 'service' ELSE 'admin' END, a.id, 'ops.' || o.action,
           CASE WHEN o.scope IS NULL THEN 'job' ELSE o.scope END,
           jsonb_strip_nulls(jsonb_build_object('operator', o.operator, 'name', o.name, 'jobs', o.jobs,
               'first_jobs', o.first_jobs, 'replaced_by', o.replaced_by)), o.reason
    FROM (
        SELECT action, scope, name, operator, reason, nullif(count(job_id), 0) AS jobs,
               (array_agg(job_id::text ORDER BY job_id) FILTER (WHERE job_id IS NOT NULL))[1:100] AS first_jobs,
               min(replaced_by)::text AS replaced_by
        FROM added GROUP BY action, scope, name, operator, reason
    ) o
    LEFT JOIN admins a ON a.email = o.operator
    ORDER BY o.action, o.name;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit_operations() FROM PUBLIC;
CREATE TRIGGER operations_audit AFTER INSERT ON queue.operations REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_operations();

-- How long what is over is kept, in days.
INSERT INTO settings (key, value) VALUES
    ('retention.credentials_days', '30'),                  -- sessions, tokens and links, after they ran out
    ('retention.answers_days', '30'),                      -- answers to repeated requests
    ('retention.webhook_deliveries_days', '30')
ON CONFLICT DO NOTHING;

-- What is old enough to be forgotten.
CREATE INDEX password_resets_expiry_idx ON password_resets (expires_at);
CREATE INDEX service_tokens_expiry_idx ON service_tokens (expires_at);
CREATE INDEX request_answers_created_idx ON request_answers (created_at);
GRANT DELETE ON password_resets TO drizzl_app;

-- A session or token that ran out long ago cuts nobody off when it is forgotten.
DROP TRIGGER sessions_live_gone ON sessions;
CREATE TRIGGER sessions_live_gone AFTER DELETE ON sessions FOR EACH ROW
    WHEN (OLD.revoked_at IS NULL AND OLD.expires_at > clock_timestamp()) EXECUTE FUNCTION live_tell_revoked();
DROP TRIGGER service_tokens_live_gone ON service_tokens;
CREATE TRIGGER service_tokens_live_gone AFTER DELETE ON service_tokens FOR EACH ROW
    WHEN (OLD.revoked_at IS NULL AND OLD.expires_at > clock_timestamp()) EXECUTE FUNCTION live_tell_revoked();
