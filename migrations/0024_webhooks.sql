-- Webhooks: what happens to records is told to other systems, by jobs (docs/webhooks.md, decision 0027).
CREATE TABLE webhook_endpoints (
    id              uuid        PRIMARY KEY,
    partner_id      uuid        REFERENCES partners,       -- whose it is; null: the company's
    url             text        NOT NULL,
    description     text        NOT NULL DEFAULT '' CHECK (length(description) <= 200),
    events          text[]      NOT NULL,                  -- 'order.confirm', 'order.*' or '*'
    secret_enc      bytea       NOT NULL,                  -- sealed (SEC-09); shown once
    earlier_enc     bytea,                                 -- the one before it, with which is signed too until
    earlier_until   timestamptz,
    is_active       boolean     NOT NULL DEFAULT true,
    failing_since   timestamptz,                           -- of tries: null when the last one was taken
    disabled_at     timestamptz,                           -- by the program, which says why
    disabled_reason text,
    created_by_kind text        NOT NULL CHECK (created_by_kind IN ('admin', 'partner_user')),
    created_by      uuid        NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- No name and password in the address: it is shown and logged.
    CONSTRAINT webhook_endpoints_url_check
        CHECK (url ~ '^https?://[^/?#@[:space:][:cntrl:]]+([/?][^#[:space:][:cntrl:]]*)?$' AND length(url) <= 2000),
    CONSTRAINT webhook_endpoints_events_check
        CHECK (cardinality(events) BETWEEN 1 AND 100
               AND array_to_string(events, ',') ~ '^(\*|[a-z_]+\.(\*|[a-z_]+))(,(\*|[a-z_]+\.(\*|[a-z_]+)))*$'),
    CHECK ((earlier_enc IS NULL) = (earlier_until IS NULL)),
    CHECK (disabled_at IS NULL OR (disabled_reason IS NOT NULL AND NOT is_active))
);
-- A partner's own. For what an event concerns, all that are active are looked at: there are few.
CREATE INDEX webhook_endpoints_partner_idx ON webhook_endpoints (partner_id);

CREATE TABLE webhook_deliveries (
    id           uuid        PRIMARY KEY,                  -- `webhook-id`: the same at every try
    endpoint_id  uuid        NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    event_id     uuid,                                     -- of workflow_events; null: a ping
    type         text        NOT NULL,                     -- 'order.confirm', 'webhook.ping'
    machine      text,
    record_id    uuid,
    state        text        NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'delivered', 'failed', 'dropped')),
    tries        integer     NOT NULL DEFAULT 0,
    status       smallint,                                 -- what the last try was answered with
    error        text        CHECK (length(error) <= 500), -- what kept it from being taken
    duration_ms  integer,
    attempts     jsonb       NOT NULL DEFAULT '[]',        -- the last fifty tries: at, status, error, duration_ms
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    tried_at     timestamptz,
    CHECK ((event_id IS NULL) = (record_id IS NULL) AND (machine IS NULL) = (record_id IS NULL)),
    -- Exactly one for an endpoint and an event; also lists an endpoint's.
    CONSTRAINT webhook_deliveries_once UNIQUE (endpoint_id, event_id)
);
-- What is old enough to be forgotten.
CREATE INDEX webhook_deliveries_age_idx ON webhook_deliveries (created_at);

-- An id that sorts by the time at which it was made (UUID version 7).
CREATE FUNCTION webhook_delivery_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(set_byte(
        overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        6, 112 + (random() * 15)::integer), 'hex')::uuid
$$;

