-- What reps earn (D-10, L-08, R-15 to R-18) and what is expected of them (D-33, R-20).
CREATE TABLE order_commission_shares (                     -- who shares the commission of an order; none: its rep alone
    order_id     uuid        NOT NULL REFERENCES orders,
    sales_rep_id uuid        NOT NULL REFERENCES sales_reps,
    share_bp     integer     NOT NULL CHECK (share_bp BETWEEN 1 AND 10000),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (order_id, sales_rep_id)
);
-- For the check of the foreign key.
CREATE INDEX order_commission_shares_rep_idx ON order_commission_shares (sales_rep_id);
CREATE TRIGGER order_commission_shares_touch BEFORE UPDATE ON order_commission_shares
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- The shares of an order are the whole of it (R-15).
CREATE FUNCTION order_commission_shares_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shared uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
    total  bigint;
BEGIN
    SELECT sum(share_bp) INTO total FROM order_commission_shares WHERE order_id = shared;
    IF total <> 10000 THEN
        RAISE EXCEPTION 'the commission shares of order % add up to % instead of 10000 basis points', shared, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_commission_shares_whole
    AFTER INSERT OR UPDATE OR DELETE ON order_commission_shares
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_commission_shares_are_whole();

CREATE TABLE payouts (
    id                    uuid        PRIMARY KEY,
    sales_rep_id          uuid        NOT NULL REFERENCES sales_reps,
    period                date        NOT NULL CHECK (extract(day FROM period) = 1),  -- its first day
    pay_on                date        NOT NULL,
    amount_cents          bigint      NOT NULL DEFAULT 0 CHECK (amount_cents >= 0),
    carried_in_cents      bigint      NOT NULL DEFAULT 0 CHECK (carried_in_cents <= 0),        -- of the payout before
    carried_forward_cents bigint      NOT NULL DEFAULT 0 CHECK (carried_forward_cents <= 0),
    status                text        NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'paid')),
    statement_file_id     uuid        REFERENCES files,
    paid_at               timestamptz,
    created_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (sales_rep_id, period),                         -- also finds the payout before
    CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
    CHECK (amount_cents = 0 OR carried_forward_cents = 0)
);
CREATE TRIGGER payouts_touch BEFORE UPDATE ON payouts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE quota_periods (
    id           uuid        PRIMARY KEY,
    sales_rep_id uuid        NOT NULL REFERENCES sales_reps,
    period_kind  text        NOT NULL CHECK (period_kind IN ('month', 'quarter')),
    period_start date        NOT NULL,
    amount_cents bigint      NOT NULL CHECK (amount_cents >= 0),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (sales_rep_id, period_kind, period_start),
    CHECK (extract(day FROM period_start) = 1),
    CHECK (period_kind = 'month' OR extract(month FROM period_start) IN (1, 4, 7, 10))
);
-- The quotas of a period, at its close.
CREATE INDEX quota_periods_start_idx ON quota_periods (period_start);
CREATE TRIGGER quota_periods_touch BEFORE UPDATE ON quota_periods
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE activity_goals (
    id            uuid        PRIMARY KEY,
    sales_rep_id  uuid        NOT NULL REFERENCES sales_reps,
    activity_type text        NOT NULL CHECK (activity_type IN ('call', 'email', 'meeting', 'demo', 'proposal')),
    period_start  date        NOT NULL,
    goal          integer     NOT NULL CHECK (goal >= 0),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (sales_rep_id, activity_type, period_start)
);
CREATE TRIGGER activity_goals_touch BEFORE UPDATE ON activity_goals
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE commissions (
    id               uuid        PRIMARY KEY,
    sales_rep_id     uuid        NOT NULL REFERENCES sales_reps,
    type             text        NOT NULL CHECK (type IN
        ('new_partner', 'order', 'renewal', 'upsell', 'quota_bonus', 'clawback', 'adjustment')),
    -- What it is earned on; of a clawback the credit note or refund that takes it back.
    reference_type   text        CHECK (reference_type IN
        ('order', 'partner', 'deal', 'quota_period', 'credit_note', 'refund')),
    reference_id     uuid,
    order_id         uuid        REFERENCES orders,        -- of an order's commission and of what takes it back
    reversal_of      uuid        REFERENCES commissions,
    share_bp         integer     NOT NULL DEFAULT 10000 CHECK (share_bp BETWEEN 1 AND 10000),
    amount_cents     bigint      NOT NULL,
    rate_bp          integer     NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
    base_value_cents bigint      NOT NULL,
    reason           text,                                 -- why it was made by hand
    approvable_at    timestamptz,
    approved_by      uuid        REFERENCES admins,
    approved_at      timestamptz,
    reversed_at      timestamptz,
    reversal_reason  text,
    payout_id        uuid        REFERENCES payouts,
    paid_at          timestamptz,
    period_start     date        NOT NULL,
    period_end       date        NOT NULL,
    status           text        NOT NULL CHECK (status IN ('pending', 'approved', 'paid')),
    status_seq       integer     NOT NULL CHECK (status_seq >= 1),
    status_since     timestamptz NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((reference_type IS NULL) = (reference_id IS NULL)),
    CHECK ((type = 'adjustment') = (reference_id IS NULL)),
    CHECK ((type = 'clawback') = (reversal_of IS NOT NULL)),
    CHECK ((order_id IS NOT NULL) = (type IN ('order', 'clawback'))),
    CHECK (type <> 'clawback' OR (amount_cents <= 0 AND base_value_cents <= 0)),
    CHECK (type IN ('clawback', 'adjustment') OR (amount_cents >= 0 AND base_value_cents >= 0)),
    CHECK (period_end >= period_start),
    CHECK (status <> 'paid' OR (payout_id IS NOT NULL AND paid_at IS NOT NULL)),
    CHECK (reversed_at IS NULL OR (status = 'pending' AND amount_cents = 0)),
    CHECK ((reversed_at IS NULL) = (reversal_reason IS NULL))
);
-- Nothing earns twice. What was reversed may be earned again: a deal whose win was undone and won once more.
CREATE UNIQUE INDEX commissions_once_idx ON commissions (type, reference_id, sales_rep_id, reversal_of)
    NULLS NOT DISTINCT WHERE type <> 'adjustment' AND reversed_at IS NULL;
