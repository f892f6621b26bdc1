-- What hangs on an account: integrations, conversations, tickets, notices, and links to set a password
-- (D-22 to D-26, D-28, D-39, D-42).
CREATE TABLE partner_integrations (
    id                   uuid        PRIMARY KEY,
    partner_id           uuid        NOT NULL REFERENCES partners,
    platform             text        NOT NULL CHECK (platform IN ('square', 'clover', 'quickbooks', 'shopify', 'other')),
    platform_name        text        NOT NULL,
    status               text        NOT NULL CHECK (status IN ('connected', 'disconnected', 'error')),
    status_seq           integer     NOT NULL CHECK (status_seq >= 1),
    status_since         timestamptz NOT NULL,
    access_token_enc     bytea,                            -- sealed (SEC-09)
    refresh_token_enc    bytea,
    expires_at           timestamptz,
    sync_enabled         boolean     NOT NULL DEFAULT true,
    sync_frequency       text        NOT NULL DEFAULT 'hourly' CHECK (sync_frequency IN ('realtime', 'hourly', 'daily')),
    last_sync_at         timestamptz,
    next_sync_at         timestamptz,
    sync_sales           boolean     NOT NULL DEFAULT true,
    sync_inventory       boolean     NOT NULL DEFAULT true,
    sync_products        boolean     NOT NULL DEFAULT true,
    sync_customers       boolean     NOT NULL DEFAULT false,
    settings             jsonb       NOT NULL DEFAULT '{}',
    consecutive_failures integer     NOT NULL DEFAULT 0 CHECK (consecutive_failures >= 0),
    created_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (status <> 'disconnected' OR (access_token_enc IS NULL AND refresh_token_enc IS NULL))
);
-- A partner connects a system once; connecting again after disconnecting makes a new row. Also lists a partner's.
CREATE UNIQUE INDEX partner_integrations_once_idx
    ON partner_integrations (partner_id, platform, lower(platform_name)) WHERE status <> 'disconnected';
CREATE TRIGGER partner_integrations_touch BEFORE UPDATE ON partner_integrations
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER partner_integrations_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON partner_integrations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('integration', 'status');
CREATE TRIGGER partner_integrations_refresh_timers AFTER UPDATE OF next_sync_at, expires_at ON partner_integrations
    FOR EACH ROW
    WHEN (OLD.next_sync_at IS DISTINCT FROM NEW.next_sync_at OR OLD.expires_at IS DISTINCT FROM NEW.expires_at)
    EXECUTE FUNCTION workflow_refresh_timers('integration');

