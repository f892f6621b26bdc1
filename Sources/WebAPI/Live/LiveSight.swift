import Accounts
import Database
import Foundation

/// Who may see which changes: whoever the database shows the record to.
///
/// It is asked as each viewer, under the role whose rights end where the viewer's do; a change of a record that is not
/// shown is not told of. Fifty viewers share a round trip.
struct LiveSight: Sendable {
    let pool: Pool

    /// The tables in which the records of the subjects are.
    static let tables = [
        "activity": "sales_activities", "commission": "commissions", "deal": "deals",
        "integration": "partner_integrations", "invoice": "invoices", "lead": "leads", "lead_note": "lead_notes",
        "notification": "notifications", "order": "orders", "order_payment": "orders", "partner": "partners",
        "partner_note": "partner_notes", "proposal": "proposals", "shipment": "shipments", "ticket": "support_tickets",
    ]
    private static let portion = 50
    /// Back to the program's own role, under which the next viewer is looked up.
    private static let asProgram: SQL = "SELECT set_config('role', 'drizzl_app', true)"
    /// Tables of which visitors may read nothing at all would fail the whole trip; they are left out.
    private static let readable: SQL = """
        SELECT name FROM unnest(\(Set(tables.values).sorted())::text[]) AS t (name)
        WHERE has_column_privilege('drizzl_visitor', 'public.' || name, 'id', 'SELECT')
        """

    /// Asks which changes each viewer may see.
    ///
    /// - Parameters:
    ///   - changes: The changes.
    ///   - viewers: Who listens.
    /// - Returns: The numbers of the changes for each; nobody who is no longer active is among them.
    /// - Throws: `DatabaseError`.
    func seen(_ changes: [LiveChange], by viewers: Set<LiveViewer>) async throws -> [LiveViewer: Set<Int64>] {
        guard !viewers.isEmpty else { return [:] }
        let readable = Set(try await pool.query(Self.readable).map { try $0.value("name", as: String.self) })
        let groups = Dictionary(grouping: changes) { Self.tables[$0.subject] ?? "" }
            .filter { readable.contains($0.key) }.sorted { $0.key < $1.key }
        let reads = groups.map { table, changes in Self.read(table, Set(changes.map(\.record))) }
        var seen: [LiveViewer: Set<Int64>] = [:]
        var rest = Array(viewers)[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.portion))
            rest = rest.dropFirst(Self.portion)
            let results = try await pool.run { session in
                try session.pipeline(some.flatMap { [$0.become, Credential.asVisitor] + reads + [Self.asProgram] })
            }
            let length = reads.count + 3
            for (index, viewer) in some.enumerated() {
                let own = results[index * length..<(index + 1) * length]
                guard own.first?.rows.isEmpty == false else { continue }
                var numbers: Set<Int64> = []
                for (result, group) in zip(own.dropFirst(2), groups) {
                    let shown = Set(try result.rows.map { try $0.value("id", as: UUID.self) })
                    numbers.formUnion(group.value.filter { shown.contains($0.record) }.map(\.number))
                }
                seen[viewer] = numbers
            }
        }
        return seen
    }

    private static func read(_ table: String, _ records: Set<UUID>) -> SQL {
        "SELECT t.id FROM \(unsafeUnescaped: table) t WHERE t.id = ANY(\(Array(records))::uuid[])"
    }
}
