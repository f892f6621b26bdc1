-- When it was settled whether a quota was reached (R-16): a quota is settled once, however late and however often the
-- program starts meanwhile, and closed bonuses are not reopened (R-17).
ALTER TABLE quota_periods ADD COLUMN closed_at timestamptz;  -- null: its bonus is not settled yet
UPDATE quota_periods q SET closed_at = c.created_at
FROM commissions c WHERE c.type = 'quota_bonus' AND c.reference_id = q.id;

-- The quotas that are still to be settled, at the close of their period; takes the place of the one over all.
CREATE INDEX quota_periods_open_idx ON quota_periods (period_start) WHERE closed_at IS NULL;
DROP INDEX quota_periods_start_idx;

GRANT UPDATE (closed_at) ON quota_periods TO drizzl_app;

-- A statement is asked for once, also when its job is long forgotten.
ALTER TABLE payouts ADD COLUMN statement_asked_at timestamptz;  -- null: nobody has asked for it yet
UPDATE payouts p SET statement_asked_at = p.paid_at
WHERE p.statement_file_id IS NOT NULL
   OR EXISTS (SELECT FROM queue.jobs j WHERE j.machine = 'payout' AND j.record_id = p.id);
-- The payouts whose statements are still to be asked for.
CREATE INDEX payouts_unasked_idx ON payouts (period, id) WHERE statement_asked_at IS NULL;
GRANT UPDATE (statement_asked_at) ON payouts TO drizzl_app;