-- Whether the owner of an endpoint may be told of a record: the company of all; a partner of its own, as its users see
-- them (visitor.sees), while it is not closed.
CREATE FUNCTION webhook_sees(of_partner uuid, of_machine text, record uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    theirs uuid;
BEGIN
    IF of_partner IS NULL THEN RETURN true; END IF;
    CASE of_machine
        WHEN 'contract' THEN SELECT t.partner_id INTO theirs FROM contracts t WHERE t.id = record;
        WHEN 'integration' THEN SELECT t.partner_id INTO theirs FROM partner_integrations t WHERE t.id = record;
        WHEN 'invoice' THEN SELECT t.partner_id INTO theirs FROM invoices t WHERE t.id = record;
        WHEN 'order', 'order_payment' THEN SELECT t.partner_id INTO theirs FROM orders t WHERE t.id = record;
        WHEN 'partner' THEN theirs := record;
        WHEN 'resale_certificate' THEN SELECT t.partner_id INTO theirs FROM resale_certificates t WHERE t.id = record;
        WHEN 'shipment' THEN
            SELECT o.partner_id INTO theirs FROM shipments t JOIN orders o ON o.id = t.order_id WHERE t.id = record;
        WHEN 'ticket' THEN SELECT t.partner_id INTO theirs FROM support_tickets t WHERE t.id = record;
        ELSE RETURN false;
    END CASE;
    RETURN theirs IS NOT DISTINCT FROM of_partner
        AND EXISTS (SELECT FROM partners p WHERE p.id = of_partner AND p.status <> 'closed');
END $$;

-- Puts down that an endpoint is to be told, with the job that does it, in the transaction of what it is told of.
-- In plpgsql, which keeps its plans.
CREATE FUNCTION queue.enqueue_webhooks(deliveries uuid[], endpoints uuid[], machines text[], records uuid[], events uuid[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    WITH asked AS MATERIALIZED (
        SELECT queue.new_job_id() AS id, a.delivery::text AS name, a.*
        FROM unnest(deliveries, endpoints, machines, records, events) WITH ORDINALITY
            AS a (delivery, endpoint, machine, record_id, event_id, position)
    ), kept AS (
        INSERT INTO queue.unique_keys (kind, key, job_id) SELECT 'deliver_webhook', name, id FROM asked
    ), bodies AS (
        INSERT INTO queue.jobs (id, kind, queue, priority, max_attempts, unique_key, machine, record_id, event_id,
                                payload, tenant)
        SELECT id, 'deliver_webhook', 'webhooks', 2, 20, name, machine, record_id, event_id,
               jsonb_build_object('delivery', delivery), endpoint::text
        FROM asked
    )
    INSERT INTO queue.ready (job_id, shard, priority, traits, queue)
    SELECT id, queue.shard(endpoint::text), 2, queue.traits(name, NULL, NULL, NULL), 'webhooks'
    FROM asked ORDER BY position;
END $$;

CREATE FUNCTION webhook_note_events() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due record;
BEGIN
    IF NOT EXISTS (SELECT FROM webhook_endpoints w WHERE w.is_active) THEN RETURN NULL; END IF;
    WITH owed AS (
        INSERT INTO webhook_deliveries (id, endpoint_id, event_id, type, machine, record_id)
        SELECT webhook_delivery_id(), w.id, e.id, e.machine || '.' || e.move, e.machine, e.record_id
        FROM added e
        JOIN webhook_endpoints w
          ON w.is_active AND w.events && ARRAY['*', e.machine || '.*', e.machine || '.' || e.move]
        WHERE webhook_sees(w.partner_id, e.machine, e.record_id)
        ORDER BY e.record_id, e.seq, w.id
        ON CONFLICT (endpoint_id, event_id) DO NOTHING
        RETURNING id, endpoint_id, machine, record_id, event_id
    )
    SELECT array_agg(id) AS ids, array_agg(endpoint_id) AS endpoints, array_agg(machine) AS machines,
           array_agg(record_id) AS records, array_agg(event_id) AS events
    INTO due FROM owed;
    IF due.ids IS NOT NULL THEN
        PERFORM queue.enqueue_webhooks(due.ids, due.endpoints, due.machines, due.records, due.events);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER workflow_events_webhooks AFTER INSERT ON workflow_events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION webhook_note_events();

-- Switches an endpoint off that cannot be reached any more, and asks people to look at it.
CREATE FUNCTION webhook_disable(endpoint uuid, reason text, now_is timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE webhook_endpoints SET is_active = false, disabled_at = now_is, disabled_reason = reason
    WHERE id = endpoint AND is_active;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO workflow_attention (id, machine, record_id, task, because, opened_at)
    VALUES (gen_random_uuid(), 'webhook', endpoint, 'webhook_disabled', jsonb_build_object('reason', reason), now_is)
    ON CONFLICT DO NOTHING;
END $$;

-- Whoever switches it on again starts anew, and has looked at it.
CREATE FUNCTION webhook_endpoint_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.updated_at := clock_timestamp();
    IF NEW.is_active AND NOT OLD.is_active THEN
        NEW.failing_since := NULL;
        NEW.disabled_at := NULL;
        NEW.disabled_reason := NULL;
        UPDATE workflow_attention SET closed_at = clock_timestamp(), note = 'switched on again'
        WHERE machine = 'webhook' AND record_id = NEW.id AND closed_at IS NULL;
    END IF;
    RETURN NEW;
END $$;
-- What tries leave in a row is not its version: no WHEN on those columns.
CREATE TRIGGER webhook_endpoints_changed
    BEFORE UPDATE OF url, description, events, is_active, secret_enc ON webhook_endpoints
    FOR EACH ROW EXECUTE FUNCTION webhook_endpoint_changed();

-- One that is deleted asks for nobody's attention.
CREATE FUNCTION webhook_endpoint_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE workflow_attention SET closed_at = clock_timestamp(), note = 'deleted'
    WHERE machine = 'webhook' AND record_id = OLD.id AND closed_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER webhook_endpoints_gone AFTER DELETE ON webhook_endpoints
    FOR EACH ROW EXECUTE FUNCTION webhook_endpoint_gone();

REVOKE EXECUTE ON FUNCTION webhook_delivery_id(), webhook_sees(uuid, text, uuid), webhook_note_events(),
    webhook_disable(uuid, text, timestamptz), webhook_endpoint_changed(), webhook_endpoint_gone(),
    queue.enqueue_webhooks(uuid[], uuid[], text[], uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION webhook_sees(uuid, text, uuid), webhook_disable(uuid, text, timestamptz) TO drizzl_app;

-- Both walls (0021): a partner's own, the owner's to change; all of them for admins, to change with the permission.
ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON webhook_endpoints TO drizzl_app USING (true) WITH CHECK (true);
CREATE POLICY seen ON webhook_endpoints FOR SELECT TO drizzl_visitor
    USING ((SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner()));
CREATE POLICY added ON webhook_endpoints FOR INSERT TO drizzl_visitor
    WITH CHECK ((SELECT visitor.may('integrations.manage'))
        OR (partner_id = (SELECT visitor.partner()) AND (SELECT visitor.role()) = 'owner'));
CREATE POLICY changed ON webhook_endpoints FOR UPDATE TO drizzl_visitor
    USING ((SELECT visitor.may('integrations.manage'))
        OR (partner_id = (SELECT visitor.partner()) AND (SELECT visitor.role()) = 'owner'));
CREATE POLICY removed ON webhook_endpoints FOR DELETE TO drizzl_visitor
    USING ((SELECT visitor.may('integrations.manage'))
        OR (partner_id = (SELECT visitor.partner()) AND (SELECT visitor.role()) = 'owner'));
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON webhook_deliveries TO drizzl_app USING (true) WITH CHECK (true);
CREATE POLICY seen ON webhook_deliveries FOR SELECT TO drizzl_visitor
    USING ((SELECT visitor.kind()) = 'admin' OR EXISTS (SELECT FROM webhook_endpoints w WHERE w.id = endpoint_id));

GRANT SELECT, INSERT, DELETE ON webhook_endpoints, webhook_deliveries TO drizzl_app;
GRANT UPDATE (failing_since, secret_enc, earlier_enc, earlier_until) ON webhook_endpoints TO drizzl_app;
GRANT UPDATE (state, tries, status, error, duration_ms, attempts, tried_at) ON webhook_deliveries TO drizzl_app;
-- Everything but the secrets.
GRANT SELECT (id, partner_id, url, description, events, earlier_until, is_active, failing_since, disabled_at,
    disabled_reason, created_by_kind, created_by, created_at, updated_at) ON webhook_endpoints TO drizzl_visitor;
GRANT INSERT ON webhook_endpoints TO drizzl_visitor;
GRANT UPDATE (url, description, events, is_active) ON webhook_endpoints TO drizzl_visitor;
GRANT DELETE ON webhook_endpoints TO drizzl_visitor;
GRANT SELECT ON webhook_deliveries TO drizzl_visitor;
