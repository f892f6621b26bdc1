-- Which rows of each table a visitor sees and writes (SEC-06, docs/access.md): the second wall. The first is
-- Accounts/Scoping, which says the same in each statement's WHERE; neither is made from the other.
--
-- The program's own roles see everything, as before: drizzl_engine is a member of drizzl_app. The owner of the tables is
-- not asked, so no FORCE. drizzl_visitor has no rights but those of this file, and without a visitor it sees nothing.

-- The partners whose own somebody is: a user's one, a rep's own. As the owner, for it is asked by policies of tables that
-- the policy of partners must not be asked again for.
CREATE FUNCTION visitor.own_partners() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT CASE visitor.kind()
        WHEN 'partner_user' THEN ARRAY[visitor.partner()]
        WHEN 'sales_rep' THEN ARRAY(SELECT p.id FROM partners p WHERE p.sales_rep_id = visitor.id())
        ELSE '{}' END
$$;
-- These, and of a manager of reps the partners of everybody below.
CREATE FUNCTION visitor.partners() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT CASE visitor.kind()
        WHEN 'partner_user' THEN ARRAY[visitor.partner()]
        WHEN 'sales_rep' THEN ARRAY(SELECT p.id FROM partners p WHERE p.sales_rep_id = ANY (visitor.team()))
        ELSE '{}' END
$$;
-- The conversations in which somebody takes part; as the owner, or the two tables' policies would ask each other for ever.
CREATE FUNCTION visitor.conversations() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT m.conversation_id FROM conversation_participants m
                 WHERE m.member_kind = visitor.kind() AND m.member_id = visitor.id() AND m.left_at IS NULL)
$$;

