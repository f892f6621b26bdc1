-- Writes that no lifecycle governs, answered once: the same Idempotency-Key with the same content gets the first answer.
-- (Commands of the engine have workflow_commands for this.)
CREATE TABLE request_answers (
    user_kind   text        NOT NULL CHECK (user_kind IN ('admin', 'sales_rep', 'partner_user')),
    user_id     uuid        NOT NULL,
    key         uuid        NOT NULL,
    fingerprint bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),   -- of method, address and content
    status      smallint    NOT NULL CHECK (status BETWEEN 200 AND 299),
    body        text        NOT NULL,
    etag        text,
    location    text,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (user_kind, user_id, key)
);
-- What is old enough to be forgotten goes with its owner's next write.
CREATE INDEX request_answers_age_idx ON request_answers (user_kind, user_id, created_at);

ALTER TABLE request_answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON request_answers TO drizzl_app USING (true) WITH CHECK (true);
CREATE POLICY own ON request_answers TO drizzl_visitor
    USING (user_kind = (SELECT visitor.kind()) AND user_id = (SELECT visitor.id()))
    WITH CHECK (user_kind = (SELECT visitor.kind()) AND user_id = (SELECT visitor.id()));
GRANT SELECT, INSERT, DELETE ON request_answers TO drizzl_app, drizzl_visitor;
