-- Who is at the door: sessions and tokens (D-27, SEC-01), and the role under which what they ask for is read and written.
--
-- drizzl_visitor sees of each table what the visitor of the transaction may see, and nothing when there is none: the
-- row policies ask the functions of schema visitor, which read what visitor.enter has set for this transaction.
DO $$
BEGIN
    BEGIN
        CREATE ROLE drizzl_visitor NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    IF NOT pg_has_role(current_user, 'drizzl_visitor', 'MEMBER') THEN
        EXECUTE format('GRANT drizzl_visitor TO %I', current_user);
    END IF;
END $$;

CREATE SCHEMA visitor;
GRANT USAGE ON SCHEMA visitor TO drizzl_app, drizzl_visitor;
GRANT USAGE ON SCHEMA public TO drizzl_visitor;

CREATE TABLE devices (
    id            uuid        PRIMARY KEY,
    user_kind     text        NOT NULL CHECK (user_kind IN ('admin', 'sales_rep', 'partner_user')),
    user_id       uuid        NOT NULL,
    token_hash    bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    label         text        NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    enrolled      boolean     NOT NULL DEFAULT false,
    revoked_at    timestamptz
);
CREATE INDEX devices_user_idx ON devices (user_kind, user_id);

CREATE TABLE sessions (
    id           uuid        PRIMARY KEY,
    token_hash   bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),   -- the token itself is never kept
    user_kind    text        NOT NULL CHECK (user_kind IN ('admin', 'sales_rep', 'partner_user')),
    user_id      uuid        NOT NULL,
    device_id    uuid        REFERENCES devices,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,                     -- to the minute
    idle         interval    NOT NULL,                     -- how long it lasts unused
    expires_at   timestamptz NOT NULL,                     -- however much it is used
    ip           inet,
    user_agent   text,
    revoked_at   timestamptz
);
-- The sessions of a person, to end them all.
CREATE INDEX sessions_user_idx ON sessions (user_kind, user_id) WHERE revoked_at IS NULL;
CREATE INDEX sessions_expiry_idx ON sessions (expires_at);

CREATE TABLE service_tokens (
    id           uuid        PRIMARY KEY,
    name         text        NOT NULL CHECK (name <> ''),
    prefix       text        NOT NULL,                     -- how it begins, to tell one from another
    token_hash   bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    user_kind    text        NOT NULL CHECK (user_kind IN ('admin', 'sales_rep', 'partner_user')),
    user_id      uuid        NOT NULL,                     -- in whose name it acts, and never with more rights
    scopes       text[]      NOT NULL CHECK (scopes <@ ARRAY['read', 'write'] AND cardinality(scopes) > 0),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,                              -- to the minute
    revoked_at   timestamptz
);
CREATE INDEX service_tokens_user_idx ON service_tokens (user_kind, user_id);

