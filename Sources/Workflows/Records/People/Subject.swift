import Database
import Foundation

/// What a record of each machine is about: whose it is, and the words with which people are told of it.
enum Subject {
    /// Gives `partner_id`, `sales_rep_id`, `lead_id`, `opened_by`, `assignee_id` and `words` of one record.
    ///
    /// Names of words end in `_cents`, `_at` or `_on` where they are money, moments or days.
    static func query(_ machine: String, _ record: UUID) -> SQL? {
        switch machine {
        case "lead": lead(record)
        case "deal": deal(record)
        case "proposal": proposal(record)
        case "activity": activity(record)
        case "partner": partner(record)
        case "order", "order_payment": order(record)
        case "shipment": shipment(record)
        case "invoice": invoice(record)
        case "commission": commission(record)
        case "integration": integration(record)
        case "ticket": ticket(record)
        default: nil
        }
    }

    private static func lead(_ id: UUID) -> SQL {
        """
        SELECT l.converted_to_partner_id, l.sales_rep_id, l.id, NULL::uuid, NULL::uuid,
            jsonb_build_object('company', l.company_name, 'contact', l.contact_name,
                'value_cents', l.estimated_value_cents, 'source', l.source,
                'rep', r.first_name || ' ' || r.last_name)
        FROM leads l LEFT JOIN sales_reps r ON r.id = l.sales_rep_id WHERE l.id = \(id)
        """
    }

    private static func deal(_ id: UUID) -> SQL {
        """
        SELECT coalesce(d.partner_id, l.converted_to_partner_id), d.sales_rep_id, d.lead_id, NULL::uuid, NULL::uuid,
            jsonb_build_object('deal', d.name, 'company', coalesce(l.company_name, p.business_name),
                'value_cents', d.value_cents, 'close_on', d.expected_close_date)
        FROM deals d LEFT JOIN leads l ON l.id = d.lead_id LEFT JOIN partners p ON p.id = d.partner_id
        WHERE d.id = \(id)
        """
    }

    private static func proposal(_ id: UUID) -> SQL {
        """
        SELECT coalesce(x.partner_id, d.partner_id, l.converted_to_partner_id), x.sales_rep_id, l.id,
            NULL::uuid, NULL::uuid,
            jsonb_build_object('company', coalesce(l.company_name, p.business_name), 'version', x.version,
                'valid_on', x.valid_until, 'decision', x.status, 'lead_id', l.id)
        FROM proposals x LEFT JOIN deals d ON d.id = x.deal_id
        LEFT JOIN leads l ON l.id = coalesce(x.lead_id, d.lead_id)
        LEFT JOIN partners p ON p.id = coalesce(x.partner_id, d.partner_id)
        WHERE x.id = \(id)
        """
    }

    private static func activity(_ id: UUID) -> SQL {
        """
        SELECT a.partner_id, a.sales_rep_id, a.lead_id, NULL::uuid, NULL::uuid,
            jsonb_build_object('subject', a.subject, 'company', coalesce(l.company_name, p.business_name),
                'contact', coalesce(l.contact_name, p.contact_name), 'scheduled_at', a.scheduled_at)
        FROM sales_activities a LEFT JOIN leads l ON l.id = a.lead_id LEFT JOIN partners p ON p.id = a.partner_id
        WHERE a.id = \(id)
        """
    }

    private static func partner(_ id: UUID) -> SQL {
        """
        SELECT p.id, p.sales_rep_id, NULL::uuid, NULL::uuid, NULL::uuid,
            jsonb_build_object('business', p.business_name, 'type', p.business_type, 'state', p.state, 'tier', p.tier,
                'terms', p.payment_terms, 'limit_cents', p.credit_limit_cents, 'since_at', p.status_since)
        FROM partners p WHERE p.id = \(id)
        """
    }

