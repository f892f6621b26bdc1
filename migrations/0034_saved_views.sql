-- What people save of lists: filters, order and columns under a name of their own. Nobody else sees or needs them.
CREATE TABLE saved_views (
    id         uuid        PRIMARY KEY,
    user_kind  text        NOT NULL CHECK (user_kind IN ('admin', 'sales_rep', 'partner_user')),
    user_id    uuid        NOT NULL,
    list       text        NOT NULL CHECK (list LIKE '/%' AND char_length(list) <= 200),     -- its address
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    query      text        NOT NULL CHECK (char_length(query) <= 2000),    -- what follows the question mark
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (user_kind, user_id, list, name)
);

ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON saved_views TO drizzl_app USING (true) WITH CHECK (true);
CREATE POLICY own ON saved_views TO drizzl_visitor
    USING (user_kind = (SELECT visitor.kind()) AND user_id = (SELECT visitor.id()))
    WITH CHECK (user_kind = (SELECT visitor.kind()) AND user_id = (SELECT visitor.id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO drizzl_app, drizzl_visitor;

-- What is seen of a parcel and measured on its way shows at once to whoever looks at the shipment.
CREATE FUNCTION live_note_parcels() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO live_inbox (subject, record_id, what)
    SELECT DISTINCT 'shipment', a.shipment_id, 'changed' FROM added a ORDER BY 2;
    RETURN NULL;
END $$;
CREATE TRIGGER tracking_events_live AFTER INSERT ON tracking_events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_parcels();
CREATE TRIGGER temperature_readings_live AFTER INSERT ON temperature_readings REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION live_note_parcels();