-- Whether the visitor sees a record that is named by its machine, as history, files and tasks name theirs. With the
-- caller's rights: the record's own policy answers. In plpgsql, so that only the branch that is taken is ever planned.
CREATE FUNCTION visitor.sees(of_machine text, record uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    CASE of_machine
        WHEN 'activity' THEN RETURN EXISTS (SELECT FROM public.sales_activities t WHERE t.id = record);
        WHEN 'commission' THEN RETURN EXISTS (SELECT FROM public.commissions t WHERE t.id = record);
        WHEN 'contract' THEN RETURN EXISTS (SELECT FROM public.contracts t WHERE t.id = record);
        WHEN 'deal' THEN RETURN EXISTS (SELECT FROM public.deals t WHERE t.id = record);
        WHEN 'integration' THEN RETURN EXISTS (SELECT FROM public.partner_integrations t WHERE t.id = record);
        WHEN 'invoice' THEN RETURN EXISTS (SELECT FROM public.invoices t WHERE t.id = record);
        WHEN 'lead' THEN RETURN EXISTS (SELECT FROM public.leads t WHERE t.id = record);
        WHEN 'order', 'order_payment' THEN RETURN EXISTS (SELECT FROM public.orders t WHERE t.id = record);
        WHEN 'partner' THEN RETURN EXISTS (SELECT FROM public.partners t WHERE t.id = record);
        WHEN 'payout' THEN RETURN EXISTS (SELECT FROM public.payouts t WHERE t.id = record);
        WHEN 'product' THEN RETURN EXISTS (SELECT FROM public.products t WHERE t.id = record);
        WHEN 'proposal' THEN RETURN EXISTS (SELECT FROM public.proposals t WHERE t.id = record);
        WHEN 'resale_certificate' THEN RETURN EXISTS (SELECT FROM public.resale_certificates t WHERE t.id = record);
        WHEN 'shipment' THEN RETURN EXISTS (SELECT FROM public.shipments t WHERE t.id = record);
        WHEN 'ticket' THEN RETURN EXISTS (SELECT FROM public.support_tickets t WHERE t.id = record);
        ELSE RETURN visitor.kind() = 'admin';
    END CASE;
END $$;

-- Whether it is the visitor's own, to act on: what a manager of reps only reads is not. What an admin may do with what
-- they all see is asked of their permissions.
CREATE FUNCTION visitor.owns(of_machine text, record uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF visitor.kind() = 'admin' THEN RETURN visitor.sees(of_machine, record); END IF;
    CASE of_machine
        WHEN 'activity' THEN
            RETURN EXISTS (SELECT FROM public.sales_activities t WHERE t.id = record AND t.sales_rep_id = visitor.id());
        WHEN 'commission' THEN
            RETURN EXISTS (SELECT FROM public.commissions t WHERE t.id = record AND t.sales_rep_id = visitor.id());
        WHEN 'contract' THEN
            RETURN EXISTS (SELECT FROM public.contracts t
                           WHERE t.id = record AND t.partner_id = ANY (visitor.own_partners()));
        WHEN 'deal' THEN
            RETURN EXISTS (SELECT FROM public.deals t WHERE t.id = record AND t.sales_rep_id = visitor.id());
        WHEN 'integration' THEN
            RETURN EXISTS (SELECT FROM public.partner_integrations t
                           WHERE t.id = record AND t.partner_id = ANY (visitor.own_partners()));
        WHEN 'invoice' THEN
            RETURN EXISTS (SELECT FROM public.invoices t
                           WHERE t.id = record AND t.partner_id = ANY (visitor.own_partners()));
        WHEN 'lead' THEN
            RETURN EXISTS (SELECT FROM public.leads t WHERE t.id = record AND t.sales_rep_id = visitor.id());
        WHEN 'order', 'order_payment' THEN
            RETURN EXISTS (SELECT FROM public.orders t
                           WHERE t.id = record AND t.partner_id = ANY (visitor.own_partners()));
        WHEN 'partner' THEN
            RETURN EXISTS (SELECT FROM public.partners t WHERE t.id = record AND t.id = ANY (visitor.own_partners()));
        WHEN 'payout' THEN
            RETURN EXISTS (SELECT FROM public.payouts t WHERE t.id = record AND t.sales_rep_id = visitor.id());
        WHEN 'proposal' THEN
            RETURN EXISTS (SELECT FROM public.proposals t WHERE t.id = record AND t.sales_rep_id = visitor.id());
        WHEN 'resale_certificate' THEN
            RETURN EXISTS (SELECT FROM public.resale_certificates t
                           WHERE t.id = record AND t.partner_id = ANY (visitor.own_partners()));
        WHEN 'shipment' THEN
            RETURN EXISTS (SELECT FROM public.shipments t JOIN public.orders o ON o.id = t.order_id
                           WHERE t.id = record AND o.partner_id = ANY (visitor.own_partners()));
        WHEN 'ticket' THEN
            RETURN EXISTS (SELECT FROM public.support_tickets t
                           WHERE t.id = record AND t.partner_id = visitor.partner());
        ELSE RETURN false;
    END CASE;
END $$;

-- Ends the transaction when the answer is no, so that nothing after it in the same trip is read or locked.
CREATE FUNCTION visitor.demand(is_theirs boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF is_theirs IS NOT TRUE THEN
        RAISE EXCEPTION 'the visitor has no such record' USING ERRCODE = 'DZ404';
    END IF;
END $$;

-- Writes down one table's rules. In a rule, {…} stands for what is asked of the visitor, each wrapped in a subquery so that
-- it is asked once for a statement and not for each row.
CREATE FUNCTION pg_temp.scope(
    of_table text, sees text, adds text DEFAULT NULL, changes text DEFAULT NULL, removes text DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    rule record;
BEGIN
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('CREATE POLICY everything ON public.%I TO drizzl_app USING (true) WITH CHECK (true)', of_table);
    FOR rule IN
        SELECT policy, command, part, text FROM (VALUES
            ('seen', 'SELECT', 'USING', sees), ('added', 'INSERT', 'WITH CHECK', adds),
            ('changed', 'UPDATE', 'USING', changes), ('removed', 'DELETE', 'USING', removes)
        ) AS rules (policy, command, part, text) WHERE text IS NOT NULL
    LOOP
        rule.text := replace(rule.text, '{admin}', '((SELECT visitor.kind()) = ''admin'')');
        rule.text := replace(rule.text, '{known}', '((SELECT visitor.kind()) IS NOT NULL)');
        rule.text := replace(rule.text, '{rep}', '((SELECT visitor.kind()) = ''sales_rep'')');
        rule.text := replace(rule.text, '{user}', '((SELECT visitor.kind()) = ''partner_user'')');
        rule.text := replace(rule.text, '{kind}', '(SELECT visitor.kind())');
        rule.text := replace(rule.text, '{me}', '(SELECT visitor.id())');
        rule.text := replace(rule.text, '{role}', '(SELECT visitor.role())');
        rule.text := replace(rule.text, '{partner}', '(SELECT visitor.partner())');
        rule.text := replace(rule.text, '{team}', '((SELECT visitor.team())::uuid[])');
        rule.text := replace(rule.text, '{partners}', '((SELECT visitor.partners())::uuid[])');
        rule.text := replace(rule.text, '{own_partners}', '((SELECT visitor.own_partners())::uuid[])');
        rule.text := replace(rule.text, '{conversations}', '((SELECT visitor.conversations())::uuid[])');
        rule.text := regexp_replace(rule.text, '\{may ([a-z.]+)\}', '(SELECT visitor.may(''\1''))', 'g');
        EXECUTE format('CREATE POLICY %I ON public.%I FOR %s TO drizzl_visitor %s (%s)',
            rule.policy, of_table, rule.command, rule.part, rule.text);
    END LOOP;
END $$;

-- People. What somebody changes of their own account goes through the door of accounts.
SELECT pg_temp.scope('admins', '{admin}');
SELECT pg_temp.scope('sales_reps', '{admin} OR id = ANY {team}', changes => '{may reps.manage}');
SELECT pg_temp.scope('activity_goals', '{admin} OR sales_rep_id = ANY {team}',
    adds => 'sales_rep_id = {me} OR {may reps.manage}', changes => 'sales_rep_id = {me} OR {may reps.manage}',
    removes => 'sales_rep_id = {me} OR {may reps.manage}');
SELECT pg_temp.scope('partners', '{admin} OR id = {partner} OR sales_rep_id = ANY {team}',
    changes => '(id = {partner} AND {role} = ''owner'') OR {may partners.manage}');
SELECT pg_temp.scope('partner_users', '{admin} OR partner_id = ANY {partners}',
    changes => '(partner_id = {partner} AND {role} = ''owner'') OR {may partners.manage}');
SELECT pg_temp.scope('customers', '{admin}', adds => '{may orders.manage}', changes => '{may orders.manage}');
SELECT pg_temp.scope(t, '(user_kind = {kind} AND user_id = {me}) OR {may admins.manage}',
    changes => '(user_kind = {kind} AND user_id = {me}) OR {may admins.manage}')
FROM unnest(ARRAY['devices', 'sessions', 'service_tokens']) t;

-- What belongs to a partner.
SELECT pg_temp.scope('shipping_addresses', '{admin} OR partner_id = ANY {partners}',
    adds => '(partner_id = {partner} AND {role} IN (''owner'', ''buyer'', ''approver'')) OR {may partners.manage}',
    changes => '(partner_id = {partner} AND {role} IN (''owner'', ''buyer'', ''approver'')) OR {may partners.manage}');
SELECT pg_temp.scope('contracts', '{admin} OR partner_id = ANY {partners}',
    adds => '{may partners.manage}', changes => '{may partners.manage}');
SELECT pg_temp.scope('resale_certificates', '{admin} OR partner_id = ANY {partners}',
    adds => '(partner_id = {partner} AND {role} IN (''owner'', ''finance'') AND checked_at IS NULL)
        OR {may partners.manage}',
    changes => '{may partners.manage}');
SELECT pg_temp.scope('partner_integrations', '{admin} OR partner_id = {partner}',
    changes => '(partner_id = {partner} AND {role} = ''owner'') OR {may integrations.manage}');
SELECT pg_temp.scope('integration_sync_logs',
    '{admin} OR EXISTS (SELECT FROM partner_integrations i WHERE i.id = integration_id)');
SELECT pg_temp.scope('support_tickets', '{admin} OR partner_id = {partner}', changes => '{may messages.answer}');
-- A private note is its author's alone; an admin opens it by break-glass, which is another door (SEC-07).
SELECT pg_temp.scope('partner_notes',
    '({admin} OR ({rep} AND partner_id = ANY {partners}))
        AND (NOT is_private OR (author_kind = {kind} AND author_id = {me}))',
    adds => 'author_kind = {kind} AND author_id = {me}
        AND (({rep} AND partner_id = ANY {own_partners}) OR {may partners.manage})',
    changes => 'author_kind = {kind} AND author_id = {me}
        AND (({rep} AND partner_id = ANY {own_partners}) OR {may partners.manage})');

-- Selling.
SELECT pg_temp.scope(t, '{admin} OR sales_rep_id = ANY {team}',
    changes => 'sales_rep_id = {me} OR {may leads.manage}')
FROM unnest(ARRAY['leads', 'deals', 'sales_activities']) t;
SELECT pg_temp.scope('proposals', '{admin} OR sales_rep_id = ANY {team}');
SELECT pg_temp.scope('proposal_items', '{admin} OR EXISTS (SELECT FROM proposals p WHERE p.id = proposal_id)');
SELECT pg_temp.scope('activity_attachments',
    '{admin} OR EXISTS (SELECT FROM sales_activities a WHERE a.id = activity_id)',
    adds => 'EXISTS (SELECT FROM sales_activities a
        WHERE a.id = activity_id AND (a.sales_rep_id = {me} OR {may leads.manage}))',
    removes => 'EXISTS (SELECT FROM sales_activities a
        WHERE a.id = activity_id AND (a.sales_rep_id = {me} OR {may leads.manage}))');
SELECT pg_temp.scope('lead_documents', '{admin} OR EXISTS (SELECT FROM leads l WHERE l.id = lead_id)',
    adds => 'EXISTS (SELECT FROM leads l WHERE l.id = lead_id AND (l.sales_rep_id = {me} OR {may leads.manage}))
        AND (uploaded_by = {me} OR {admin})',
    changes => 'EXISTS (SELECT FROM leads l WHERE l.id = lead_id AND (l.sales_rep_id = {me} OR {may leads.manage}))',
    removes => 'EXISTS (SELECT FROM leads l WHERE l.id = lead_id AND (l.sales_rep_id = {me} OR {may leads.manage}))');
SELECT pg_temp.scope('lead_notes',
    'EXISTS (SELECT FROM leads l WHERE l.id = lead_id) AND (NOT is_private OR sales_rep_id = {me})',
    adds => 'sales_rep_id = {me} AND EXISTS (SELECT FROM leads l WHERE l.id = lead_id AND l.sales_rep_id = {me})',
    changes => 'sales_rep_id = {me} AND EXISTS (SELECT FROM leads l WHERE l.id = lead_id AND l.sales_rep_id = {me})',
    removes => 'sales_rep_id = {me} AND EXISTS (SELECT FROM leads l WHERE l.id = lead_id AND l.sales_rep_id = {me})');
-- Pay is nobody's but one's own; how far a period's quota is reached is the manager's too.
SELECT pg_temp.scope(t, '{admin} OR sales_rep_id = {me}') FROM unnest(ARRAY['commissions', 'payouts']) t;
SELECT pg_temp.scope('quota_periods', '{admin} OR sales_rep_id = ANY {team}',
    adds => '{may reps.manage}', changes => '{may reps.manage}');
SELECT pg_temp.scope('order_commission_shares', '{admin} OR sales_rep_id = {me}',
    adds => '{may orders.manage}', changes => '{may orders.manage}', removes => '{may orders.manage}');

-- The catalogue.
SELECT pg_temp.scope('products', '{admin} OR ({known} AND is_active)',
    adds => '{may products.manage}', changes => '{may products.manage} OR {may prices.manage}');
SELECT pg_temp.scope('price_lists',
    '{admin} OR ({known} AND partner_id IS NULL) OR partner_id = ANY {own_partners}',
    adds => '{may prices.manage}', changes => '{may prices.manage}');
SELECT pg_temp.scope('price_list_items', '{admin} OR EXISTS (SELECT FROM price_lists l WHERE l.id = price_list_id)',
    adds => '{may prices.manage}', changes => '{may prices.manage}');
SELECT pg_temp.scope('price_changes', '{admin}', adds => '{may prices.manage}');
SELECT pg_temp.scope('stock_locations', '{admin}', adds => '{may stock.manage}', changes => '{may stock.manage}');
SELECT pg_temp.scope('lots', '{admin}', adds => '{may stock.manage}',
    changes => '{may stock.manage} OR {may quality.decide}');
SELECT pg_temp.scope('stock_movements', '{admin}', adds => '{may stock.manage}');
SELECT pg_temp.scope('stock_reservations', '{admin}');
SELECT pg_temp.scope('production_batches', '{admin}', adds => '{may stock.manage}', changes => '{may stock.manage}');

-- Orders and what follows from them. A retail customer's belong to no partner, so admins alone see them.
SELECT pg_temp.scope('orders', '{admin} OR partner_id = ANY {partners}',
    changes => '(partner_id = {partner} AND {role} IN (''owner'', ''buyer'', ''approver'')) OR {may orders.manage}');
SELECT pg_temp.scope(t, '{admin} OR EXISTS (SELECT FROM orders o WHERE o.id = order_id)')
FROM unnest(ARRAY['order_items', 'order_taxes', 'order_holds', 'refunds']) t;
SELECT pg_temp.scope('shipments', '{admin} OR EXISTS (SELECT FROM orders o WHERE o.id = order_id)',
    changes => '{may shipments.manage}');
SELECT pg_temp.scope(t, '{admin} OR EXISTS (SELECT FROM shipments s WHERE s.id = shipment_id)')
FROM unnest(ARRAY['shipment_items', 'tracking_events', 'temperature_readings', 'temperature_events']) t;
SELECT pg_temp.scope(t, '{admin} OR partner_id = ANY {partners}') FROM unnest(ARRAY['invoices', 'payments']) t;
SELECT pg_temp.scope(t, '{admin} OR EXISTS (SELECT FROM invoices i WHERE i.id = invoice_id)')
FROM unnest(ARRAY['credit_notes', 'invoice_late_fees', 'invoice_reminders']) t;
SELECT pg_temp.scope('payment_allocations', '{admin} OR EXISTS (SELECT FROM payments p WHERE p.id = payment_id)');

-- Talking. An admin is in shared inboxes anyway; what a rep and a partner write each other is read by oversight, which is
-- another door (SEC-07).
SELECT pg_temp.scope('conversations', 'id = ANY {conversations} OR ({admin} AND kind = ''shared_inbox'')');
SELECT pg_temp.scope('conversation_participants', 'EXISTS (SELECT FROM conversations c WHERE c.id = conversation_id)',
    changes => 'member_kind = {kind} AND member_id = {me}');
SELECT pg_temp.scope('messages', 'EXISTS (SELECT FROM conversations c WHERE c.id = conversation_id)');
SELECT pg_temp.scope('notifications', 'recipient_kind = {kind} AND recipient_id = {me}',
    changes => 'recipient_kind = {kind} AND recipient_id = {me}');
SELECT pg_temp.scope('notification_deliveries', 'EXISTS (SELECT FROM notifications n WHERE n.id = notification_id)');
SELECT pg_temp.scope('outbound_emails', '{admin} OR ({rep} AND EXISTS (
    SELECT FROM sales_activities a WHERE a.outbound_email_id = outbound_emails.id AND a.sales_rep_id = {me}))');

-- What hangs on a record of any machine.
SELECT pg_temp.scope('files', '{admin} OR visitor.sees(machine, record_id)', adds => 'visitor.owns(machine, record_id)');
SELECT pg_temp.scope(t, '{admin} OR visitor.sees(machine, record_id)')
FROM unnest(ARRAY['workflow_events', 'workflow_timers']) t;
SELECT pg_temp.scope('workflow_attention', '{admin} OR ({rep} AND visitor.sees(machine, record_id))');
SELECT pg_temp.scope('workflow_refusals', '{admin}');
-- The view asks with its reader's rights, not with its owner's.
ALTER VIEW state_transitions SET (security_invoker = true);

-- The company's.
SELECT pg_temp.scope('company_holidays', '{known}');
SELECT pg_temp.scope(t, '{known}', adds => '{may settings.manage}', changes => '{may settings.manage}',
    removes => '{may settings.manage}')
FROM unnest(ARRAY['shipping_rates', 'shipping_zones', 'tax_rates']) t;
SELECT pg_temp.scope('stage_probabilities', '{admin} OR {rep}');
SELECT pg_temp.scope('settings', '{admin}', changes => '{may settings.manage}');
SELECT pg_temp.scope('setting_changes', '{admin}');
SELECT pg_temp.scope('audit_log', '{may audit.read}');

DROP FUNCTION pg_temp.scope;

-- Whose activity a mail was: what a rep may see of the mails that went out.
CREATE INDEX sales_activities_outbound_email_idx ON sales_activities (outbound_email_id)
    WHERE outbound_email_id IS NOT NULL;

-- A partner's newest orders and invoices: ids are in the order of time.
CREATE INDEX orders_partner_newest_idx ON orders (partner_id, id);
CREATE INDEX invoices_partner_newest_idx ON invoices (partner_id, id);

-- Reading: every column of a table that has rules, but for what is nobody's to read: hashes, tokens, secrets, and what was
-- typed into a move (its changes and its reason say what became of it).
DO $$
DECLARE
    readable record;
BEGIN
    FOR readable IN
        SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND (c.relrowsecurity OR c.relname = 'state_transitions')
          AND (c.relname, a.attname) NOT IN (VALUES
            ('admins', 'password_hash'), ('admins', 'totp_secret_enc'),
            ('sales_reps', 'password_hash'), ('sales_reps', 'totp_secret_enc'),
            ('sales_reps', 'calendar_feed_token_hash'),
            ('partner_users', 'password_hash'), ('partner_users', 'totp_secret_enc'),
            ('devices', 'token_hash'), ('sessions', 'token_hash'), ('service_tokens', 'token_hash'),
            ('partner_integrations', 'access_token_enc'), ('partner_integrations', 'refresh_token_enc'),
            ('proposals', 'public_token_hash'), ('workflow_events', 'inputs'))
        GROUP BY c.relname
    LOOP
        EXECUTE format('GRANT SELECT (%s) ON public.%I TO drizzl_visitor', readable.columns, readable.relname);
    END LOOP;
END $$;

-- Writing: what no lifecycle governs. States, amounts and figures that are counted are the engine's.
GRANT INSERT, UPDATE, DELETE ON activity_goals, lead_notes, lead_documents, order_commission_shares, tax_rates,
    shipping_rates, shipping_zones TO drizzl_visitor;
GRANT INSERT, UPDATE ON customers, shipping_addresses, contracts, resale_certificates, partner_notes, price_lists,
    price_list_items, stock_locations, lots, production_batches TO drizzl_visitor;
GRANT INSERT ON quota_periods, price_changes, stock_movements, files TO drizzl_visitor;
GRANT INSERT, DELETE ON activity_attachments TO drizzl_visitor;
GRANT UPDATE (amount_cents) ON quota_periods TO drizzl_visitor;
GRANT UPDATE (title, department, role, team_name, territory, territory_states, manager_id, hire_date, base_salary_cents,
    commission_rate_bp, employee_id, first_name, last_name, phone, time_zone, is_active) ON sales_reps TO drizzl_visitor;
GRANT UPDATE (business_name, contact_name, email, phone, website, address, city, state, zip_code, time_zone, tax_id_enc,
    sales_rep_id, account_manager_id, backorder_allowed, min_remaining_life_bp, late_fee_terms_accepted_on)
    ON partners TO drizzl_visitor;
GRANT UPDATE (first_name, last_name, phone, time_zone, role, is_active, spend_limit_cents, spend_period)
    ON partner_users TO drizzl_visitor;
GRANT UPDATE (label, revoked_at) ON devices TO drizzl_visitor;
GRANT UPDATE (revoked_at) ON sessions, service_tokens TO drizzl_visitor;
GRANT UPDATE (sync_enabled, sync_frequency, sync_sales, sync_inventory, sync_products, sync_customers, settings)
    ON partner_integrations TO drizzl_visitor;
GRANT UPDATE (assignee_id, category) ON support_tickets TO drizzl_visitor;
GRANT UPDATE (company_name, business_type, industry, contact_name, contact_title, email, phone, website, email_tracking,
    address, city, state, zip_code, latitude, longitude, source, source_details, sales_rep_id, estimated_value_cents,
    estimated_units, probability_manual, expected_close_date, products_interested, budget, authority, need, timeline,
    budget_detail, authority_detail, need_detail, timeline_detail, competitors, next_action, next_action_at)
    ON leads TO drizzl_visitor;
GRANT UPDATE (name, value_cents, probability_manual, expected_close_date, sales_rep_id, products_interested,
    estimated_monthly_order_cents) ON deals TO drizzl_visitor;
GRANT UPDATE (subject, description, call_result, follow_up_required, follow_up_at, follow_up_note, location, latitude,
    longitude, meeting_kind, agenda) ON sales_activities TO drizzl_visitor;
GRANT UPDATE (po_number, special_instructions, production_batch_id, estimated_production_date)
    ON orders TO drizzl_visitor;
GRANT UPDATE (tracking_number, carrier, carrier_service, estimated_delivery, package_count, pallet_count,
    total_weight_lb) ON shipments TO drizzl_visitor;
GRANT UPDATE (is_read, read_at) ON notifications TO drizzl_visitor;
GRANT UPDATE (last_read_seq, last_read_at, inbox_status, muted) ON conversation_participants TO drizzl_visitor;
GRANT UPDATE (value, updated_by_kind, updated_by) ON settings TO drizzl_visitor;
DO $$
DECLARE
    editable text;
BEGIN
    -- A product's stock and its figures are counted, not typed.
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO editable FROM pg_attribute
    WHERE attrelid = 'public.products'::regclass AND attnum > 0 AND NOT attisdropped
      AND attname NOT IN ('id', 'stock', 'allocated', 'low_stock_armed', 'low_stock_crossing', 'total_sold', 'revenue_cents',
                          'review_count', 'avg_rating', 'created_at', 'updated_at');
    EXECUTE format('GRANT INSERT (id, %s), UPDATE (%s) ON products TO drizzl_visitor', editable, editable);
END $$;
