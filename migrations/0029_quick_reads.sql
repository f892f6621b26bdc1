-- A request asks who it comes from and whose rows that is shown before it reads any; all of that together took three
-- times as long as the read.

-- Whoever an id belongs to, with what they may do: the one place that says so. In plain SQL and STABLE, so that it becomes
-- a part of the statement that asks, and with a kind that is written there only that kind's branch.
CREATE FUNCTION visitor.person(asked_kind text, asked_id uuid, standard text[], every text[])
RETURNS TABLE (kind text, id uuid, role text, permissions text[], partner_id uuid, team uuid[], name text, email text,
               time_zone text)
LANGUAGE sql STABLE AS $$
    SELECT 'admin', a.id, a.role,
           CASE a.role WHEN 'super_admin' THEN every
                       WHEN 'admin' THEN ARRAY(SELECT unnest(standard) UNION SELECT unnest(a.permissions))
                       ELSE a.permissions END,
           NULL::uuid, '{}'::uuid[], a.first_name || ' ' || a.last_name, a.email::text, a.time_zone
    FROM public.admins a WHERE asked_kind = 'admin' AND a.id = asked_id AND a.is_active
    UNION ALL
    SELECT 'sales_rep', r.id, r.role, '{}', NULL,
           CASE r.role WHEN 'manager' THEN ARRAY(
               WITH RECURSIVE below (id) AS (
                   SELECT r.id UNION SELECT s.id FROM public.sales_reps s JOIN below b ON s.manager_id = b.id
               )
               SELECT b.id FROM below b)
           ELSE ARRAY[r.id] END,
           r.first_name || ' ' || r.last_name, r.email::text, r.time_zone
    FROM public.sales_reps r WHERE asked_kind = 'sales_rep' AND r.id = asked_id AND r.is_active
    UNION ALL
    SELECT 'partner_user', u.id, u.role, '{}', u.partner_id, '{}', u.first_name || ' ' || u.last_name,
           u.email::text, u.time_zone
    FROM public.partner_users u JOIN public.partners p ON p.id = u.partner_id
    WHERE asked_kind = 'partner_user' AND u.id = asked_id AND u.is_active AND p.status <> 'closed'
$$;
GRANT EXECUTE ON FUNCTION visitor.person(text, uuid, text[], text[]) TO drizzl_app;

CREATE OR REPLACE FUNCTION visitor.become(asked_kind text, asked_id uuid, standard text[], every text[])
RETURNS TABLE (kind text, id uuid, role text, permissions text[], partner_id uuid, team uuid[], name text, email text,
               time_zone text)
LANGUAGE plpgsql AS $$
DECLARE
    found_one record;
BEGIN
    SELECT * INTO found_one FROM visitor.person(asked_kind, asked_id, standard, every);
    -- Whoever was here before in this transaction is gone in any case.
    PERFORM set_config('visitor.kind', coalesce(found_one.kind, ''), true),
            set_config('visitor.id', coalesce(found_one.id::text, ''), true),
            set_config('visitor.role', coalesce(found_one.role, ''), true),
            set_config('visitor.permissions', coalesce(found_one.permissions::text, ''), true),
            set_config('visitor.partner', coalesce(found_one.partner_id::text, ''), true),
            set_config('visitor.team', coalesce(found_one.team::text, ''), true);
    IF found_one.id IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT found_one.kind, found_one.id, found_one.role, found_one.permissions, found_one.partner_id,
        found_one.team, found_one.name, found_one.email, found_one.time_zone;
END $$;

-- The body of a function in plain SQL that cannot become a part of the statement is parsed and planned anew in each
-- statement that calls it; in PL/pgSQL its plan is kept with the session.
CREATE OR REPLACE FUNCTION visitor.partners() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN CASE visitor.kind()
        WHEN 'partner_user' THEN ARRAY[visitor.partner()]
        WHEN 'sales_rep' THEN ARRAY(SELECT p.id FROM partners p WHERE p.sales_rep_id = ANY (visitor.team()))
        ELSE '{}' END;
END $$;

CREATE OR REPLACE FUNCTION visitor.own_partners() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN CASE visitor.kind()
        WHEN 'partner_user' THEN ARRAY[visitor.partner()]
        WHEN 'sales_rep' THEN ARRAY(SELECT p.id FROM partners p WHERE p.sales_rep_id = visitor.id())
        ELSE '{}' END;
END $$;

CREATE OR REPLACE FUNCTION visitor.conversations() RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN ARRAY(SELECT m.conversation_id FROM conversation_participants m
                 WHERE m.member_kind = visitor.kind() AND m.member_id = visitor.id() AND m.left_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION visitor.tier() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN (SELECT p.tier FROM partners p WHERE p.id = visitor.partner());
END $$;

-- A user's own partner is asked first, and whose partners a rep has only of those for whom that is not the answer.
ALTER POLICY seen ON orders USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner())
    OR partner_id = ANY ((SELECT visitor.partners())::uuid[]));

-- Orders are what there will be most of, and every way in which a list of them can be asked for has to begin at its
-- first row. Each of these ends with the id, by which equal ones are ordered and pages go on.

-- Orders by day and by total: the whole company's, and one partner's.
CREATE INDEX orders_placed_on_idx ON orders (placed_on, id);
CREATE INDEX orders_total_idx ON orders (total_cents, id);
CREATE INDEX orders_partner_placed_on_idx ON orders (partner_id, placed_on, id);
DROP INDEX orders_partner_idx;
CREATE INDEX orders_partner_total_idx ON orders (partner_id, total_cents, id);
-- Orders of a state, of a payment state, of a kind: rare ones are not looked for among all.
CREATE INDEX orders_status_idx ON orders (status, id);
CREATE INDEX orders_partner_status_idx ON orders (partner_id, status, id);
CREATE INDEX orders_payment_status_idx ON orders (payment_status, id) WHERE payment_status IS NOT NULL;
CREATE INDEX orders_partner_payment_status_idx ON orders (partner_id, payment_status, id);
CREATE INDEX orders_type_idx ON orders (type, id);
CREATE INDEX orders_samples_idx ON orders (id) WHERE is_sample;
