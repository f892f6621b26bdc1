-- Searches that keep under 20 ms at a million rows; tax ids shown masked; links in mails sealed.

-- What row security hides from somebody may not be compared by any operator that could tell of it, and LIKE is one: behind
-- a policy it is asked row by row, and no index of trigrams is. So the search itself is done as the owner, in a function
-- that adds whose rows they are, and gives back ids; the statement that reads them stands behind both walls as ever.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- The words of a row that are searched, each on a line of its own, so that a word's beginning can be told. Letters are the
-- same large and small in English alone: any other collation takes as long as all the rest.
CREATE FUNCTION searched_text(one text, other text DEFAULT NULL) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT E'\n' || lower(one COLLATE "C") || E'\n' || lower(coalesce(other, '') COLLATE "C")
$$;
-- The pattern for what somebody typed: a part of a line; the beginning of one where no three letters or digits stand
-- together, for then no trigram tells rows apart. NULL, which finds nothing, where there is no letter or digit at all.
CREATE FUNCTION search_pattern(term text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '%' || CASE WHEN term ~ '[[:alnum:]]{3}' THEN '' WHEN term ~ '[[:alnum:]]' THEN E'\n' END
        || regexp_replace(replace(lower(term COLLATE "C"), E'\n', ' '), '([\\%_])', '\\\1', 'g') || '%'
$$;

-- The partner stands in the index too: of others' rows nothing is read, so they cost no time that could be measured.
CREATE INDEX orders_searched_idx ON orders USING gin (partner_id, searched_text(order_number, po_number) gin_trgm_ops);
CREATE INDEX invoices_searched_idx ON invoices USING gin (partner_id, searched_text(invoice_number) gin_trgm_ops);

-- Of each table that is searched so: the ids of all rows of the visitor's that a pattern finds; NULL when they are more than
-- `most`, for then the first ones stand close together in any order, and are found by walking it.
DO $$
DECLARE
    searched record;
BEGIN
    FOR searched IN SELECT * FROM (VALUES
        ('orders', 'searched_text(t.order_number, t.po_number)'), ('invoices', 'searched_text(t.invoice_number)')
    ) AS them (name, words) LOOP
        EXECUTE format($def$
            CREATE FUNCTION visitor.find_%1$s(pattern text, most integer) RETURNS uuid[]
            LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
            DECLARE
                found uuid[];
            BEGIN
                IF pattern IS NULL THEN RETURN '{}'; END IF;
                -- EXECUTE, so that each pattern gets the plan that suits how common it is.
                CASE visitor.kind()
                    WHEN 'admin' THEN
                        EXECUTE 'SELECT array_agg(x.id) FROM (SELECT t.id FROM %1$s t
                            WHERE %2$s LIKE $1 LIMIT $2 + 1) x' INTO found USING pattern, most;
                    WHEN 'partner_user' THEN
                        EXECUTE 'SELECT array_agg(x.id) FROM (SELECT t.id FROM %1$s t
                            WHERE t.partner_id = $3 AND %2$s LIKE $1 LIMIT $2 + 1) x'
                            INTO found USING pattern, most, visitor.partner();
                    WHEN 'sales_rep' THEN
                        EXECUTE 'SELECT array_agg(x.id) FROM (SELECT t.id FROM unnest($3) p (id)
                            CROSS JOIN LATERAL (SELECT o.id FROM %1$s o WHERE o.partner_id = p.id
                                AND %3$s LIKE $1 LIMIT $2 + 1) t LIMIT $2 + 1) x'
                            INTO found USING pattern, most, visitor.partners();
                    ELSE RETURN '{}';
                END CASE;
                RETURN CASE WHEN cardinality(found) > most THEN NULL ELSE coalesce(found, '{}') END;
            END $body$
            $def$, searched.name, searched.words, replace(searched.words, 't.', 'o.'));
    END LOOP;
END $$;

-- Every way in which a list of orders can be sorted begins at its first row; with a partner's own thirty thousand that is
-- worth an index where the list is also narrowed by it.
CREATE INDEX orders_created_idx ON orders (created_at, id);
CREATE INDEX orders_updated_idx ON orders (updated_at, id);
CREATE INDEX orders_status_since_idx ON orders (status_since, id);
CREATE INDEX orders_partner_status_since_idx ON orders (partner_id, status_since, id);

-- The last four digits of a tax id are what is shown of it (SEC-08); the whole stays sealed, and is no visitor's to read but
-- by a door of its own, which asks for the permission and keeps that it was opened.
ALTER TABLE partners
    ADD COLUMN tax_id_end text CHECK (tax_id_end ~ '^[0-9]{4}$'),
    ADD CONSTRAINT partners_tax_id_is_whole CHECK (tax_id_end IS NULL OR tax_id_enc IS NOT NULL);
REVOKE SELECT (tax_id_enc), UPDATE (tax_id_enc) ON partners FROM drizzl_visitor;
GRANT SELECT (tax_id_end) ON partners TO drizzl_visitor;
GRANT UPDATE (tax_id_end) ON partners TO drizzl_app;

-- A link that lets somebody in is its receiver's alone: its token is kept sealed until the mail has left, and then no more.
ALTER TABLE outbound_emails ADD COLUMN secret_enc bytea;
GRANT UPDATE (secret_enc) ON outbound_emails TO drizzl_app;
UPDATE outbound_emails SET body_text = regexp_replace(body_text, 'token=[A-Za-z0-9_-]+', 'token=(hidden)', 'g'),
    body_html = regexp_replace(body_html, 'token=[A-Za-z0-9_-]+', 'token=(hidden)', 'g')
WHERE state <> 'sending' AND body_text LIKE '%token=%';
