-- Parcels and pallet loads (D-16, L-06), what carriers say about them (D-17) and how cold they were (D-38, R-25).
CREATE TABLE shipments (
    id                         uuid           PRIMARY KEY,
    order_id                   uuid           NOT NULL REFERENCES orders,
    replaces_id                uuid           REFERENCES shipments,      -- the parcel that is sent again
    tracking_number            text,                                     -- null until it is known
    carrier                    text           CHECK (carrier IN ('fedex', 'ups', 'usps', 'xpo')),
    carrier_service            text,
    current_location           text,
    current_lat                double precision,
    current_lng                double precision,
    estimated_delivery         timestamptz,
    actual_delivery            timestamptz,
    delivery_signature_file_id uuid           REFERENCES files,
    delivery_photo_file_id     uuid           REFERENCES files,
    delivered_to               text,
    is_temperature_controlled  boolean        NOT NULL DEFAULT true,
    target_temp_f              numeric(5, 2)  NOT NULL DEFAULT -10.0,
    quality_hold               boolean        NOT NULL DEFAULT false,
    quality_held_at            timestamptz,
    quality_decision           text           CHECK (quality_decision IN ('release', 'reject')),
    quality_decision_reason    text,
    quality_decided_by         uuid           REFERENCES admins,
    package_count              integer        NOT NULL DEFAULT 1 CHECK (package_count >= 1),
    pallet_count               integer        CHECK (pallet_count >= 0),
    total_weight_lb            numeric(10, 3) CHECK (total_weight_lb >= 0),
    last_scan_at               timestamptz,
    collected_at               timestamptz,                              -- the first scan by the carrier
    stock_taken_at             timestamptz,                              -- its goods left the stock, once
    problem_code               text           CHECK (problem_code IN ('address', 'damaged', 'lost', 'refused',
        'customs', 'no_movement', 'order_cancelled', 'other')),
    problem_note               text,
    resolution                 text
        CHECK (resolution IN ('resend', 'returned', 'written_off', 'never_collected')),
    resolution_note            text,
    status                     text           NOT NULL
        CHECK (status IN ('pending', 'picked_up', 'in_transit', 'out_for_delivery', 'exception', 'delivered')),
    status_seq                 integer        NOT NULL CHECK (status_seq >= 1),
    status_since               timestamptz    NOT NULL,
    created_at                 timestamptz    NOT NULL DEFAULT clock_timestamp(),
    updated_at                 timestamptz    NOT NULL DEFAULT clock_timestamp(),
    CHECK ((current_lat IS NULL) = (current_lng IS NULL)),
    CHECK (NOT quality_hold OR quality_held_at IS NOT NULL),
    CHECK (status <> 'delivered' OR actual_delivery IS NOT NULL),
    CHECK ((stock_taken_at IS NULL) = (collected_at IS NULL))
);
-- One parcel per number of a carrier; also finds a parcel by the number that a carrier sends.
CREATE UNIQUE INDEX shipments_tracking_idx ON shipments (carrier, tracking_number) NULLS NOT DISTINCT
    WHERE tracking_number IS NOT NULL;
-- The parcels of an order.
CREATE INDEX shipments_order_idx ON shipments (order_id);
-- From a parcel to what was sent in its place, and for the check of the foreign key.
CREATE INDEX shipments_replaces_idx ON shipments (replaces_id) WHERE replaces_id IS NOT NULL;
-- Those that are on their way or wait, oldest first: lists, and whom to ask the carrier about.
CREATE INDEX shipments_open_idx ON shipments (status, status_since) WHERE status <> 'delivered';
CREATE TRIGGER shipments_touch BEFORE UPDATE ON shipments FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER shipments_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON shipments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('shipment', 'status');