CREATE TABLE integration_sync_logs (                       -- append-only: one row for each attempt (L-11)
    id             uuid        PRIMARY KEY,
    integration_id uuid        NOT NULL REFERENCES partner_integrations,
    sync_type      text        NOT NULL CHECK (sync_type IN ('sales', 'inventory', 'products', 'customers')),
    status         text        NOT NULL CHECK (status IN ('success', 'error', 'partial')),
    records_synced integer     NOT NULL DEFAULT 0 CHECK (records_synced >= 0),
    records_failed integer     NOT NULL DEFAULT 0 CHECK (records_failed >= 0),
    error_message  text,
    duration_ms    integer     CHECK (duration_ms >= 0),
    synced_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- The attempts of an integration, newest first.
CREATE INDEX integration_sync_logs_integration_idx ON integration_sync_logs (integration_id, synced_at DESC);

CREATE TABLE conversations (
    id                uuid        PRIMARY KEY,
    kind              text        NOT NULL CHECK (kind IN ('direct', 'group', 'shared_inbox', 'broadcast_reply')),
    direct_key        text        UNIQUE,                  -- the sorted pair, of a direct one without a subject alone
    subject           text,
    related_type      text        CHECK (related_type IN ('lead', 'deal', 'order', 'partner')),
    related_id        uuid,
    partner_id        uuid        REFERENCES partners,     -- by whom it is seen
    lead_id           uuid        REFERENCES leads,        -- by whom it is seen
    inbox             text        CHECK (inbox IN ('support', 'admin_team')),
    assigned_admin_id uuid        REFERENCES admins,
    is_urgent         boolean     NOT NULL DEFAULT false,
    status            text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
    last_message_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seq          bigint      NOT NULL DEFAULT 0,
    share_history     boolean     NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((related_type IS NULL) = (related_id IS NULL)),
    CHECK ((kind = 'shared_inbox') = (inbox IS NOT NULL))
);
-- The conversations of a partner, the newest word first.
CREATE INDEX conversations_partner_idx ON conversations (partner_id, last_message_at DESC) WHERE partner_id IS NOT NULL;
CREATE TRIGGER conversations_touch BEFORE UPDATE ON conversations FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE conversation_participants (
    conversation_id uuid        NOT NULL REFERENCES conversations,
    member_kind     text        NOT NULL CHECK (member_kind IN ('admin', 'sales_rep', 'partner_user', 'lead')),
    member_id       uuid        NOT NULL,
    role            text        NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'owner', 'observer')),
    joined_seq      bigint      NOT NULL DEFAULT 0,
    left_at         timestamptz,
    last_read_seq   bigint      NOT NULL DEFAULT 0,
    last_read_at    timestamptz,
    inbox_status    text        NOT NULL DEFAULT 'active' CHECK (inbox_status IN ('active', 'archived')),
    muted           boolean     NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (conversation_id, member_kind, member_id)
);
-- The conversations in which somebody takes part.
CREATE INDEX conversation_participants_member_idx ON conversation_participants (member_kind, member_id);
CREATE TRIGGER conversation_participants_touch BEFORE UPDATE ON conversation_participants
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE messages (
    id              uuid        PRIMARY KEY,
    conversation_id uuid        NOT NULL REFERENCES conversations,
    seq             bigint      NOT NULL CHECK (seq >= 1),
    sender_kind     text        NOT NULL
        CHECK (sender_kind IN ('admin', 'sales_rep', 'partner_user', 'lead', 'customer', 'system', 'service')),
    sender_id       uuid,
    sender_name     text        NOT NULL,                  -- as it was
    body            text        NOT NULL,
    message_type    text        NOT NULL DEFAULT 'text' CHECK (message_type IN ('text', 'system', 'notification')),
    link_preview    jsonb,
    client_op_id    uuid        UNIQUE,
    via             text        NOT NULL DEFAULT 'app' CHECK (via IN ('app', 'email')),
    sent_at         timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (conversation_id, seq)                          -- the order of messages, which no clock decides
);
CREATE TRIGGER messages_touch BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE support_tickets (
    id              uuid        PRIMARY KEY,
    number          text        NOT NULL UNIQUE,
    partner_id      uuid        NOT NULL REFERENCES partners,
    opened_by       uuid        NOT NULL REFERENCES partner_users,
    subject         text        NOT NULL,
    category        text        NOT NULL DEFAULT 'other'
        CHECK (category IN ('order', 'invoice', 'delivery', 'product', 'account', 'other')),
    status          text        NOT NULL CHECK (status IN ('open', 'waiting', 'resolved', 'closed')),
    status_seq      integer     NOT NULL CHECK (status_seq >= 1),
    status_since    timestamptz NOT NULL,
    assignee_id     uuid        REFERENCES admins,
    conversation_id uuid        NOT NULL UNIQUE REFERENCES conversations,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- The tickets of a partner, in the order of their ids, which is that of time.
CREATE INDEX support_tickets_partner_idx ON support_tickets (partner_id, id);
-- The admins' queue: what is not done, the one that waits longest first.
CREATE INDEX support_tickets_queue_idx ON support_tickets (status_since) WHERE status IN ('open', 'waiting');
CREATE TRIGGER support_tickets_touch BEFORE UPDATE ON support_tickets
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
CREATE CONSTRAINT TRIGGER support_tickets_status_backstop
    AFTER INSERT OR UPDATE OF status, status_seq ON support_tickets
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_backstop('ticket', 'status');

CREATE TABLE notifications (
    id             uuid        PRIMARY KEY,
    recipient_kind text        NOT NULL CHECK (recipient_kind IN ('admin', 'sales_rep', 'partner_user')),
    recipient_id   uuid        NOT NULL,
    type           text        NOT NULL,
    title          text        NOT NULL,
    message        text        NOT NULL,
    action_url     text,
    related_type   text,
    related_id     uuid,
    is_critical    boolean     NOT NULL DEFAULT false,
    is_read        boolean     NOT NULL DEFAULT false,
    read_at        timestamptz,
    dedupe_key     text        COLLATE "C" NOT NULL CHECK (octet_length(dedupe_key) <= 500),
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (recipient_kind, recipient_id, dedupe_key),     -- nobody is told the same thing twice
    CHECK (is_read = (read_at IS NOT NULL)),
    CHECK ((related_type IS NULL) = (related_id IS NULL))
);
-- Somebody's notices, newest first: ids are in the order of time.
CREATE INDEX notifications_recipient_idx ON notifications (recipient_kind, recipient_id, id DESC);
CREATE TRIGGER notifications_touch BEFORE UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE notification_deliveries (
    id              uuid        PRIMARY KEY,
    notification_id uuid        NOT NULL REFERENCES notifications,
    channel         text        NOT NULL CHECK (channel IN ('in_app', 'email', 'sms', 'push')),
    state           text        NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'suppressed')),
    reason          text,
    provider_id     text,
    sent_at         timestamptz,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (notification_id, channel),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE TRIGGER notification_deliveries_touch BEFORE UPDATE ON notification_deliveries
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE password_resets (                             -- links to set a password; the token itself is never kept
    id         uuid        PRIMARY KEY,
    user_kind  text        NOT NULL CHECK (user_kind IN ('admin', 'sales_rep', 'partner_user')),
    user_id    uuid        NOT NULL,
    token_hash bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    purpose    text        NOT NULL CHECK (purpose IN ('reset', 'invitation')),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- The links of a person, to end them all when one was used.
CREATE INDEX password_resets_user_idx ON password_resets (user_kind, user_id);
CREATE TRIGGER password_resets_touch BEFORE UPDATE ON password_resets
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- What was offered is a product (D-31); proposals came before products.
ALTER TABLE proposal_items ADD FOREIGN KEY (product_id) REFERENCES products;
-- In which proposals a product is offered, and for the check of the foreign key.
CREATE INDEX proposal_items_product_idx ON proposal_items (product_id);

-- States, tokens and what a ticket's state rests on are the engine's; words, reading and delivery are the application's.
GRANT SELECT ON partner_integrations, integration_sync_logs, conversations, conversation_participants, messages,
    support_tickets, notifications, notification_deliveries, password_resets TO drizzl_app;
GRANT INSERT ON integration_sync_logs, conversations, conversation_participants, messages, notifications,
    notification_deliveries, password_resets TO drizzl_app;
GRANT UPDATE (access_token_enc, refresh_token_enc, expires_at, sync_enabled, sync_frequency, last_sync_at, next_sync_at,
    sync_sales, sync_inventory, sync_products, sync_customers, settings) ON partner_integrations TO drizzl_app;
GRANT UPDATE (subject, is_urgent, assigned_admin_id, status, last_message_at, last_seq, share_history)
    ON conversations TO drizzl_app;
GRANT UPDATE (role, left_at, last_read_seq, last_read_at, inbox_status, muted)
    ON conversation_participants TO drizzl_app;
GRANT UPDATE (link_preview) ON messages TO drizzl_app;
GRANT UPDATE (assignee_id, category) ON support_tickets TO drizzl_app;
GRANT UPDATE (is_read, read_at) ON notifications TO drizzl_app;
GRANT UPDATE (state, reason, provider_id, sent_at) ON notification_deliveries TO drizzl_app;
GRANT UPDATE (used_at) ON password_resets TO drizzl_app;
GRANT INSERT, UPDATE ON partner_integrations, support_tickets TO drizzl_engine;
