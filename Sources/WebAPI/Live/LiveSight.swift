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
    static let tables: [String: Table] = [
        "activity": .salesActivities, "commission": .commissions, "deal": .deals, "integration": .partnerIntegrations,
        "invoice": .invoices, "lead": .leads, "lead_note": .leadNotes, "notification": .notifications,
        "order": .orders, "order_payment": .orders, "partner": .partners, "partner_note": .partnerNotes,
        "proposal": .proposals, "shipment": .shipments, "ticket": .supportTickets,
    ]
    private static let portion = 50

    /// Asks which changes each viewer may see.
    ///
    /// - Parameters:
    ///   - changes: The changes.
    ///   - viewers: Who listens.
    /// - Returns: The numbers of the changes for each; nobody who is no longer active is among them.
    /// - Throws: `DatabaseError`.
    func seen(_ changes: [LiveChange], by viewers: Set<LiveViewer>) async throws -> [LiveViewer: Set<Int64>] {
        guard !viewers.isEmpty else { return [:] }
        // A subject that has no table is nobody's to see.
        let groups = Dictionary(grouping: changes) { Self.tables[$0.subject] }
            .compactMap { table, changes in table.map { (table: $0, changes: changes) } }
            .sorted { $0.table.rawValue < $1.table.rawValue }
        let reads = Dictionary(
            uniqueKeysWithValues: Visitor.Kind.allCases.map { kind in
                (kind, groups.map { Self.read($0.table, Set($0.changes.map(\.record)), for: kind) })
            })
        var seen: [LiveViewer: Set<Int64>] = [:]
        var rest = Array(viewers)[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.portion))
            rest = rest.dropFirst(Self.portion)
            let results = try await pool.run { session in
                try session.pipeline(
                    some.flatMap { viewer in
                        [viewer.become, Credential.asVisitor] + (reads[viewer.kind] ?? []) + [Credential.asProgram]
                    })
            }
            let length = groups.count + 3
            for (index, viewer) in some.enumerated() {
                let own = results[index * length..<(index + 1) * length]
                guard own.first?.rows.isEmpty == false else { continue }
                var numbers: Set<Int64> = []
                for (result, group) in zip(own.dropFirst(2), groups) {
                    let shown = Set(try result.rows.map { try $0.value("id", as: UUID.self) })
                    numbers.formUnion(group.changes.filter { shown.contains($0.record) }.map(\.number))
                }
                seen[viewer] = numbers
            }
        }
        return seen
    }

    /// The first wall says so, and the second once more.
    private static func read(_ table: Table, _ records: Set<UUID>, for kind: Visitor.Kind) -> SQL {
        """
        SELECT t.id FROM \(unsafeUnescaped: table.rawValue) t
        WHERE t.id = ANY(\(Array(records))::uuid[]) AND \(Scoping.predicate(for: table, of: kind, alias: "t"))
        """
    }
}