CREATE TABLE shipment_items (
    id            uuid        PRIMARY KEY,
    shipment_id   uuid        NOT NULL REFERENCES shipments,
    order_item_id uuid        NOT NULL REFERENCES order_items,
    lot_id        uuid        REFERENCES lots,             -- known once the goods have left the stock
    quantity      integer     NOT NULL CHECK (quantity > 0),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- One row per line and lot; also lists what a parcel carries.
    UNIQUE NULLS NOT DISTINCT (shipment_id, order_item_id, lot_id)
);
-- In which parcels a line is, for what is left to ship.
CREATE INDEX shipment_items_order_item_idx ON shipment_items (order_item_id);
-- Which parcels carry a lot, for a recall.
CREATE INDEX shipment_items_lot_idx ON shipment_items (lot_id) WHERE lot_id IS NOT NULL;
CREATE TRIGGER shipment_items_touch BEFORE UPDATE ON shipment_items
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE tracking_events (                             -- append-only: what carriers said, in whatever order it came
    id               uuid        PRIMARY KEY,
    shipment_id      uuid        NOT NULL REFERENCES shipments,
    carrier_event_id text        NOT NULL CHECK (carrier_event_id <> ''),
    status           text        NOT NULL
        CHECK (status IN ('pending', 'picked_up', 'in_transit', 'out_for_delivery', 'exception', 'delivered')),
    location         text        NOT NULL,
    description      text,
    latitude         double precision,
    longitude        double precision,
    occurred_at      timestamptz NOT NULL,
    received_at      timestamptz NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (shipment_id, carrier_event_id),                -- a message that comes twice is taken once
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
-- The way of a parcel, and its newest event.
CREATE INDEX tracking_events_newest_idx ON tracking_events (shipment_id, occurred_at DESC, id DESC);

CREATE TABLE temperature_readings (                        -- append-only, kept two years
    shipment_id uuid          NOT NULL REFERENCES shipments,
    sensor_id   text          NOT NULL CHECK (sensor_id <> ''),
    recorded_at timestamptz   NOT NULL,
    temp_f      numeric(5, 2) NOT NULL,
    source      text          NOT NULL CHECK (source IN ('carrier', 'logger', 'manual')),
    created_at  timestamptz   NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shipment_id, sensor_id, recorded_at)      -- a reading that comes twice is taken once
);
-- The readings of a parcel by time, a page at a time.
CREATE INDEX temperature_readings_time_idx ON temperature_readings (shipment_id, recorded_at);

CREATE TABLE temperature_events (                          -- what the readings mean (R-25)
    id              uuid        PRIMARY KEY,
    shipment_id     uuid        NOT NULL REFERENCES shipments,
    sensor_id       text,                                  -- null for a gap: no sensor said anything
    kind            text        NOT NULL CHECK (kind IN ('warning', 'excursion', 'gap')),
    started_at      timestamptz NOT NULL,
    reached_at      timestamptz NOT NULL,                  -- when it had lasted long enough
    ended_at        timestamptz,                           -- null: it still lasts
    max_temp_f      numeric(5, 2),                         -- null for a gap
    decision        text        CHECK (decision IN ('release', 'reject')),
    decided_by      uuid        REFERENCES admins,
    decision_reason text,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Looking at the same readings again finds the same event; also lists the events of a parcel.
    UNIQUE NULLS NOT DISTINCT (shipment_id, kind, sensor_id, started_at),
    CHECK (decision IS NULL OR kind = 'excursion'),
    CHECK ((kind = 'gap') = (max_temp_f IS NULL))
);
CREATE TRIGGER temperature_events_touch BEFORE UPDATE ON temperature_events
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- The application keeps what carriers and sensors say, and the paper that goes with a parcel; states, stock and
-- decisions are the engine's.
GRANT SELECT ON shipments, shipment_items, tracking_events, temperature_readings, temperature_events TO drizzl_app;
GRANT UPDATE (tracking_number, carrier, carrier_service, estimated_delivery, package_count, pallet_count,
    total_weight_lb, current_location, current_lat, current_lng) ON shipments TO drizzl_app;
GRANT UPDATE (quantity) ON shipment_items TO drizzl_app;
GRANT INSERT ON tracking_events, temperature_readings TO drizzl_app;
GRANT INSERT, DELETE ON temperature_events TO drizzl_app;
GRANT UPDATE (reached_at, ended_at, max_temp_f) ON temperature_events TO drizzl_app;
GRANT INSERT, UPDATE ON shipments TO drizzl_engine;
GRANT INSERT, UPDATE, DELETE ON shipment_items TO drizzl_engine;
GRANT UPDATE (decision, decided_by, decision_reason) ON temperature_events TO drizzl_engine;
