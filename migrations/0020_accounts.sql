-- Guessing passwords, second factors, and what ends with an account (SEC-02, SEC-03, C-15).

-- Wrong passwords of the last quarter of an hour. The account is a digest of its kind and address, so that addresses
-- without an account are counted like the others; or of a device's token, which counts by itself.
CREATE TABLE sign_in_attempts (
    account      bytea         PRIMARY KEY CHECK (octet_length(account) = 32),
    failed_at    timestamptz[] NOT NULL,
    locked_until timestamptz,
    last_at      timestamptz   NOT NULL
);
-- What can be forgotten.
CREATE INDEX sign_in_attempts_last_idx ON sign_in_attempts (last_at);

-- How much each address, and each network of addresses, may still try: token buckets.
CREATE TABLE sign_in_buckets (
    place  cidr             PRIMARY KEY,
    tokens double precision NOT NULL,
    at     timestamptz      NOT NULL
);
CREATE INDEX sign_in_buckets_at_idx ON sign_in_buckets (at);

-- Secrets of a second factor that are not confirmed yet, and the step of the last code, which is good once.
CREATE TABLE totp_enrolments (
    user_kind   text   NOT NULL CHECK (user_kind IN ('admin', 'sales_rep', 'partner_user')),
    user_id     uuid   NOT NULL,
    pending_enc bytea,                                     -- sealed (SEC-09)
    last_step   bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_kind, user_id)
);

-- Takes one try out of a bucket; gives how many seconds to wait, 0 when there was one.
CREATE FUNCTION visitor.draw(asked cidr, capacity double precision, refill double precision, now_is timestamptz)
RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    filled double precision;
BEGIN
    INSERT INTO sign_in_buckets (place, tokens, at) VALUES (asked, capacity, now_is) ON CONFLICT DO NOTHING;
    SELECT least(capacity, b.tokens + refill * greatest(0, extract(epoch FROM now_is - b.at)::double precision))
    INTO filled FROM sign_in_buckets b WHERE b.place = asked FOR UPDATE;
    UPDATE sign_in_buckets b
    SET tokens = CASE WHEN filled >= 1 THEN filled - 1 ELSE filled END, at = greatest(b.at, now_is)
    WHERE b.place = asked;
    RETURN CASE WHEN filled >= 1 THEN 0 ELSE (1 - filled) / refill END;
END $$;

-- Counts a try to sign in before the password is looked at, so that many at once are counted too; a right password
-- takes the account's row away. Gives how many seconds to wait, 0 when this try may go on.
CREATE FUNCTION visitor.count_try(
    asked_account bytea, from_address inet, capacity double precision, refill double precision, now_is timestamptz)
RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    wait   double precision := 0;
    net    cidr;
    recent timestamptz[];
    lock   timestamptz;
    failed integer;
BEGIN
    IF from_address IS NOT NULL THEN
        net := network(set_masklen(from_address, CASE family(from_address) WHEN 4 THEN 24 ELSE 48 END));
        -- An address of version 6 is as good as its /64: one machine has all of it.
        wait := visitor.draw(
            network(set_masklen(from_address, CASE family(from_address) WHEN 4 THEN 32 ELSE 64 END)),
            capacity, refill, now_is);
        -- Who is refused takes nothing from the neighbours.
        IF wait = 0 THEN wait := visitor.draw(net, capacity * 5, refill * 5, now_is); END IF;
        IF wait > 0 THEN RETURN wait; END IF;
    END IF;
    INSERT INTO sign_in_attempts (account, failed_at, last_at) VALUES (asked_account, '{}', now_is)
    ON CONFLICT DO NOTHING;
    SELECT ARRAY(SELECT t FROM unnest(a.failed_at) t WHERE t > now_is - interval '15 minutes' ORDER BY t),
           a.locked_until
    INTO recent, lock FROM sign_in_attempts a WHERE a.account = asked_account FOR UPDATE;
    IF lock > now_is THEN RETURN extract(epoch FROM lock - now_is); END IF;
    failed := cardinality(recent);
    IF failed >= 5 THEN
        wait := extract(epoch FROM recent[failed] - now_is) + power(2, least(failed, 9) - 5);
        IF wait > 0 THEN RETURN wait; END IF;
    END IF;
    UPDATE sign_in_attempts a
    SET failed_at = recent || now_is, last_at = now_is,
        locked_until = CASE WHEN failed + 1 >= 10 THEN now_is + interval '15 minutes' END
    WHERE a.account = asked_account;
    RETURN 0;
END $$;

-- What an account that is switched off was signed in with ends at once, and does not come back with it.
CREATE FUNCTION visitor.end_sessions() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE sessions SET revoked_at = clock_timestamp()
    WHERE user_kind = TG_ARGV[0] AND user_id = NEW.id AND revoked_at IS NULL;
    UPDATE service_tokens SET revoked_at = clock_timestamp()
    WHERE user_kind = TG_ARGV[0] AND user_id = NEW.id AND revoked_at IS NULL AND NOT NEW.is_active;
    RETURN NULL;
END $$;
-- A change of privilege asks for a new session too (SEC-01).
CREATE TRIGGER admins_end_sessions AFTER UPDATE OF is_active, role, permissions ON admins FOR EACH ROW
    WHEN (NOT NEW.is_active OR OLD.role <> NEW.role OR OLD.permissions <> NEW.permissions)
    EXECUTE FUNCTION visitor.end_sessions('admin');
CREATE TRIGGER sales_reps_end_sessions AFTER UPDATE OF is_active, role ON sales_reps FOR EACH ROW
    WHEN (NOT NEW.is_active OR OLD.role <> NEW.role) EXECUTE FUNCTION visitor.end_sessions('sales_rep');
CREATE TRIGGER partner_users_end_sessions AFTER UPDATE OF is_active, role ON partner_users FOR EACH ROW
    WHEN (NOT NEW.is_active OR OLD.role <> NEW.role) EXECUTE FUNCTION visitor.end_sessions('partner_user');

-- Somebody can always do everything: the last active super_admin stays one. One change at a time, or two could leave.
CREATE FUNCTION admins_demand_super_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('admins.super_admin', 0));
    IF NOT EXISTS (SELECT FROM admins a WHERE a.role = 'super_admin' AND a.is_active) THEN
        RAISE EXCEPTION 'there would be no active super_admin'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'admins_super_admin';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER admins_super_admin AFTER UPDATE OF role, is_active ON admins FOR EACH ROW
    WHEN (OLD.role = 'super_admin' AND OLD.is_active AND (NEW.role <> 'super_admin' OR NOT NEW.is_active))
    EXECUTE FUNCTION admins_demand_super_admin();

-- Whether admins need a second factor; the demo switches it off.
INSERT INTO settings (key, value) VALUES ('security.totp_required', 'true');

GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_attempts, sign_in_buckets, totp_enrolments TO drizzl_app;
