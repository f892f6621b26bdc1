-- What an invoice is about: the partner who owes it, the partner's people, and the order with its lines.
-- Columns follow the data specification (D-03, D-12, D-13); those that only later parts need come with them.
CREATE TABLE partners (
    id                        uuid        PRIMARY KEY,
    business_name             text        NOT NULL,
    business_type             text        NOT NULL
        CHECK (business_type IN ('grocery', 'cafe', 'restaurant', 'gym', 'convenience')),
    contact_name              text        NOT NULL,
    email                     citext      NOT NULL UNIQUE,
    phone                     text        NOT NULL,
    address                   text        NOT NULL,
    city                      text        NOT NULL,
    state                     char(2)     NOT NULL,
    zip_code                  text        NOT NULL,
    country                   char(2)     NOT NULL DEFAULT 'US',
    time_zone                 text        NOT NULL,
    tier                      text        NOT NULL DEFAULT 'starter' CHECK (tier IN ('starter', 'growth', 'enterprise')),
    credit_limit_cents        bigint      NOT NULL DEFAULT 1000000 CHECK (credit_limit_cents >= 0),
    payment_terms             text        NOT NULL DEFAULT 'NET30' CHECK (payment_terms IN ('NET30', 'NET60', 'prepaid')),
    late_fee_terms_accepted_on date,
    created_at                timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at                timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER partners_touch BEFORE UPDATE ON partners FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE partner_users (
    id         uuid        PRIMARY KEY,
    partner_id uuid        NOT NULL REFERENCES partners,
    email      citext      NOT NULL UNIQUE,
    first_name text        NOT NULL,
    last_name  text        NOT NULL,
    role       text        NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'buyer', 'approver', 'finance')),
    time_zone  text        NOT NULL,
    is_active  boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- The people of a partner: recipients of its mail.
CREATE INDEX partner_users_partner_idx ON partner_users (partner_id);
CREATE TRIGGER partner_users_touch BEFORE UPDATE ON partner_users FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE orders (
    id             uuid        PRIMARY KEY,
    order_number   text        NOT NULL UNIQUE,
    type           text        NOT NULL DEFAULT 'B2B' CHECK (type IN ('B2B')),
    partner_id     uuid        NOT NULL REFERENCES partners,
    subtotal_cents bigint      NOT NULL,                   -- sum of MSRP x quantity
    discount_cents bigint      NOT NULL DEFAULT 0,
    tax_cents      bigint      NOT NULL,
    shipping_cents bigint      NOT NULL,
    total_cents    bigint      NOT NULL,
    payment_terms  text        NOT NULL CHECK (payment_terms IN ('NET30', 'NET60', 'prepaid')),
    po_number      text,
    placed_on      date        NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (subtotal_cents - discount_cents + tax_cents + shipping_cents = total_cents)
);
-- The orders of a partner, newest last.
CREATE INDEX orders_partner_idx ON orders (partner_id, placed_on);
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE order_items (
    id               uuid        PRIMARY KEY,
    order_id         uuid        NOT NULL REFERENCES orders,
    line_no          integer     NOT NULL CHECK (line_no >= 1),
    sku              text        NOT NULL,                 -- frozen with the price: later changes of the product alter no document
    description      text        NOT NULL,
    quantity         integer     NOT NULL CHECK (quantity > 0),
    msrp_cents       bigint      NOT NULL CHECK (msrp_cents >= 0),
    unit_price_cents bigint      NOT NULL CHECK (unit_price_cents >= 0),
    discount_cents   bigint      NOT NULL,
    subtotal_cents   bigint      NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (order_id, line_no),
    CHECK (subtotal_cents = unit_price_cents * quantity),
    CHECK (discount_cents = (msrp_cents - unit_price_cents) * quantity)
);

-- The engine takes the order's lock before the invoice's; a lock needs the right to update.
GRANT SELECT, INSERT ON partners, partner_users, orders, order_items TO drizzl_app;
GRANT UPDATE (business_name, contact_name, email, phone, address, city, state, zip_code, time_zone, tier,
    credit_limit_cents, payment_terms, late_fee_terms_accepted_on) ON partners TO drizzl_app;
GRANT UPDATE (email, first_name, last_name, role, time_zone, is_active) ON partner_users TO drizzl_app;
GRANT UPDATE (po_number) ON orders TO drizzl_app;
