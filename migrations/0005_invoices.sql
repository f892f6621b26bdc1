-- Money owed for an order (D-15, D-34, L-07), and what is rendered and sent about it.
CREATE TABLE files (
    id           uuid        PRIMARY KEY,
    storage_key  text        NOT NULL UNIQUE,              -- random: an address tells nothing
    document_key text        UNIQUE,                       -- of rendered documents: document, record, version; made once
    name         text        NOT NULL,
    mime         text        NOT NULL,
    size_bytes   bigint      NOT NULL CHECK (size_bytes >= 0),
    sha256       bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    machine      text        NOT NULL,                     -- the record it belongs to
    record_id    uuid        NOT NULL,
    content      bytea       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (octet_length(content) = size_bytes)
);
-- A PDF does not get smaller; do not spend time trying.
ALTER TABLE files ALTER COLUMN content SET STORAGE EXTERNAL;
-- The files of a record.
CREATE INDEX files_record_idx ON files (machine, record_id);

CREATE TABLE invoices (
    id                uuid        PRIMARY KEY,
    invoice_number    text        NOT NULL UNIQUE,
    partner_id        uuid        NOT NULL REFERENCES partners,
    order_id          uuid        NOT NULL UNIQUE REFERENCES orders,
    subtotal_cents    bigint      NOT NULL,
    tax_cents         bigint      NOT NULL,
    shipping_cents    bigint      NOT NULL,
    total_cents       bigint      NOT NULL CHECK (total_cents >= 0),
    amount_paid_cents bigint      NOT NULL DEFAULT 0 CHECK (amount_paid_cents >= 0),
    credited_cents    bigint      NOT NULL DEFAULT 0 CHECK (credited_cents BETWEEN 0 AND total_cents),
    late_fee_cents    bigint      NOT NULL DEFAULT 0 CHECK (late_fee_cents >= 0),
    amount_due_cents  bigint      NOT NULL
        GENERATED ALWAYS AS (total_cents + late_fee_cents - credited_cents - amount_paid_cents) STORED,
    payment_terms     text        NOT NULL CHECK (payment_terms IN ('NET30', 'NET60', 'prepaid')),
    issued_on         date        NOT NULL,
    due_date          date        NOT NULL,
    paid_at           timestamptz,
    disputed_at       timestamptz,
    dispute_reason    text,
    promise_to_pay_on date,
    written_off_at    timestamptz,
    dunning_block     boolean     NOT NULL DEFAULT false,
    pdf_file_id       uuid        REFERENCES files,
    status            text        NOT NULL CHECK (status IN ('pending', 'overdue', 'paid', 'cancelled')),
    status_seq        integer     NOT NULL CHECK (status_seq >= 1),
    status_since      timestamptz NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (amount_due_cents >= 0),
    CHECK (due_date >= issued_on),
    CHECK (subtotal_cents + tax_cents + shipping_cents = total_cents)
);
-- A partner's invoices, and its open ones by due date (reminders, oldest first).
CREATE INDEX invoices_partner_idx ON invoices (partner_id, due_date);
CREATE TRIGGER invoices_touch BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER invoices_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON invoices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('invoice', 'status');

CREATE TABLE invoice_late_fees (
    invoice_id      uuid        NOT NULL REFERENCES invoices,
    number          integer     NOT NULL CHECK (number BETWEEN 1 AND 12),
    assessed_on     date        NOT NULL,
    principal_cents bigint      NOT NULL CHECK (principal_cents > 0),
    amount_cents    bigint      NOT NULL CHECK (amount_cents > 0),
    paid_cents      bigint      NOT NULL DEFAULT 0 CHECK (paid_cents BETWEEN 0 AND amount_cents),
    waived_by       uuid,
    waived_reason   text,
    PRIMARY KEY (invoice_id, number)                       -- a fee cannot be charged twice
);

CREATE TABLE invoice_reminders (
    invoice_id uuid        NOT NULL REFERENCES invoices,
    stage      text        NOT NULL,
    sent_at    timestamptz NOT NULL,
    PRIMARY KEY (invoice_id, stage)                        -- a stage goes out once (R-13)
);

