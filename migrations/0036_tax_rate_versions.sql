-- A tax rate can be edited, so it needs a version to compare: without one, any `If-Match` was as good as another.
ALTER TABLE tax_rates ADD COLUMN updated_at timestamptz NOT NULL DEFAULT clock_timestamp();
-- Visitors read by columns, so a new one is given to them.
GRANT SELECT (updated_at) ON tax_rates TO drizzl_visitor;
CREATE TRIGGER tax_rates_touch BEFORE UPDATE ON tax_rates FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
