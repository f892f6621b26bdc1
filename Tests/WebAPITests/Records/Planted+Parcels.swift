import Database
import Foundation

@testable import WebAPI

extension Planted {
    /// What is on its way, what is owed, and what reps do, for the pages about them.
    static let parcels: [SQL] = [
        """
        INSERT INTO shipments (id, order_id, tracking_number, carrier, status, status_seq, status_since, collected_at,
            stock_taken_at, last_scan_at)
        VALUES (id('parcel'), id('second order'), '7489', 'fedex', 'picked_up', 2, '2026-03-01T08:00Z', '2026-03-01T08:00Z',
            '2026-03-01T08:00Z', '2026-03-01T08:00Z'),
            (id('unlabelled parcel'), id('second order'), NULL, 'fedex', 'pending', 1, '2026-03-01T08:00Z', NULL, NULL, NULL)
        """,
        """
        INSERT INTO invoices (id, invoice_number, partner_id, order_id, subtotal_cents, tax_cents, shipping_cents,
            total_cents, late_fee_cents, payment_terms, issued_on, due_date, status, status_seq, status_since)
        VALUES (id('invoice'), 'INV-1', id('alpha'), id('order'), 100000, 0, 0, 100000, 1500, 'NET30', '2026-01-01',
            '2026-01-31', 'overdue', 2, now())
        """,
        """
        INSERT INTO invoice_late_fees (invoice_id, number, assessed_on, principal_cents, amount_cents)
        VALUES (id('invoice'), 1, '2026-02-15', 100000, 1500)
        """,
        """
        INSERT INTO support_tickets (id, number, partner_id, opened_by, subject, category, conversation_id, status,
            status_seq, status_since)
        VALUES (id('ticket'), 'TCK-1', id('alpha'), id('al'), 'A dented carton', 'delivery', id('talk'), 'open', 1, now())
        """,
        """
        INSERT INTO partner_integrations (id, partner_id, platform, platform_name, status, status_seq, status_since)
        VALUES (id('integration'), id('alpha'), 'shopify', 'Alpha online', 'error', 3, now())
        """,
        """
        INSERT INTO sales_activities (id, type, subject, sales_rep_id, lead_id, status, status_seq, status_since)
        VALUES (id('activity'), 'task', 'Send samples', id('rita'), id('lead'), 'scheduled', 1, now())
        """,
        """
        INSERT INTO proposals (id, lead_id, sales_rep_id, version, tier, monthly_units, contract_months, payment_terms,
            valid_until, status, status_seq, status_since)
        VALUES (id('proposal'), id('lead'), id('rita'), 1, 'growth', 100, 12, 'NET30', '2026-05-01', 'draft', 1, now())
        """,
        """
        UPDATE commissions SET status = 'approved', approved_at = now(), approved_by = id('sue')
        WHERE id IN (id('commission'), id('second commission'))
        """,
        // What this one earns makes a formula of a name, and a negative amount is none.
        """
        UPDATE commissions SET reason = '=1+1', amount_cents = -250 WHERE id = id('own commission')
        """,
    ]

    /// All of it.
    static let everything = all + parcels
}

extension Estate {
    /// What somebody has done, by the audit log: action and subject, oldest first.
    func audited(by name: String) async throws -> [String] {
        try await pool.query(
            "SELECT action FROM audit_log WHERE actor_id = \(Self.id(name))::uuid ORDER BY seq"
        ).map { try $0.value("action") }
    }

    /// Sends a form with a file from a page of ours.
    func send(parts: [(name: String, file: String?, content: [UInt8])], to path: String, as name: String) async throws
        -> RawAnswer
    {
        var body: [UInt8] = []
        for part in parts {
            let file = part.file.map { "; filename=\"\($0)\"" } ?? ""
            body += Array("--limit\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\n\r\n".utf8)
            body += part.content + Array("\r\n".utf8)
        }
        body += Array("--limit--\r\n".utf8)
        let lines = [
            "POST \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Accept: text/html",
            "Authorization: Bearer token of \(name)", "Origin: http://127.0.0.1:\(port)",
            "Content-Type: multipart/form-data; boundary=limit", "Content-Length: \(body.count)",
        ]
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
        return try await RawConnection.with(port: port) { connection async throws in
            try await connection.send(request)
            return try await connection.answer()
        }
    }
}
