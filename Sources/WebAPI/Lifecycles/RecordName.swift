import Database

/// What people call a record of each machine: its number, or whatever tells it from others.
///
/// As expressions of SQL, so that a list of records of many machines is named in the statement that reads it.
enum RecordName {
    /// The table of each machine, and what names its row `n`.
    private static let names: [(machine: String, table: String, name: String)] = [
        ("activity", "sales_activities", "n.subject"),
        (
            "commission", "commissions",
            """
            concat_ws(', ', initcap(replace(n.type, '_', ' ')), (SELECT o.order_number FROM orders o WHERE o.id = n.order_id),
                (SELECT r.first_name || ' ' || r.last_name FROM sales_reps r WHERE r.id = n.sales_rep_id))
            """
        ),
        ("deal", "deals", "n.name"),
        (
            "integration", "partner_integrations",
            "concat_ws(', ', n.platform_name, (SELECT p.business_name FROM partners p WHERE p.id = n.partner_id))"
        ),
        ("invoice", "invoices", "n.invoice_number"), ("lead", "leads", "n.company_name"),
        ("order", "orders", "n.order_number"), ("order_payment", "orders", "n.order_number"),
        ("partner", "partners", "n.business_name"),
        (
            "proposal", "proposals",
            """
            concat_ws(', ', 'Version ' || n.version, coalesce(
                (SELECT p.business_name FROM partners p WHERE p.id = n.partner_id),
                (SELECT l.company_name FROM leads l WHERE l.id = n.lead_id),
                (SELECT d.name FROM deals d WHERE d.id = n.deal_id)))
            """
        ),
        (
            "shipment", "shipments",
            """
            concat_ws(', ', (SELECT o.order_number FROM orders o WHERE o.id = n.order_id), n.tracking_number)
            """
        ),
        ("ticket", "support_tickets", "n.number || ', ' || n.subject"),
        ("webhook", "webhook_endpoints", "n.url"),
    ]

    /// The name of the record that two columns name; null for one that is gone, or is not the reader's to see.
    ///
    /// - Parameters:
    ///   - machine: The column of the machine.
    ///   - record: The column of the record.
    /// - Returns: An expression of type text.
    static func of(_ machine: SQL, _ record: SQL) -> SQL {
        // Only text of the list above is spliced in.
        let branches: [SQL] = names.map { one in
            """
            WHEN '\(unsafeUnescaped: one.machine)' THEN (SELECT \(unsafeUnescaped: one.name)
                FROM \(unsafeUnescaped: one.table) n WHERE n.id = \(record))
            """
        }
        return "(CASE \(machine) \(branches.joined(separator: " ")) END)::text"
    }
}

/// What somebody who did something is called.
enum ActorName {
    /// The name of whoever two columns name; null for the program itself, services, and who is gone.
    static func of(_ kind: SQL, _ id: SQL) -> SQL {
        """
        CASE \(kind)
            WHEN 'admin' THEN (SELECT a.first_name || ' ' || a.last_name FROM admins a WHERE a.id = \(id))
            WHEN 'sales_rep' THEN (SELECT r.first_name || ' ' || r.last_name FROM sales_reps r WHERE r.id = \(id))
            WHEN 'partner_user' THEN (SELECT u.first_name || ' ' || u.last_name FROM partner_users u WHERE u.id = \(id))
        END
        """
    }
}
