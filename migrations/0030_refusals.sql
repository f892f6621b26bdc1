-- What a refusal said, and in which state the record was: the list is read when the record has long moved on (O-17, O-20).
ALTER TABLE workflow_refusals
    ADD COLUMN state    text,
    ADD COLUMN messages text[] NOT NULL DEFAULT '{}';
GRANT SELECT (state, messages) ON workflow_refusals TO drizzl_visitor;