-- What a rep earns in a period, and the credited sales.
CREATE INDEX commissions_rep_period_idx ON commissions (sales_rep_id, period_start);
-- The rows of an order.
CREATE INDEX commissions_order_idx ON commissions (order_id) WHERE order_id IS NOT NULL;
-- The rows of a partner or deal.
CREATE INDEX commissions_reference_idx ON commissions (reference_id) WHERE reference_id IS NOT NULL;
-- What was taken back of a row.
CREATE INDEX commissions_reversal_idx ON commissions (reversal_of) WHERE reversal_of IS NOT NULL;
-- The rows of a payout.
CREATE INDEX commissions_payout_idx ON commissions (payout_id) WHERE payout_id IS NOT NULL;
-- What waits for approval or for the payout run.
CREATE INDEX commissions_open_idx ON commissions (status, sales_rep_id) WHERE status <> 'paid';
CREATE TRIGGER commissions_touch BEFORE UPDATE ON commissions FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER commissions_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON commissions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('commission', 'status');

-- A row that was paid stays as it is; corrections are new rows (R-18).
CREATE FUNCTION commissions_paid_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'commission % was paid and cannot be changed', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER commissions_paid_stays BEFORE UPDATE OR DELETE ON commissions
    FOR EACH ROW WHEN (OLD.status = 'paid') EXECUTE FUNCTION commissions_paid_is_final();

-- Managers set quotas, goals and shares; what is earned and paid is the engine's.
GRANT SELECT ON order_commission_shares, payouts, quota_periods, activity_goals, commissions TO drizzl_app;
GRANT INSERT, UPDATE, DELETE ON order_commission_shares, activity_goals TO drizzl_app;
GRANT INSERT ON quota_periods TO drizzl_app;
GRANT UPDATE (amount_cents) ON quota_periods TO drizzl_app;
GRANT UPDATE (statement_file_id) ON payouts TO drizzl_app;
GRANT INSERT, UPDATE ON payouts, commissions TO drizzl_engine;
