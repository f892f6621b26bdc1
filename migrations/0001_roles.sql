-- Two roles that nobody signs in with. The program's sessions become drizzl_app; the engine becomes drizzl_engine
-- for the length of one transaction (SET LOCAL ROLE), and it alone may write the columns that hold a state.
-- Roles belong to the whole cluster, so another database may have made them already, even at this moment.
DO $$
BEGIN
    BEGIN
        CREATE ROLE drizzl_app NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    BEGIN
        CREATE ROLE drizzl_engine NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    -- What the application may do, the engine may do too.
    IF NOT pg_has_role('drizzl_engine', 'drizzl_app', 'MEMBER') THEN
        GRANT drizzl_app TO drizzl_engine;
    END IF;
    IF NOT pg_has_role(current_user, 'drizzl_engine', 'MEMBER') THEN
        EXECUTE format('GRANT drizzl_app, drizzl_engine TO %I', current_user);
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO drizzl_app;

CREATE EXTENSION IF NOT EXISTS citext;
