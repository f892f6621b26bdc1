import Database
public import Foundation

/// A record that somebody names, and what they want of it.
public struct Claim: Sendable {
    private var table: Table?
    private var machine: String?
    private var record: UUID
    private var purpose: Scoping.Purpose

    /// Claims a record of a machine.
    public init(machine: String, record: UUID, to purpose: Scoping.Purpose) {
        (table, self.machine, self.record, self.purpose) = (Table(machine: machine), machine, record, purpose)
    }

    /// Claims a row of a table.
    public init(_ table: Table, row: UUID, to purpose: Scoping.Purpose) {
        (self.table, self.record, self.purpose) = (table, row, purpose)
    }

    /// Whether it is theirs: by the predicate, under the policies, and of a machine's record by the function as well.
    func question(of kind: Visitor.Kind) -> SQL {
        guard let table else { return "visitor.kind() = 'admin'" }
        let byPredicate: SQL = """
            EXISTS (SELECT FROM \(unsafeUnescaped: table.rawValue) t
                WHERE t.id = \(record) AND \(Scoping.predicate(for: table, of: kind, to: purpose, alias: "t")))
            """
        guard let machine else { return byPredicate }
        let function: SQL = purpose == .read ? "visitor.sees" : "visitor.owns"
        return "\(byPredicate) AND \(function)(\(machine)::text, \(record)::uuid)"
    }
}
