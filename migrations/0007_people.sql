-- The people of the house and its settings: admins, reps, partners and theirs, consumers (D-01, D-02, D-03, D-08, D-48),
-- what can be set (A-32), and the audit log (D-50).
CREATE TABLE admins (
    id              uuid        PRIMARY KEY,
    email           citext      NOT NULL UNIQUE,
    password_hash   text,                                  -- null until the invitation is used (C-07)
    totp_secret_enc bytea,
    is_active       boolean     NOT NULL DEFAULT true,
    last_login_at   timestamptz,
    first_name      text        NOT NULL,
    last_name       text        NOT NULL,
    avatar_file_id  uuid        REFERENCES files,
    phone           text,
    time_zone       text        NOT NULL DEFAULT 'America/Los_Angeles',
    role            text        NOT NULL DEFAULT 'admin' CHECK (role IN ('admin', 'super_admin', 'manager')),
    permissions     text[]      NOT NULL DEFAULT '{}'      -- what is granted beyond the role's own set
        CHECK (permissions <@ ARRAY['products.manage', 'prices.manage', 'prices.approve', 'stock.manage',
            'orders.manage', 'shipments.manage', 'quality.decide', 'invoices.manage', 'payments.record',
            'credit.release', 'credit.decide', 'partners.manage', 'partners.approve', 'leads.manage', 'reps.manage',
            'commissions.approve', 'payouts.run', 'messages.answer', 'messages.oversight', 'broadcasts.send',
            'notes.breakglass', 'content.manage', 'integrations.manage', 'reports.read', 'exports.run', 'audit.read',
            'settings.manage', 'ops.read', 'ops.manage', 'admins.manage']),
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER admins_touch BEFORE UPDATE ON admins FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE sales_reps (
    id                       uuid        PRIMARY KEY,
    email                    citext      NOT NULL UNIQUE,
    password_hash            text,
    totp_secret_enc          bytea,
    is_active                boolean     NOT NULL DEFAULT true,
    last_login_at            timestamptz,
    first_name               text        NOT NULL,
    last_name                text        NOT NULL,
    phone                    text        NOT NULL,
    avatar_file_id           uuid        REFERENCES files,
    time_zone                text        NOT NULL,
    employee_id              text        NOT NULL UNIQUE,
    department               text        NOT NULL DEFAULT 'sales',
    title                    text        NOT NULL,
    role                     text        NOT NULL DEFAULT 'rep' CHECK (role IN ('rep', 'manager')),
    team_name                text,
    territory                text,
    territory_states         text[]      NOT NULL DEFAULT '{}',
    manager_id               uuid        REFERENCES sales_reps,
    hire_date                date        NOT NULL DEFAULT current_date,
    base_salary_cents        bigint      CHECK (base_salary_cents >= 0),
    commission_rate_bp       integer     NOT NULL DEFAULT 500 CHECK (commission_rate_bp BETWEEN 0 AND 10000),
    total_sales_cents        bigint      NOT NULL DEFAULT 0,   -- kept by roll_up_sales
    total_deals              integer     NOT NULL DEFAULT 0,   -- kept by roll_up_sales
    email_signature          text,
    availability             jsonb       NOT NULL DEFAULT '{}',
    auto_response            text,
    auto_response_on         boolean     NOT NULL DEFAULT false,
    calendar_feed_token_hash bytea,
    home_latitude            double precision,
    home_longitude           double precision,
    created_at               timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at               timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (manager_id <> id),
    CHECK ((home_latitude IS NULL) = (home_longitude IS NULL))
);
-- The team of a manager.
CREATE INDEX sales_reps_manager_idx ON sales_reps (manager_id) WHERE manager_id IS NOT NULL;
-- The reps of a state, to whom a lead from the website goes.
CREATE INDEX sales_reps_territory_idx ON sales_reps USING gin (territory_states);
CREATE TRIGGER sales_reps_touch BEFORE UPDATE ON sales_reps FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Nobody is above themselves. One change of the tree at a time, or two of them could close a circle together.
CREATE FUNCTION sales_reps_refuse_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sales_reps.manager_id', 0));
    IF EXISTS (
        WITH RECURSIVE above (id) AS (
            SELECT NEW.manager_id
            UNION
            SELECT r.manager_id FROM sales_reps r JOIN above a ON a.id = r.id WHERE r.manager_id IS NOT NULL
        )
        SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'rep % would be above their own manager', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_reps_manager_tree';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sales_reps_tree BEFORE INSERT OR UPDATE OF manager_id ON sales_reps
    FOR EACH ROW WHEN (NEW.manager_id IS NOT NULL) EXECUTE FUNCTION sales_reps_refuse_cycle();

-- A partner's status comes with its history, which partners of an earlier build do not have.
DO $$
BEGIN
    IF EXISTS (SELECT FROM partners) THEN
        RAISE EXCEPTION 'this database holds data of an earlier build, whose partners have no history; start with a new one';
    END IF;
END $$;

ALTER TABLE partners
    ADD COLUMN tax_id_enc             bytea,
    ADD COLUMN website                text,
    ADD COLUMN discount_bp            integer     NOT NULL DEFAULT 2500 CHECK (discount_bp BETWEEN 0 AND 10000),
    ADD COLUMN backorder_allowed      boolean     NOT NULL DEFAULT false,
    ADD COLUMN min_remaining_life_bp  integer     CHECK (min_remaining_life_bp BETWEEN 0 AND 10000),
    ADD COLUMN status                 text        NOT NULL
        CHECK (status IN ('pending', 'active', 'suspended', 'closed')),
    ADD COLUMN status_seq             integer     NOT NULL CHECK (status_seq >= 1),
    ADD COLUMN status_since           timestamptz NOT NULL,
    ADD COLUMN approved_by            uuid        REFERENCES admins,
    ADD COLUMN approved_at            timestamptz,
    ADD COLUMN closed_reason          text,
    ADD COLUMN sales_rep_id           uuid        REFERENCES sales_reps,
    ADD COLUMN account_manager_id     uuid        REFERENCES admins,
    ADD COLUMN lifetime_value_cents   bigint      NOT NULL DEFAULT 0,   -- this and the next three:
    ADD COLUMN total_orders           integer     NOT NULL DEFAULT 0,   -- kept by refresh_partner_figures
    ADD COLUMN avg_order_value_cents  bigint      NOT NULL DEFAULT 0,
    ADD COLUMN last_order_at          timestamptz,
    ADD CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    ADD CHECK (status <> 'pending' OR approved_at IS NULL),
    ADD CHECK (status NOT IN ('active', 'suspended') OR approved_at IS NOT NULL),
    ADD CHECK ((status = 'closed') = (closed_reason IS NOT NULL));
-- The partners of a rep.
CREATE INDEX partners_rep_idx ON partners (sales_rep_id) WHERE sales_rep_id IS NOT NULL;
CREATE CONSTRAINT TRIGGER partners_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON partners
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('partner', 'status');

-- A closed partner cannot come back, but may apply anew under its old address (L-03).
ALTER TABLE partners DROP CONSTRAINT partners_email_key;
CREATE UNIQUE INDEX partners_email_idx ON partners (email) WHERE status <> 'closed';
ALTER TABLE partner_users DROP CONSTRAINT partner_users_email_key;
CREATE UNIQUE INDEX partner_users_email_idx ON partner_users (email) WHERE is_active;

ALTER TABLE partner_users
    ADD COLUMN password_hash     text,
    ADD COLUMN totp_secret_enc   bytea,
    ADD COLUMN phone             text,
    ADD COLUMN avatar_file_id    uuid   REFERENCES files,
    ADD COLUMN spend_limit_cents bigint CHECK (spend_limit_cents >= 0),
    ADD COLUMN spend_period      text   CHECK (spend_period IN ('order', 'week', 'month', 'quarter', 'year')),
    ADD COLUMN last_login_at     timestamptz,
    ADD CHECK ((spend_limit_cents IS NULL) = (spend_period IS NULL));

-- A partner whose account is open has an owner who can sign in.
CREATE FUNCTION partner_users_demand_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM partners p WHERE p.id = OLD.partner_id AND p.status <> 'closed')
        AND NOT EXISTS (
            SELECT FROM partner_users u WHERE u.partner_id = OLD.partner_id AND u.role = 'owner' AND u.is_active)
    THEN
        RAISE EXCEPTION 'partner % would have no active owner', OLD.partner_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_users_owner';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER partner_users_owner AFTER UPDATE OF role, is_active, partner_id OR DELETE ON partner_users
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION partner_users_demand_owner();

CREATE TABLE partner_notes (
    id          uuid        PRIMARY KEY,
    partner_id  uuid        NOT NULL REFERENCES partners,
    author_kind text        NOT NULL CHECK (author_kind IN ('sales_rep', 'admin')),
    author_id   uuid        NOT NULL,
    note        text        NOT NULL,
    is_private  boolean     NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- The notes on a partner, in the order of their ids, which is that of time.
CREATE INDEX partner_notes_partner_idx ON partner_notes (partner_id, id);
CREATE TRIGGER partner_notes_touch BEFORE UPDATE ON partner_notes FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE customers (
    id         uuid        PRIMARY KEY,
    email      citext      NOT NULL UNIQUE,
    first_name text        NOT NULL,
    last_name  text        NOT NULL,
    phone      text,
    address    text,
    city       text,
    state      char(2),
    zip_code   text,
    country    char(2)     NOT NULL DEFAULT 'US',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER customers_touch BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE settings (
    key             text        PRIMARY KEY,
    value           jsonb       NOT NULL,
    updated_by_kind text        NOT NULL DEFAULT 'system'
        CHECK (updated_by_kind IN ('admin', 'sales_rep', 'partner_user', 'lead', 'customer', 'system', 'service')),
    updated_by      uuid,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER settings_touch BEFORE UPDATE ON settings FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE setting_changes (                             -- append-only: each value with the moment from which it held
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key          text        NOT NULL,
    value        jsonb       NOT NULL,
    effective_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    made_by_kind text        NOT NULL,
    made_by      uuid
);
-- What a setting was at a moment.
CREATE INDEX setting_changes_key_idx ON setting_changes (key, effective_at);

-- History is not left to those who change a setting, and they have no right to write it.
CREATE FUNCTION settings_keep_history() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO setting_changes (key, value, made_by_kind, made_by)
    VALUES (NEW.key, NEW.value, NEW.updated_by_kind, NEW.updated_by);
    RETURN NULL;
END $$;
CREATE TRIGGER settings_history AFTER INSERT OR UPDATE OF value ON settings
    FOR EACH ROW EXECUTE FUNCTION settings_keep_history();

INSERT INTO settings (key, value) VALUES
    ('company.name', '"Drizzl Wellness"'), ('company.address', 'null'), ('company.logo', 'null'),
    ('company.time_zone', '"America/Los_Angeles"'),
    ('price.min_margin_bp', '1000'),
    ('shipping.free_above_cents', '500000'),
    ('tax.certificate_reask_days', '30'),
    ('stock.hold_hours', '72'), ('stock.min_remaining_life_bp', '5000'),
    ('orders.large_above_cents', '1000000'),
    ('credit.overdue_hold_days', '30'), ('credit.hold_cancel_days', '7'),
    ('tier.growth_net_cents', '5000000'), ('tier.enterprise_net_cents', '25000000'),
    ('late_fee.policy', '{"*": {"kind": "monthly", "rate_bp": 150, "first_day": 15, "every_days": 30, "at_most": 12, "minimum_cents": 1000}}'),
    ('dunning.ladder', '{"due_soon": -3, "due_today": 0, "overdue_1": 1, "overdue_7": 7, "overdue_15": 15, "overdue_30": 30, "overdue_60": 60, "overdue_90": 90}'),
    ('dunning.hour', '"09:00"'),
    ('commission.new_partner_bp', '100'), ('commission.upsell_bp', '100'), ('commission.renewal_bp', '50'),
    ('commission.quota_bonus_bp', '500'), ('commission.bonus_mode', '"first_dollar"'),
    ('commission.close_day', '3'), ('commission.payout_day', '5'),
    ('lead.hot', '80'), ('lead.fire', '85'), ('lead.warm', '60'), ('lead.closing_soon_days', '14'),
    ('suggest.stall_days', '7'), ('suggest.no_contact_days', '5'), ('suggest.opens', '3'),
    ('route.mileage_rate', '0.725'), ('route.mph', '33'), ('route.detour_factor', '1.3'),
    ('checkin.radius_m', '200'),
    ('temperature.warning_f', '0'), ('temperature.warning_minutes', '15'), ('temperature.excursion_f', '5'),
    ('temperature.excursion_minutes', '30'), ('temperature.immediate_f', '15'), ('temperature.gap_minutes', '30'),
    ('message.mail_after_min', '5'), ('message.mail_window_min', '15'),
    ('digest.hour', '"08:00"'), ('sms.hours', '["08:00", "21:00"]'),
    ('contract.renewal_task_days', '60'), ('proposal.valid_days', '30'),
    ('retention.sessions_days', '30'), ('retention.gps_days', '90'), ('retention.temperature_days', '730'),
    ('retention.audit_days', '2555'), ('retention.drafts_days', '365'), ('retention.succeeded_jobs_days', '14'),
    ('retention.dead_jobs_days', '90');

-- The value of a setting that is a number. A name that is none is a defect, and must not read as "unknown".
CREATE FUNCTION setting(key text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE
    found_value jsonb;
BEGIN
    SELECT s.value INTO found_value FROM settings s WHERE s.key = setting.key;
    IF jsonb_typeof(found_value) IS DISTINCT FROM 'number' THEN
        RAISE EXCEPTION 'there is no number under the setting "%"', key USING ERRCODE = 'undefined_object';
    END IF;
    RETURN (found_value #>> '{}')::numeric;
END $$;

-- The day that it is where the company is.
CREATE FUNCTION company_today() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (statement_timestamp() AT TIME ZONE
        (SELECT s.value #>> '{}' FROM settings s WHERE s.key = 'company.time_zone'))::date
$$;

-- Append-only, each row sealed with the one before it (SEC-10).
CREATE TABLE audit_log (
    seq          bigint      PRIMARY KEY,                  -- without a gap, in the order of commit
    id           uuid        NOT NULL UNIQUE,
    actor_kind   text        NOT NULL
        CHECK (actor_kind IN ('admin', 'sales_rep', 'partner_user', 'lead', 'customer', 'system', 'service')),
    actor_id     uuid,
    action       text        NOT NULL,
    subject_type text        NOT NULL,
    subject_id   uuid,
    before       jsonb,
    after        jsonb,
    reason       text,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    ip           inet,
    session_id   uuid,
    prev_hash    bytea       NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash         bytea       NOT NULL CHECK (octet_length(hash) = 32)
);
-- What was done to a record, and by whom.
CREATE INDEX audit_log_subject_idx ON audit_log (subject_type, subject_id, seq);
CREATE INDEX audit_log_actor_idx ON audit_log (actor_kind, actor_id, seq);

-- The seal of a row: over everything in it and the seal before it. No part of it depends on a session's settings.
CREATE FUNCTION audit_log_seal(entry audit_log) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(entry.prev_hash || convert_to(jsonb_build_array(
        entry.seq, entry.id, entry.actor_kind, entry.actor_id, entry.action, entry.subject_type, entry.subject_id,
        entry.before, entry.after, entry.reason, extract(epoch FROM entry.at), host(entry.ip), entry.session_id)::text,
        'UTF8'))
$$;

-- One row after the other, until commit, for each names the one before it.
CREATE FUNCTION audit_log_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_log', 0));
    SELECT a.seq + 1, a.hash INTO NEW.seq, NEW.prev_hash FROM audit_log a ORDER BY a.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        NEW.seq := 1;
        NEW.prev_hash := decode(repeat('00', 32), 'hex');
    END IF;
    NEW.hash := audit_log_seal(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_chain();
CREATE TRIGGER audit_log_immutable BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION queue.refuse_change('the audit log');

-- The first row that was changed, or whose neighbour is gone; null when the chain is whole.
CREATE FUNCTION audit_log_first_break() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT min(c.seq) FROM (
        SELECT a.seq, a.hash = audit_log_seal(a) AS is_sealed,
            a.prev_hash = coalesce(lag(a.hash) OVER (ORDER BY a.seq), decode(repeat('00', 32), 'hex')) AS is_linked
        FROM audit_log a
    ) c
    WHERE NOT c.is_sealed OR NOT c.is_linked
$$;

-- A partner is made, and its status, terms and money moved, by the engine alone.
GRANT SELECT ON admins, sales_reps, partner_notes, customers, settings, setting_changes, audit_log TO drizzl_app;
GRANT INSERT ON admins, sales_reps, partner_notes, customers, audit_log TO drizzl_app;
GRANT UPDATE ON admins, partner_notes, customers TO drizzl_app;
GRANT UPDATE (email, password_hash, totp_secret_enc, is_active, last_login_at, first_name, last_name, phone,
    avatar_file_id, time_zone, employee_id, department, title, role, team_name, territory, territory_states, manager_id,
    hire_date, base_salary_cents, commission_rate_bp, total_sales_cents, total_deals, email_signature, availability,
    auto_response, auto_response_on, calendar_feed_token_hash, home_latitude, home_longitude) ON sales_reps TO drizzl_app;
GRANT UPDATE (value, updated_by_kind, updated_by) ON settings TO drizzl_app;
REVOKE INSERT ON partners FROM drizzl_app;
REVOKE UPDATE (tier, credit_limit_cents, payment_terms) ON partners FROM drizzl_app;
GRANT UPDATE (tax_id_enc, website, backorder_allowed, min_remaining_life_bp, sales_rep_id, account_manager_id,
    lifetime_value_cents, total_orders, avg_order_value_cents, last_order_at) ON partners TO drizzl_app;
GRANT UPDATE (password_hash, totp_secret_enc, phone, avatar_file_id, spend_limit_cents, spend_period, last_login_at)
    ON partner_users TO drizzl_app;
GRANT INSERT, UPDATE ON partners TO drizzl_engine;