-- What the transaction's visitor is; null and empty when there is none.
CREATE FUNCTION visitor.kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('visitor.kind', true), '')
$$;
CREATE FUNCTION visitor.id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('visitor.id', true), '')::uuid
$$;
CREATE FUNCTION visitor.role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('visitor.role', true), '')
$$;
CREATE FUNCTION visitor.partner() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('visitor.partner', true), '')::uuid
$$;
-- The rep itself and, for a manager, everybody below.
CREATE FUNCTION visitor.team() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('visitor.team', true), '')::uuid[], '{}')
$$;
CREATE FUNCTION visitor.may(permission text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT permission = ANY (coalesce(nullif(current_setting('visitor.permissions', true), '')::text[], '{}'))
$$;

-- Makes somebody the visitor of this transaction; nobody when there is no such active person.
-- `standard`: what the role admin may do without a grant; `every`: all permissions there are.
CREATE FUNCTION visitor.become(asked_kind text, asked_id uuid, standard text[], every text[])
RETURNS TABLE (kind text, id uuid, role text, permissions text[], partner_id uuid, team uuid[], name text, email text,
               time_zone text)
LANGUAGE plpgsql AS $$
DECLARE
    found_one record;
BEGIN
    SELECT * INTO found_one FROM (
        SELECT 'admin' AS kind, a.id, a.role,
               CASE a.role WHEN 'super_admin' THEN every
                           WHEN 'admin' THEN ARRAY(SELECT unnest(standard) UNION SELECT unnest(a.permissions))
                           ELSE a.permissions END AS permissions,
               NULL::uuid AS partner_id, '{}'::uuid[] AS team, a.first_name || ' ' || a.last_name AS name,
               a.email::text AS email, a.time_zone
        FROM admins a WHERE asked_kind = 'admin' AND a.id = asked_id AND a.is_active
        UNION ALL
        SELECT 'sales_rep', r.id, r.role, '{}', NULL,
               CASE r.role WHEN 'manager' THEN ARRAY(
                   WITH RECURSIVE below (id) AS (
                       SELECT r.id UNION SELECT s.id FROM sales_reps s JOIN below b ON s.manager_id = b.id
                   )
                   SELECT b.id FROM below b)
               ELSE ARRAY[r.id] END,
               r.first_name || ' ' || r.last_name, r.email::text, r.time_zone
        FROM sales_reps r WHERE asked_kind = 'sales_rep' AND r.id = asked_id AND r.is_active
        UNION ALL
        SELECT 'partner_user', u.id, u.role, '{}', u.partner_id, '{}', u.first_name || ' ' || u.last_name,
               u.email::text, u.time_zone
        FROM partner_users u JOIN partners p ON p.id = u.partner_id
        WHERE asked_kind = 'partner_user' AND u.id = asked_id AND u.is_active AND p.status <> 'closed'
    ) x;
    -- Whoever was here before in this transaction is gone in any case.
    PERFORM set_config('visitor.kind', coalesce(found_one.kind, ''), true),
            set_config('visitor.id', coalesce(found_one.id::text, ''), true),
            set_config('visitor.role', coalesce(found_one.role, ''), true),
            set_config('visitor.permissions', coalesce(found_one.permissions::text, ''), true),
            set_config('visitor.partner', coalesce(found_one.partner_id::text, ''), true),
            set_config('visitor.team', coalesce(found_one.team::text, ''), true);
    IF found_one.id IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT found_one.kind, found_one.id, found_one.role, found_one.permissions, found_one.partner_id,
        found_one.team, found_one.name, found_one.email, found_one.time_zone;
END $$;

-- Lets in who shows a session's token (`asked_kind`: of this kind of person) or a service token (`asked_kind`: 'token').
CREATE FUNCTION visitor.enter(asked_kind text, asked_hash bytea, at timestamptz, standard text[], every text[])
RETURNS TABLE (kind text, id uuid, role text, permissions text[], partner_id uuid, team uuid[], name text, email text,
               time_zone text, session_id uuid, scopes text[])
LANGUAGE plpgsql AS $$
DECLARE
    shown record;
BEGIN
    SELECT * INTO shown FROM (
        SELECT s.id, s.user_kind, s.user_id, s.last_seen_at AS seen_at, NULL::text[] AS scopes
        FROM sessions s
        WHERE asked_kind <> 'token' AND s.token_hash = asked_hash AND s.user_kind = asked_kind
          AND s.revoked_at IS NULL AND s.expires_at > at AND s.last_seen_at + s.idle > at
        UNION ALL
        SELECT t.id, t.user_kind, t.user_id, t.last_used_at, t.scopes
        FROM service_tokens t
        WHERE asked_kind = 'token' AND t.token_hash = asked_hash AND t.revoked_at IS NULL AND t.expires_at > at
    ) x;
    -- Without one this makes nobody the visitor, which has to be done all the same.
    RETURN QUERY
        SELECT b.*, CASE WHEN shown.scopes IS NULL THEN shown.id END, shown.scopes
        FROM visitor.become(shown.user_kind, shown.user_id, standard, every) b;
    IF FOUND AND (shown.seen_at IS NULL OR shown.seen_at < at - interval '1 minute') THEN
        IF shown.scopes IS NULL THEN
            UPDATE sessions s SET last_seen_at = at WHERE s.id = shown.id AND s.last_seen_at < at;
        ELSE
            UPDATE service_tokens t SET last_used_at = at WHERE t.id = shown.id;
        END IF;
    END IF;
END $$;

GRANT SELECT, INSERT ON devices, sessions, service_tokens TO drizzl_app;
GRANT UPDATE (last_seen_at, label, enrolled, revoked_at) ON devices TO drizzl_app;
GRANT UPDATE (last_seen_at, revoked_at) ON sessions TO drizzl_app;
GRANT UPDATE (last_used_at, revoked_at) ON service_tokens TO drizzl_app;
GRANT DELETE ON devices, sessions, service_tokens TO drizzl_app;