CREATE TABLE payments (
    id                 uuid        PRIMARY KEY,
    partner_id         uuid        NOT NULL REFERENCES partners,
    invoice_id         uuid        REFERENCES invoices,    -- the invoice it names
    amount_cents       bigint      NOT NULL CHECK (amount_cents > 0),
    unapplied_cents    bigint      NOT NULL DEFAULT 0 CHECK (unapplied_cents BETWEEN 0 AND amount_cents),
    method             text,
    external_reference text,
    state              text        NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed')),
    received_on        date,
    reversed_because   text        CHECK (reversed_because IN ('bounced', 'returned_to_customer')),
    recorded_by_kind   text        NOT NULL,
    recorded_by        uuid,
    recorded_at        timestamptz NOT NULL
);
-- A replay finds the first (R-14). By digest, for a reference may be longer than an index row.
CREATE UNIQUE INDEX payments_reference_idx ON payments (md5(external_reference));
-- The payments of an invoice.
CREATE INDEX payments_invoice_idx ON payments (invoice_id);

CREATE TABLE payment_allocations (
    payment_id   uuid    NOT NULL REFERENCES payments,
    invoice_id   uuid    NOT NULL REFERENCES invoices,
    kind         text    NOT NULL CHECK (kind IN ('principal', 'fee')),
    fee_number   integer NOT NULL DEFAULT 0,               -- 0 for principal
    amount_cents bigint  NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (payment_id, invoice_id, kind, fee_number),
    CHECK ((kind = 'fee') = (fee_number > 0))
);
-- What was paid on an invoice.
CREATE INDEX payment_allocations_invoice_idx ON payment_allocations (invoice_id);

CREATE TABLE credit_notes (
    id            uuid        PRIMARY KEY,
    number        text        NOT NULL UNIQUE,
    invoice_id    uuid        NOT NULL REFERENCES invoices,
    reason        text        NOT NULL
        CHECK (reason IN ('short_shipment', 'return', 'temperature', 'price', 'goodwill')),
    note          text,
    amount_cents  bigint      NOT NULL CHECK (amount_cents > 0),
    applied_cents bigint      NOT NULL CHECK (applied_cents BETWEEN 0 AND amount_cents),  -- the rest is the partner's credit
    issued_on     date        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX credit_notes_invoice_idx ON credit_notes (invoice_id);

-- Every mail: written before it is sent, so that a mail that left is never unknown.
CREATE TABLE outbound_emails (
    id         uuid        PRIMARY KEY,
    job_id     bigint      NOT NULL UNIQUE,                -- a job is one mail, however often it is tried
    machine    text        NOT NULL,
    record_id  uuid        NOT NULL,
    template   text        NOT NULL,
    message_id text        NOT NULL UNIQUE,                -- the same at each try, so that receivers can tell
    recipients text[]      NOT NULL CHECK (cardinality(recipients) > 0),
    subject    text        NOT NULL,
    body_text  text        NOT NULL,
    body_html  text        NOT NULL,
    file_ids   uuid[]      NOT NULL DEFAULT '{}',
    -- sending: handed to the server, answer unknown; kept: no server is set up, readable here alone;
    -- refused: the server never takes it; dropped: no longer true when its turn came again.
    state      text        NOT NULL CHECK (state IN ('sending', 'sent', 'kept', 'refused', 'dropped')),
    created_at timestamptz NOT NULL,
    sent_at    timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
-- The mail of a record, and the mailbox, newest first.
CREATE INDEX outbound_emails_record_idx ON outbound_emails (machine, record_id);
CREATE INDEX outbound_emails_created_idx ON outbound_emails (created_at DESC);

-- Money moves with the state, so the engine alone writes it; the application attaches files and keeps mail.
GRANT SELECT ON files, invoices, invoice_late_fees, invoice_reminders, payments, payment_allocations, credit_notes,
    outbound_emails TO drizzl_app;
GRANT INSERT ON files, invoice_reminders, outbound_emails TO drizzl_app;
GRANT UPDATE (state, sent_at) ON outbound_emails TO drizzl_app;
GRANT UPDATE (pdf_file_id) ON invoices TO drizzl_app;
GRANT INSERT, UPDATE ON invoices, invoice_late_fees, payments TO drizzl_engine;
GRANT INSERT, DELETE ON payment_allocations TO drizzl_engine;
GRANT INSERT ON credit_notes TO drizzl_engine;
