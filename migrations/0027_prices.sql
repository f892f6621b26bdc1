-- Prices that people set: not under the floor without an approval (R-03), written down (SEC-10), taking effect at their
-- time (D-49); price lists of a tier besides those of a partner; goods that people book by hand.

-- The least that a unit may cost a partner: its cost and the smallest margin. With the caller's rights.
CREATE FUNCTION price_floor(of_product uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT share_of(p.cost_per_unit_cents, 10000 + setting('price.min_margin_bp')::bigint) FROM products p
    WHERE p.id = of_product
$$;
-- Refuses what a visitor may not decide; says whether an approval was needed.
CREATE FUNCTION visitor.approve_price(of_product uuid, cents bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF cents >= public.price_floor(of_product) THEN RETURN false; END IF;
    IF NOT visitor.may('prices.approve') THEN
        RAISE EXCEPTION '% cents are under the floor of product %', cents, of_product
            USING ERRCODE = 'check_violation', CONSTRAINT = 'below_margin_floor', COLUMN = 'unit_price_cents';
    END IF;
    RETURN true;
END $$;

-- Who allowed a price under the floor is whoever wrote it, and nobody when it is not under it any more.
CREATE FUNCTION visitor.sign_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF visitor.kind() IS NOT NULL THEN
        NEW.approved_by := CASE WHEN visitor.approve_price(NEW.product_id, NEW.unit_price_cents) THEN visitor.id() END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER price_list_items_sign BEFORE INSERT OR UPDATE OF unit_price_cents, product_id ON price_list_items
    FOR EACH ROW EXECUTE FUNCTION visitor.sign_price();
-- What the price was, and who changes it, is not for them to say. The lowest price that follows from an MSRP is that of the
-- highest tier.
CREATE FUNCTION visitor.sign_price_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF visitor.kind() IS NOT NULL THEN
        NEW.made_by := visitor.id();
        NEW.applied_at := NULL;
        SELECT CASE NEW.field WHEN 'msrp' THEN p.msrp_cents WHEN 'retail' THEN p.retail_price_cents
                              ELSE p.cost_per_unit_cents END
        INTO NEW.old_cents FROM public.products p WHERE p.id = NEW.product_id;
        IF NEW.field = 'msrp' THEN
            PERFORM visitor.approve_price(NEW.product_id, public.share_of(NEW.new_cents, 6000));
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER price_changes_sign BEFORE INSERT ON price_changes
    FOR EACH ROW EXECUTE FUNCTION visitor.sign_price_change();

-- Makes the changes of price whose time has come, the oldest first; on any node, also on two at once.
CREATE FUNCTION apply_price_changes(now_is timestamptz) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due  record;
    made integer := 0;
BEGIN
    FOR due IN
        SELECT c.id, c.product_id, c.field, c.new_cents FROM price_changes c
        WHERE c.applied_at IS NULL AND c.effective_at <= now_is
        ORDER BY c.effective_at, c.id FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE products p
        SET msrp_cents = CASE due.field WHEN 'msrp' THEN due.new_cents ELSE p.msrp_cents END,
            retail_price_cents = CASE due.field WHEN 'retail' THEN due.new_cents ELSE p.retail_price_cents END,
            cost_per_unit_cents = CASE due.field WHEN 'cost' THEN due.new_cents ELSE p.cost_per_unit_cents END
        WHERE p.id = due.product_id;
        UPDATE price_changes SET applied_at = now_is WHERE id = due.id;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION apply_price_changes(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION apply_price_changes(timestamptz) TO drizzl_app;

CREATE TRIGGER products_write_down
    AFTER INSERT OR UPDATE OF msrp_cents, retail_price_cents, wholesale_price_cents, cost_per_unit_cents ON products
    FOR EACH ROW EXECUTE FUNCTION visitor.write_down('product', 'msrp_cents', 'retail_price_cents',
        'wholesale_price_cents', 'cost_per_unit_cents');
CREATE TRIGGER price_list_items_write_down AFTER INSERT OR UPDATE OR DELETE ON price_list_items
    FOR EACH ROW EXECUTE FUNCTION visitor.write_down('price_list_item', 'price_list_id', 'product_id',
        'unit_price_cents', 'min_quantity', 'approved_by');
CREATE TRIGGER price_changes_write_down AFTER INSERT ON price_changes
    FOR EACH ROW EXECUTE FUNCTION visitor.write_down('price_change', 'product_id', 'field', 'old_cents', 'new_cents',
        'effective_at');

-- A list may be for the partners of one tier.
ALTER TABLE price_lists
    ADD COLUMN tier text CHECK (tier IN ('starter', 'growth', 'enterprise')),
    ADD CONSTRAINT price_lists_for_one_check CHECK (partner_id IS NULL OR tier IS NULL);
-- The visitor's own tier, as the owner: asked by a policy for whoever has entered.
CREATE FUNCTION visitor.tier() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.tier FROM partners p WHERE p.id = visitor.partner()
$$;
DROP POLICY seen ON price_lists;
CREATE POLICY seen ON price_lists FOR SELECT TO drizzl_visitor USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = ANY ((SELECT visitor.own_partners())::uuid[])
    OR (partner_id IS NULL AND ((SELECT visitor.kind()) = 'sales_rep'
        OR ((SELECT visitor.kind()) = 'partner_user' AND (tier IS NULL OR tier = (SELECT visitor.tier()))))));
GRANT SELECT (tier) ON price_lists TO drizzl_visitor;

-- Goods are recalled, held and released by who decides on quality (R-25, G-05), whoever else looks after lots.
CREATE FUNCTION visitor.demand_quality() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF visitor.kind() IS NOT NULL AND NOT visitor.may('quality.decide') THEN
        RAISE EXCEPTION 'the state of a lot is decided with quality.decide' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lots_demand_quality BEFORE UPDATE OF state ON lots FOR EACH ROW
    WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION visitor.demand_quality();
