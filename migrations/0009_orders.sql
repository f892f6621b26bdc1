-- Products, prices, tax, shipping and stock, and what an order needs of them (D-11 to D-14, D-34, D-36, D-37, D-49).
DO $$
BEGIN
    IF EXISTS (SELECT FROM orders) OR EXISTS (SELECT FROM payments) THEN
        RAISE EXCEPTION 'this database holds data of an earlier build, whose orders have no history; make it anew'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END $$;

-- An amount times basis points, rounded half away from zero (R-02), for generated columns.
CREATE FUNCTION share_of(cents bigint, basis_points bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT sign(cents * basis_points)::bigint * ((abs(cents * basis_points) + 5000) / 10000)
$$;

CREATE TABLE products (
    id                     uuid         PRIMARY KEY,
    name                   text         NOT NULL,
    sku                    text         NOT NULL UNIQUE,
    category               text         NOT NULL
        CHECK (category IN ('smoothie', 'ice_cream', 'popsicle', 'frozen_meal', 'protein_bar')),
    subcategory            text         CHECK (subcategory IN ('detox', 'protein', 'immunity', 'dessert', 'dinner')),
    msrp_cents             bigint       NOT NULL CHECK (msrp_cents >= 0),
    retail_price_cents     bigint       NOT NULL CHECK (retail_price_cents >= 0),
    wholesale_price_cents  bigint       CHECK (wholesale_price_cents >= 0),      -- shown to admins; no rule uses it
    cost_per_unit_cents    bigint       NOT NULL CHECK (cost_per_unit_cents >= 0),
    starter_price_cents    bigint       NOT NULL GENERATED ALWAYS AS (share_of(msrp_cents, 7500)) STORED,
    growth_price_cents     bigint       NOT NULL GENERATED ALWAYS AS (share_of(msrp_cents, 6500)) STORED,
    enterprise_price_cents bigint       NOT NULL GENERATED ALWAYS AS (share_of(msrp_cents, 6000)) STORED,
    tax_class              text         NOT NULL DEFAULT 'food',
    description            text,
    short_desc             text,
    benefits               text[]       NOT NULL DEFAULT '{}',
    ingredients            text[]       NOT NULL DEFAULT '{}',
    allergens              text[]       NOT NULL DEFAULT '{}',
    nutrition              jsonb,
    serving_size           text,
    servings_per_unit      integer      NOT NULL DEFAULT 1 CHECK (servings_per_unit >= 1),
    calories               integer,
    protein_g              numeric(6,1),
    carbs_g                numeric(6,1),
    fat_g                  numeric(6,1),
    sugar_g                numeric(6,1),
    certifications         text[]       NOT NULL DEFAULT '{}',
    image_file_id          uuid         REFERENCES files,
    image_file_ids         uuid[]       NOT NULL DEFAULT '{}',
    thumbnail_file_id      uuid         REFERENCES files,
    video_url              text,
    weight_lb              numeric(8,3),
    dimensions             text,
    case_pack_size         integer      NOT NULL DEFAULT 12 CHECK (case_pack_size >= 1),
    case_dimensions        text,
    case_weight_lb         numeric(8,3),
    units_per_pallet       integer,
    storage_temp           text,
    max_temp_f             numeric(5,2) NOT NULL DEFAULT 0,
    shelf_life_days        integer      NOT NULL DEFAULT 365 CHECK (shelf_life_days >= 1),
    stock                  integer      NOT NULL DEFAULT 0 CHECK (stock >= 0),          -- sum of movements
    allocated              integer      NOT NULL DEFAULT 0 CHECK (allocated >= 0),      -- sum of movements
    reorder_point          integer      NOT NULL DEFAULT 100 CHECK (reorder_point >= 0),
    lead_time_days         integer      NOT NULL DEFAULT 5 CHECK (lead_time_days >= 0),
    min_order_qty          integer      NOT NULL DEFAULT 100 CHECK (min_order_qty >= 1),
    backorder_limit        integer      NOT NULL DEFAULT 0 CHECK (backorder_limit >= 0),
    low_stock_armed        boolean      NOT NULL DEFAULT true,
    low_stock_crossing     integer      NOT NULL DEFAULT 0,
    badges                 text[]       NOT NULL DEFAULT '{}'
        CHECK (badges <@ ARRAY['bestseller', 'new', 'featured', 'limited']),
    is_featured            boolean      NOT NULL DEFAULT false,
    is_active              boolean      NOT NULL DEFAULT true,
    launch_date            date,
    total_sold             integer      NOT NULL DEFAULT 0,
    revenue_cents          bigint       NOT NULL DEFAULT 0,
    review_count           integer      NOT NULL DEFAULT 0,
    avg_rating             numeric(2,1),
    created_at             timestamptz  NOT NULL DEFAULT clock_timestamp(),
    updated_at             timestamptz  NOT NULL DEFAULT clock_timestamp(),
    CHECK (allocated <= stock + backorder_limit)
);
CREATE TRIGGER products_touch BEFORE UPDATE ON products FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Counts each fall of what is available to the reorder point once; 110 % of it arms it again (R-29). A trigger, so that
-- whoever takes goods cannot forget it, and so that two who take at once count one crossing.
CREATE FUNCTION count_low_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.low_stock_armed AND NEW.stock - NEW.allocated <= NEW.reorder_point
        AND OLD.stock - OLD.allocated > OLD.reorder_point THEN
        NEW.low_stock_armed := false;
        NEW.low_stock_crossing := OLD.low_stock_crossing + 1;
    ELSIF (NEW.stock - NEW.allocated)::bigint * 100 >= NEW.reorder_point::bigint * 110
        AND NEW.stock - NEW.allocated > NEW.reorder_point THEN
        NEW.low_stock_armed := true;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER products_low_stock BEFORE UPDATE OF stock, allocated, reorder_point ON products
    FOR EACH ROW EXECUTE FUNCTION count_low_stock();

-- Prices that were agreed on, and changes of price to come (D-49).
CREATE TABLE price_lists (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL,
    partner_id uuid        REFERENCES partners,            -- null: for all
    priority   integer     NOT NULL DEFAULT 0,
    starts_on  date        NOT NULL,
    ends_on    date,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (ends_on >= starts_on)
);
-- A partner's lists.
CREATE INDEX price_lists_partner_idx ON price_lists (partner_id);
CREATE TRIGGER price_lists_touch BEFORE UPDATE ON price_lists FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE price_list_items (
    id               uuid        PRIMARY KEY,
    price_list_id    uuid        NOT NULL REFERENCES price_lists,
    product_id       uuid        NOT NULL REFERENCES products,
    unit_price_cents bigint      NOT NULL CHECK (unit_price_cents >= 0),
    min_quantity     integer     NOT NULL DEFAULT 1 CHECK (min_quantity >= 1),
    approved_by      uuid        REFERENCES admins,        -- who allowed a price under the floor (R-03)
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (price_list_id, product_id, min_quantity)
);
-- The prices of a product.
CREATE INDEX price_list_items_product_idx ON price_list_items (product_id);
CREATE TRIGGER price_list_items_touch BEFORE UPDATE ON price_list_items
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE price_changes (
    id           uuid        PRIMARY KEY,
    product_id   uuid        NOT NULL REFERENCES products,
    field        text        NOT NULL CHECK (field IN ('msrp', 'retail', 'cost')),
    old_cents    bigint      NOT NULL,
    new_cents    bigint      NOT NULL CHECK (new_cents >= 0),
    effective_at timestamptz NOT NULL,
    notice_at    timestamptz,
    made_by      uuid        NOT NULL REFERENCES admins,
    applied_at   timestamptz,
    reason       text,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Changes of price that are still to be made.
CREATE INDEX price_changes_due_idx ON price_changes (effective_at) WHERE applied_at IS NULL;

-- Tax by the address that goods go to, and who is exempt (R-05).
CREATE TABLE tax_rates (
    id             uuid        PRIMARY KEY,
    state          char(2)     NOT NULL,
    jurisdiction   text        NOT NULL,
    tax_class      text        NOT NULL,
    rate_bp        integer     NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
    taxes_shipping boolean     NOT NULL DEFAULT false,
    starts_on      date        NOT NULL,
    ends_on        date,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (state, jurisdiction, tax_class, starts_on),    -- also finds the rates of a state
    CHECK (ends_on >= starts_on)
);

CREATE TABLE resale_certificates (
    id          uuid        PRIMARY KEY,
    partner_id  uuid        NOT NULL REFERENCES partners,
    state       char(2)     NOT NULL,
    number      text        NOT NULL,
    file_id     uuid        REFERENCES files,
    valid_from  date        NOT NULL,
    valid_until date,
    checked_by  uuid        REFERENCES admins,             -- null: does not count yet
    checked_at  timestamptz,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (valid_until >= valid_from),
    CHECK ((checked_by IS NULL) = (checked_at IS NULL))
);
-- A partner's certificates by state.
CREATE INDEX resale_certificates_partner_idx ON resale_certificates (partner_id, state);
CREATE TRIGGER resale_certificates_touch BEFORE UPDATE ON resale_certificates
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- What shipping costs, by zone and number of cases (R-36).
CREATE TABLE shipping_zones (
    state char(2)  PRIMARY KEY,
    zone  smallint NOT NULL CHECK (zone >= 1)
);
INSERT INTO shipping_zones (state, zone)
SELECT unnest('{CA,NV,AZ,OR,WA}'::char(2)[]), 1
UNION ALL SELECT unnest('{MT,ID,WY,UT,CO,NM,ND,SD,NE,KS,OK,TX,MN,IA,MO,AR,LA}'::char(2)[]), 2
UNION ALL SELECT unnest('{WI,IL,MI,IN,OH,KY,TN,MS,AL,GA,FL,SC,NC,VA,WV,PA,NY,VT,NH,ME,MA,RI,CT,NJ,DE,MD,DC}'::char(2)[]), 3;

CREATE TABLE shipping_rates (
    zone         smallint NOT NULL CHECK (zone >= 1),
    from_cases   integer  NOT NULL CHECK (from_cases >= 1),
    to_cases     integer  CHECK (to_cases >= from_cases),  -- null: and more
    amount_cents bigint   NOT NULL CHECK (amount_cents >= 0),
    PRIMARY KEY (zone, from_cases)
);
INSERT INTO shipping_rates (zone, from_cases, to_cases, amount_cents) VALUES
    (1, 1, 20, 9500), (1, 21, 50, 14500), (1, 51, NULL, 19500),
    (2, 1, 20, 12500), (2, 21, 50, 19500), (2, 51, NULL, 26500),
    (3, 1, 20, 16000), (3, 21, 50, 25000), (3, 51, NULL, 34500);

CREATE TABLE shipping_addresses (
    id                   uuid        PRIMARY KEY,
    partner_id           uuid        NOT NULL REFERENCES partners,
    label                text        NOT NULL,
    recipient_name       text        NOT NULL,
    company              text,
    address1             text        NOT NULL,
    address2             text,
    city                 text        NOT NULL,
    state                char(2)     NOT NULL,
    zip_code             text        NOT NULL,
    country              char(2)     NOT NULL DEFAULT 'US',
    phone                text,
    is_default           boolean     NOT NULL DEFAULT false,
    dock_instructions    text,
    dock_hours           text,
    dock_windows         jsonb,
    requires_appointment boolean     NOT NULL DEFAULT false,
    latitude             double precision,
    longitude            double precision,
    archived_at          timestamptz,
    created_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (id, partner_id),                               -- an order's address is one of its partner's
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
-- A partner's addresses; and one default at most.
CREATE INDEX shipping_addresses_partner_idx ON shipping_addresses (partner_id);
CREATE UNIQUE INDEX shipping_addresses_default_idx ON shipping_addresses (partner_id)
    WHERE is_default AND archived_at IS NULL;
CREATE TRIGGER shipping_addresses_touch BEFORE UPDATE ON shipping_addresses
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Production (D-37).
CREATE TABLE production_batches (
    id          uuid        PRIMARY KEY,
    code        text        NOT NULL UNIQUE,
    planned_on  date        NOT NULL,
    started_at  timestamptz,
    finished_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (finished_at >= started_at)
);
CREATE TRIGGER production_batches_touch BEFORE UPDATE ON production_batches
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE lots (
    id         uuid        PRIMARY KEY,
    lot_code   text        NOT NULL UNIQUE,
    product_id uuid        NOT NULL REFERENCES products,
    batch_id   uuid        REFERENCES production_batches,
    made_on    date        NOT NULL,
    expires_on date        NOT NULL CHECK (expires_on > made_on),
    quantity   integer     NOT NULL CHECK (quantity > 0),
    remaining  integer     NOT NULL CHECK (remaining BETWEEN 0 AND quantity),
    state      text        NOT NULL DEFAULT 'released' CHECK (state IN ('released', 'hold', 'recalled')),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- First expired, first out.
CREATE INDEX lots_product_idx ON lots (product_id, expires_on) WHERE remaining > 0;
CREATE TRIGGER lots_touch BEFORE UPDATE ON lots FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Orders: from here on the engine alone makes them.
ALTER TABLE orders DROP CONSTRAINT orders_type_check;
ALTER TABLE orders
    ALTER COLUMN partner_id DROP NOT NULL,
    ALTER COLUMN type DROP DEFAULT,
    ADD CONSTRAINT orders_type_check CHECK (type IN ('B2B', 'D2C')),
    ADD COLUMN customer_id               uuid        REFERENCES customers,
    ADD COLUMN placed_by_kind            text        NOT NULL,
    ADD COLUMN placed_by                 uuid,
    ADD COLUMN idempotency_key           text,
    ADD COLUMN discount_bp               integer,
    ADD COLUMN refunded_cents            bigint      NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
    ADD COLUMN payment_method            text        CHECK (payment_method IN
        ('credit_card', 'bank_transfer', 'NET30', 'NET60', 'afterpay', 'klarna', 'check')),
    ADD COLUMN status                    text        NOT NULL CHECK (status IN
        ('pending', 'confirmed', 'production', 'quality_check', 'shipped', 'delivered', 'cancelled')),
    ADD COLUMN status_seq                integer     NOT NULL CHECK (status_seq >= 1),
    ADD COLUMN status_since              timestamptz NOT NULL,
    -- Null until the payment's lifecycle begins, in the transaction that makes the order.
    ADD COLUMN payment_status            text        CHECK (payment_status IN ('pending', 'paid', 'failed', 'refunded')),
    ADD COLUMN payment_status_seq        integer     CHECK (payment_status_seq >= 1),
    ADD COLUMN payment_status_since      timestamptz,
    ADD COLUMN paid_at                   timestamptz,
    ADD COLUMN held_since                timestamptz,
    ADD COLUMN released_at               timestamptz,      -- the goods may leave the building
    ADD COLUMN cancelled_at              timestamptz,
    ADD COLUMN cancelled_reason          text,
    ADD COLUMN production_batch_id       uuid        REFERENCES production_batches,
    ADD COLUMN estimated_production_date date,
    ADD COLUMN actual_production_date    date,
    ADD COLUMN shipping_address_id       uuid,             -- null: the partner's own address
    ADD COLUMN ship_to_state             char(2),          -- frozen: tax and shipping were worked out for it
    ADD COLUMN estimated_delivery        date,
    ADD COLUMN actual_delivery           timestamptz,
    ADD COLUMN special_instructions      text,
    ADD COLUMN is_sample                 boolean     NOT NULL DEFAULT false,
    ADD COLUMN allow_backorder           boolean     NOT NULL DEFAULT false,
    ADD COLUMN sales_rep_id              uuid        REFERENCES sales_reps,
    ADD FOREIGN KEY (shipping_address_id, partner_id) REFERENCES shipping_addresses (id, partner_id),
    ADD CHECK ((type = 'B2B') = (partner_id IS NOT NULL)),
    ADD CHECK ((type = 'D2C') = (customer_id IS NOT NULL)),
    ADD CHECK (type = 'B2B' OR payment_terms = 'prepaid'),
    ADD CHECK (total_cents >= 0),
    ADD CHECK ((payment_status IS NULL) = (payment_status_seq IS NULL)
        AND (payment_status IS NULL) = (payment_status_since IS NULL));
-- A consumer's orders; a buyer's orders by day (budgets); a rep's orders.
CREATE INDEX orders_customer_idx ON orders (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_placed_by_idx ON orders (placed_by, placed_on) WHERE placed_by IS NOT NULL;
CREATE INDEX orders_rep_idx ON orders (sales_rep_id, placed_on);
-- The work list: what is not finished.
CREATE INDEX orders_open_idx ON orders (status, status_since) WHERE status NOT IN ('delivered', 'cancelled');
CREATE CONSTRAINT TRIGGER orders_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('order', 'status');
CREATE CONSTRAINT TRIGGER orders_payment_status_backstop
    AFTER INSERT OR UPDATE OF payment_status, payment_status_seq ON orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('order_payment', 'payment_status');
-- A move, which raises the number, derives the timers by itself.
CREATE TRIGGER orders_refresh_timers AFTER UPDATE OF held_since ON orders
    FOR EACH ROW WHEN (OLD.held_since IS DISTINCT FROM NEW.held_since AND OLD.status_seq = NEW.status_seq)
    EXECUTE FUNCTION workflow_refresh_timers('order');

ALTER TABLE order_items ADD COLUMN product_id uuid NOT NULL REFERENCES products;
-- What was sold of a product.
CREATE INDEX order_items_product_idx ON order_items (product_id);

-- Why an order waits. One open hold per reason.
CREATE TABLE order_holds (
    id               uuid        PRIMARY KEY,
    order_id         uuid        NOT NULL REFERENCES orders,
    reason           text        NOT NULL CHECK (reason IN
        ('credit_limit', 'overdue_invoice', 'prepaid_unpaid', 'approval', 'quality', 'stock')),
    detail           jsonb       NOT NULL DEFAULT '{}',
    placed_at        timestamptz NOT NULL,
    released_at      timestamptz,
    released_by_kind text,
    released_by      uuid,
    release_reason   text,
    CHECK (released_at >= placed_at),
    CHECK ((released_at IS NULL) = (released_by_kind IS NULL))
);
-- An order's open holds; one per reason.
CREATE UNIQUE INDEX order_holds_open_idx ON order_holds (order_id, reason) WHERE released_at IS NULL;
-- All holds of an order.
CREATE INDEX order_holds_order_idx ON order_holds (order_id);

-- The rates that were used (R-05).
CREATE TABLE order_taxes (
    order_id     uuid    NOT NULL REFERENCES orders,
    jurisdiction text    NOT NULL,
    rate_bp      integer NOT NULL,
    base_cents   bigint  NOT NULL,
    tax_cents    bigint  NOT NULL,
    PRIMARY KEY (order_id, jurisdiction, rate_bp)
);

-- Stock by place; movements are the truth, the sums of products follow in the same transaction (R-10).
CREATE TABLE stock_locations (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL UNIQUE,
    is_default boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- One default.
CREATE UNIQUE INDEX stock_locations_default_idx ON stock_locations (is_default) WHERE is_default;
CREATE TRIGGER stock_locations_touch BEFORE UPDATE ON stock_locations
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
INSERT INTO stock_locations (id, name, is_default) VALUES (gen_random_uuid(), 'Main freezer', true);

-- Signed: on hand is the sum of adjust, receive, return and sale; allocated that of allocate, release and sale.
CREATE TABLE stock_movements (
    id          uuid        PRIMARY KEY,
    product_id  uuid        NOT NULL REFERENCES products,
    location_id uuid        NOT NULL REFERENCES stock_locations,
    lot_id      uuid        REFERENCES lots,
    kind        text        NOT NULL CHECK (kind IN ('adjust', 'receive', 'allocate', 'release', 'sale', 'return')),
    quantity    integer     NOT NULL CHECK (quantity <> 0),
    order_id    uuid        REFERENCES orders,
    actor_kind  text        NOT NULL,
    actor_id    uuid,
    reason      text,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (kind = 'adjust' OR (quantity > 0) = (kind IN ('receive', 'allocate', 'return')))
);
-- The movements of a product and of an order, oldest first.
CREATE INDEX stock_movements_product_idx ON stock_movements (product_id, created_at);
CREATE INDEX stock_movements_order_idx ON stock_movements (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE stock_reservations (
    id            uuid        PRIMARY KEY,
    order_item_id uuid        NOT NULL REFERENCES order_items,
    location_id   uuid        NOT NULL REFERENCES stock_locations,
    quantity      integer     NOT NULL CHECK (quantity >= 0),  -- what is still set aside; parcels take from it
    expires_at    timestamptz,                                 -- of a held order: when it is given back (R-10)
    released_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- What is set aside for a line; once at a time and place.
CREATE UNIQUE INDEX stock_reservations_open_idx ON stock_reservations (order_item_id, location_id)
    WHERE released_at IS NULL;

-- A consumer's payment names its order, which has no invoice.
ALTER TABLE payments
    ALTER COLUMN partner_id DROP NOT NULL,
    ADD COLUMN customer_id uuid REFERENCES customers,
    ADD COLUMN order_id    uuid REFERENCES orders,
    ADD CHECK (num_nonnulls(partner_id, customer_id) = 1);
-- The payments of a consumer's order; a partner's payments (its credit).
CREATE INDEX payments_order_idx ON payments (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX payments_partner_idx ON payments (partner_id) WHERE unapplied_cents > 0;

-- Whether a fee was charged that still counts (D-15).
ALTER TABLE invoices ADD COLUMN late_fee_applied boolean NOT NULL GENERATED ALWAYS AS (late_fee_cents > 0) STORED;

-- Money that goes back (D-34), each part out of the payment that brought it.
CREATE TABLE refunds (
    id                 uuid        PRIMARY KEY,
    payment_id         uuid        NOT NULL REFERENCES payments,
    order_id           uuid        NOT NULL REFERENCES orders,
    amount_cents       bigint      NOT NULL CHECK (amount_cents > 0),
    reason             text        NOT NULL,
    state              text        NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed')),
    external_reference text        UNIQUE,
    recorded_by_kind   text        NOT NULL,
    recorded_by        uuid,
    recorded_at        timestamptz NOT NULL
);
-- The refunds of an order.
CREATE INDEX refunds_order_idx ON refunds (order_id);
-- What of a payment went back.
CREATE INDEX refunds_payment_idx ON refunds (payment_id);

GRANT SELECT ON products, price_lists, price_list_items, price_changes, tax_rates, resale_certificates, shipping_zones,
    shipping_rates, shipping_addresses, production_batches, lots, order_holds, order_taxes, stock_locations,
    stock_movements, stock_reservations, refunds TO drizzl_app;
-- What people edit; money and stock that move with an order are the engine's.
GRANT INSERT, UPDATE ON price_lists, price_list_items, price_changes, resale_certificates, shipping_addresses,
    production_batches, lots, stock_locations TO drizzl_app;
GRANT INSERT, UPDATE, DELETE ON tax_rates, shipping_zones, shipping_rates TO drizzl_app;
GRANT INSERT ON products, stock_movements TO drizzl_app;
GRANT UPDATE (name, sku, category, subcategory, msrp_cents, retail_price_cents, wholesale_price_cents,
    cost_per_unit_cents, tax_class, description, short_desc, benefits, ingredients, allergens, nutrition, serving_size,
    servings_per_unit, calories, protein_g, carbs_g, fat_g, sugar_g, certifications, image_file_id, image_file_ids,
    thumbnail_file_id, video_url, weight_lb, dimensions, case_pack_size, case_dimensions, case_weight_lb,
    units_per_pallet, storage_temp, max_temp_f, shelf_life_days, stock, reorder_point, lead_time_days, min_order_qty,
    backorder_limit, badges, is_featured, is_active, launch_date, total_sold, revenue_cents, review_count, avg_rating)
    ON products TO drizzl_app;
GRANT UPDATE (production_batch_id, estimated_production_date, special_instructions) ON orders TO drizzl_app;
REVOKE INSERT ON orders, order_items FROM drizzl_app;
GRANT INSERT, UPDATE ON orders, order_holds, stock_reservations, products, refunds TO drizzl_engine;
GRANT INSERT, DELETE ON order_items, order_taxes, stock_reservations TO drizzl_engine;
GRANT INSERT ON stock_movements TO drizzl_engine;
