-- Whose a row is, a user of a partner learns from the transaction's settings: their own partner is asked for before the
-- list of a rep's partners, which takes a function in PL/pgSQL. Orders have it so already. Nobody sees more or less.

ALTER POLICY seen ON contracts USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner())
    OR partner_id = ANY ((SELECT visitor.partners())::uuid[]));
ALTER POLICY seen ON invoices USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner())
    OR partner_id = ANY ((SELECT visitor.partners())::uuid[]));
ALTER POLICY seen ON partner_users USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner())
    OR partner_id = ANY ((SELECT visitor.partners())::uuid[]));
ALTER POLICY seen ON payments USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner())
    OR partner_id = ANY ((SELECT visitor.partners())::uuid[]));
ALTER POLICY seen ON resale_certificates USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner())
    OR partner_id = ANY ((SELECT visitor.partners())::uuid[]));
ALTER POLICY seen ON shipping_addresses USING (
    (SELECT visitor.kind()) = 'admin' OR partner_id = (SELECT visitor.partner())
    OR partner_id = ANY ((SELECT visitor.partners())::uuid[]));