    private static func order(_ id: UUID) -> SQL {
        """
        SELECT o.partner_id, coalesce(o.sales_rep_id, p.sales_rep_id), NULL::uuid, NULL::uuid, NULL::uuid,
            jsonb_build_object('number', o.order_number,
                'business', coalesce(p.business_name, c.first_name || ' ' || c.last_name),
                'total_cents', o.total_cents, 'net_cents', o.subtotal_cents - o.discount_cents,
                'delivery_on', o.estimated_delivery, 'commission_cents', (
                    SELECT sum(m.amount_cents) FROM commissions m
                    WHERE m.order_id = o.id AND m.type = 'order' AND m.sales_rep_id = o.sales_rep_id),
                'shipment_id', s.id, 'signed_by', s.delivered_to, 'delivered_at', s.actual_delivery)
        FROM orders o LEFT JOIN partners p ON p.id = o.partner_id LEFT JOIN customers c ON c.id = o.customer_id
        LEFT JOIN LATERAL (
            SELECT s.id, s.delivered_to, s.actual_delivery FROM shipments s
            WHERE s.order_id = o.id ORDER BY s.actual_delivery DESC NULLS LAST, s.id LIMIT 1) s ON true
        WHERE o.id = \(id)
        """
    }

    private static func shipment(_ id: UUID) -> SQL {
        """
        SELECT o.partner_id, coalesce(o.sales_rep_id, p.sales_rep_id), NULL::uuid, NULL::uuid, NULL::uuid,
            jsonb_build_object('number', o.order_number, 'order_id', o.id,
                'business', coalesce(p.business_name, c.first_name || ' ' || c.last_name),
                'carrier', upper(s.carrier), 'tracking', s.tracking_number, 'arrives_at', s.estimated_delivery,
                'problem', replace(s.problem_code, '_', ' '), 'decision', s.quality_decision,
                'held_at', s.quality_held_at, 'place', s.current_location)
        FROM shipments s JOIN orders o ON o.id = s.order_id LEFT JOIN partners p ON p.id = o.partner_id
        LEFT JOIN customers c ON c.id = o.customer_id
        WHERE s.id = \(id)
        """
    }

    private static func invoice(_ id: UUID) -> SQL {
        """
        SELECT i.partner_id, coalesce(o.sales_rep_id, p.sales_rep_id), NULL::uuid, NULL::uuid, NULL::uuid,
            jsonb_build_object('number', i.invoice_number, 'order_id', o.id,
                'business', coalesce(p.business_name, c.first_name || ' ' || c.last_name),
                'due_cents', i.amount_due_cents, 'due_on', i.due_date, 'promised_on', i.promise_to_pay_on,
                'dispute', i.dispute_reason, 'fees_cents', i.late_fee_cents)
        FROM invoices i JOIN orders o ON o.id = i.order_id LEFT JOIN partners p ON p.id = i.partner_id
        LEFT JOIN customers c ON c.id = o.customer_id
        WHERE i.id = \(id)
        """
    }

    private static func commission(_ id: UUID) -> SQL {
        """
        SELECT o.partner_id, m.sales_rep_id, NULL::uuid, NULL::uuid, NULL::uuid,
            jsonb_build_object('amount_cents', m.amount_cents, 'kind', replace(m.type, '_', ' '),
                'number', o.order_number, 'rep', r.first_name || ' ' || r.last_name, 'pay_on', y.pay_on)
        FROM commissions m JOIN sales_reps r ON r.id = m.sales_rep_id LEFT JOIN orders o ON o.id = m.order_id
        LEFT JOIN payouts y ON y.id = m.payout_id
        WHERE m.id = \(id)
        """
    }

    private static func integration(_ id: UUID) -> SQL {
        """
        SELECT i.partner_id, p.sales_rep_id, NULL::uuid, NULL::uuid, NULL::uuid,
            jsonb_build_object('business', p.business_name, 'platform', i.platform_name,
                'since_at', i.status_since, 'fault', (
                    SELECT g.error_message FROM integration_sync_logs g
                    WHERE g.integration_id = i.id AND g.status = 'error' ORDER BY g.synced_at DESC, g.id DESC LIMIT 1))
        FROM partner_integrations i JOIN partners p ON p.id = i.partner_id WHERE i.id = \(id)
        """
    }

    private static func ticket(_ id: UUID) -> SQL {
        """
        SELECT t.partner_id, p.sales_rep_id, NULL::uuid, t.opened_by, t.assignee_id,
            jsonb_build_object('number', t.number, 'subject', t.subject, 'business', p.business_name,
                'since_at', t.status_since)
        FROM support_tickets t JOIN partners p ON p.id = t.partner_id WHERE t.id = \(id)
        """
    }
}
