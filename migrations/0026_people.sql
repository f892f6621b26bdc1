-- People are managed over HTTP (docs/accounts.md): who may make and change accounts, what is written down of it (SEC-10),
-- and leads that change hands.

-- What an admin of accounts, of reps, of a partner may write.
CREATE POLICY added ON admins FOR INSERT TO drizzl_visitor WITH CHECK ((SELECT visitor.may('admins.manage')));
CREATE POLICY changed ON admins FOR UPDATE TO drizzl_visitor USING ((SELECT visitor.may('admins.manage')));
CREATE POLICY added ON sales_reps FOR INSERT TO drizzl_visitor WITH CHECK ((SELECT visitor.may('reps.manage')));
CREATE POLICY added ON partner_users FOR INSERT TO drizzl_visitor WITH CHECK (
    (partner_id = (SELECT visitor.partner()) AND (SELECT visitor.role()) = 'owner')
    OR (SELECT visitor.may('partners.manage')));
GRANT INSERT (id, email, first_name, last_name, phone, time_zone, role, permissions, is_active),
    UPDATE (first_name, last_name, phone, time_zone, role, permissions, is_active) ON admins TO drizzl_visitor;
GRANT INSERT (id, email, first_name, last_name, phone, time_zone, employee_id, department, title, role, team_name,
    territory, territory_states, manager_id, hire_date, base_salary_cents, commission_rate_bp, is_active)
    ON sales_reps TO drizzl_visitor;
GRANT INSERT (id, partner_id, email, first_name, last_name, phone, time_zone, role, is_active, spend_limit_cents,
    spend_period) ON partner_users TO drizzl_visitor;

-- Who makes admins is a super_admin: by role, and not by grant.
UPDATE admins SET permissions = array_remove(permissions, 'admins.manage') WHERE 'admins.manage' = ANY (permissions);
ALTER TABLE admins ADD CONSTRAINT admins_manage_is_no_grant CHECK (NOT 'admins.manage' = ANY (permissions));

-- Writes down what somebody changed of a row, as itself: whoever changes it has no right to the log. Its arguments are what
-- the row is called, and the columns that count. Of a new row only what a visitor made: programs tell of theirs themselves.
CREATE FUNCTION visitor.write_down() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ELSE '{}' END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ELSE '{}' END;
    before  jsonb := '{}';
    after   jsonb := '{}';
BEGIN
    IF TG_OP = 'INSERT' AND visitor.kind() IS NULL THEN RETURN NULL; END IF;
    FOR i IN 1 .. TG_NARGS - 1 LOOP
        IF old_row -> TG_ARGV[i] IS DISTINCT FROM new_row -> TG_ARGV[i] THEN
            IF TG_OP <> 'INSERT' THEN before := before || jsonb_build_object(TG_ARGV[i], old_row -> TG_ARGV[i]); END IF;
            IF TG_OP <> 'DELETE' THEN after := after || jsonb_build_object(TG_ARGV[i], new_row -> TG_ARGV[i]); END IF;
        END IF;
    END LOOP;
    IF before = after THEN RETURN NULL; END IF;
    INSERT INTO audit_log (id, actor_kind, actor_id, action, subject_type, subject_id, before, after, at)
    VALUES (gen_random_uuid(), coalesce(visitor.kind(), 'system'), visitor.id(),
        TG_ARGV[0] || CASE TG_OP WHEN 'INSERT' THEN '.create' WHEN 'UPDATE' THEN '.change' ELSE '.remove' END,
        TG_ARGV[0], coalesce(new_row ->> 'id', old_row ->> 'id')::uuid, before, after, clock_timestamp());
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION visitor.write_down() FROM PUBLIC;

CREATE TRIGGER admins_write_down AFTER INSERT OR UPDATE OF role, permissions, is_active ON admins
    FOR EACH ROW EXECUTE FUNCTION visitor.write_down('admin', 'role', 'permissions', 'is_active');
-- What a rep earns is no admin's to read in the log, but who changed the rate is.
CREATE TRIGGER sales_reps_write_down
    AFTER INSERT OR UPDATE OF role, is_active, manager_id, commission_rate_bp ON sales_reps
    FOR EACH ROW EXECUTE FUNCTION visitor.write_down('sales_rep', 'role', 'is_active', 'manager_id',
        'commission_rate_bp');
CREATE TRIGGER partner_users_write_down
    AFTER INSERT OR UPDATE OF role, is_active, spend_limit_cents, spend_period ON partner_users
    FOR EACH ROW EXECUTE FUNCTION visitor.write_down('partner_user', 'role', 'is_active', 'spend_limit_cents',
        'spend_period');
