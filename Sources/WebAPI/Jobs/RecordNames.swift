public import Database
public import Foundation

/// What people call records: an invoice by its number, a partner by its name.
public struct RecordNames: Sendable {
    private let names: [UUID: String]

    /// The column of each table by which people know its rows.
    private static let columns: [(table: String, column: String)] = [
        ("orders", "order_number"), ("invoices", "invoice_number"), ("shipments", "tracking_number"),
        ("partners", "business_name"), ("leads", "company_name"), ("deals", "name"), ("support_tickets", "number"),
        ("partner_integrations", "platform_name"), ("sales_activities", "subject"),
    ]

    /// Reads names.
    ///
    /// - Parameters:
    ///   - records: The ids, of any tables.
    ///   - session: Any session; one round trip, or none.
    /// - Throws: `DatabaseError`.
    public init(of records: [UUID], in session: Session) throws(DatabaseError) {
        var names: [UUID: String] = [:]
        if !records.isEmpty {
            let parts: [SQL] = Self.columns.map { table, column in
                """
                SELECT id, \(unsafeUnescaped: column)::text AS name FROM \(unsafeUnescaped: table)
                WHERE id = ANY (\(records)::uuid[])
                """
            }
            for row in try session.query(parts.joined(separator: " UNION ALL ")) {
                names[try row.value("id")] = try row.optional("name")
            }
        }
        self.names = names
    }

    /// What people call a record; nil when it has no name of its own.
    public subscript(record: UUID) -> String? { names[record] }

    /// Finds what people call so: an order's, invoice's, shipment's or ticket's number, or an id.
    ///
    /// - Parameters:
    ///   - text: The number, or the id.
    ///   - session: Any session; one round trip.
    /// - Returns: The record; nil when there is none.
    /// - Throws: `DatabaseError`.
    public static func record(called text: String, in session: Session) throws(DatabaseError) -> UUID? {
        if let id = UUID(uuidString: text) { return id }
        let parts: [SQL] = columns.map { table, column in
            "SELECT id FROM \(unsafeUnescaped: table) WHERE \(unsafeUnescaped: column)::text = \(text)"
        }
        return try session.first(parts.joined(separator: " UNION ALL ") + " LIMIT 1")?.value("id")
    }
}