CREATE TRIGGER leads_write_down AFTER UPDATE OF sales_rep_id ON leads
    FOR EACH ROW EXECUTE FUNCTION visitor.write_down('lead', 'sales_rep_id');

-- Gives a lead to another rep, by a manager of reps within the own team, or by an admin of leads. The policy of leads lets a
-- rep change own rows alone, and a column of others' rows cannot be let out of it; so this asks for itself, and says
-- whether it was done.
CREATE FUNCTION visitor.reassign_lead(of_lead uuid, to_rep uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE leads l SET sales_rep_id = to_rep
    WHERE l.id = of_lead
      AND EXISTS (SELECT FROM sales_reps r WHERE r.id = to_rep AND r.is_active)
      AND (visitor.may('leads.manage')
        OR (visitor.kind() = 'sales_rep' AND visitor.role() = 'manager'
            AND l.sales_rep_id = ANY (visitor.team()) AND to_rep = ANY (visitor.team())));
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION visitor.reassign_lead(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION visitor.reassign_lead(uuid, uuid) TO drizzl_visitor;

-- What is still open goes with its lead, or the new rep could not go on with it; what is done stays whose it was (C-12).
CREATE FUNCTION leads_take_along() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE deals SET sales_rep_id = NEW.sales_rep_id
    WHERE lead_id = NEW.id AND stage NOT IN ('closed_won', 'closed_lost') AND sales_rep_id = OLD.sales_rep_id;
    UPDATE proposals SET sales_rep_id = NEW.sales_rep_id
    WHERE lead_id = NEW.id AND status IN ('draft', 'sent', 'viewed') AND sales_rep_id = OLD.sales_rep_id;
    UPDATE sales_activities SET sales_rep_id = NEW.sales_rep_id
    WHERE lead_id = NEW.id AND status = 'scheduled' AND sales_rep_id = OLD.sales_rep_id;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION leads_take_along() FROM PUBLIC;
CREATE TRIGGER leads_take_along AFTER UPDATE OF sales_rep_id ON leads FOR EACH ROW
    WHEN (OLD.sales_rep_id IS DISTINCT FROM NEW.sales_rep_id) EXECUTE FUNCTION leads_take_along();

-- Whoever changes a setting or checks a certificate is named by the database, not by themselves.
CREATE FUNCTION visitor.sign_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF visitor.kind() IS NOT NULL THEN
        NEW.updated_by_kind := visitor.kind();
        NEW.updated_by := visitor.id();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settings_sign BEFORE UPDATE OF value ON settings FOR EACH ROW EXECUTE FUNCTION visitor.sign_setting();
CREATE FUNCTION visitor.sign_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF visitor.kind() = 'admin' AND NEW.checked_at IS DISTINCT FROM OLD.checked_at THEN
        NEW.checked_by := CASE WHEN NEW.checked_at IS NOT NULL THEN visitor.id() END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resale_certificates_sign BEFORE UPDATE OF checked_at ON resale_certificates
    FOR EACH ROW EXECUTE FUNCTION visitor.sign_certificate();

-- Rows that people take away again: notes by their author, documents and rates by who may change them.
CREATE POLICY removed ON partner_notes FOR DELETE TO drizzl_visitor USING (
    author_kind = (SELECT visitor.kind()) AND author_id = (SELECT visitor.id())
    AND (((SELECT visitor.kind()) = 'sales_rep' AND partner_id = ANY ((SELECT visitor.own_partners())::uuid[]))
        OR (SELECT visitor.may('partners.manage'))));
GRANT DELETE ON partner_notes TO drizzl_visitor;
CREATE POLICY removed ON price_list_items FOR DELETE TO drizzl_visitor USING ((SELECT visitor.may('prices.manage')));
GRANT DELETE ON price_list_items TO drizzl_visitor;

-- A document of a lead is a file of the same lead.
DROP POLICY added ON lead_documents;
CREATE POLICY added ON lead_documents FOR INSERT TO drizzl_visitor WITH CHECK (
    EXISTS (SELECT FROM leads l WHERE l.id = lead_id
        AND (l.sales_rep_id = (SELECT visitor.id()) OR (SELECT visitor.may('leads.manage'))))
    AND (uploaded_by = (SELECT visitor.id()) OR (SELECT visitor.kind()) = 'admin')
    AND EXISTS (SELECT FROM files f WHERE f.id = file_id AND f.machine = 'lead' AND f.record_id = lead_id));
