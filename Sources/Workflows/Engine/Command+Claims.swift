import Accounts
import Foundation
import StateMachines

extension Command {
    /// The inputs that name a record, the table that it is in, and what is wanted of it.
    ///
    /// Whoever is named as the rep of something has only to be seen: a manager of reps gives work to the team.
    private static let naming: [(input: String, table: Table, purpose: Scoping.Purpose)] = [
        ("customer", .customers, .act), ("deal", .deals, .act), ("lead", .leads, .act), ("order", .orders, .act),
        ("partner", .partners, .act), ("photo", .files, .read), ("proposal", .proposals, .act),
        ("quota_period", .quotaPeriods, .act), ("sales_rep", .salesReps, .read),
        ("shipping_address", .shippingAddresses, .act), ("signature", .files, .read),
    ]

    /// The records that have to be theirs who ask: the one that is moved, and every other that the inputs name.
    ///
    /// An input that is no id is for the reader of the body to refuse.
    var claims: [Claim] {
        let named = Self.naming.compactMap { input, table, purpose -> Claim? in
            guard case .string(let text) = inputs[input], let id = UUID(uuidString: text) else { return nil }
            return Claim(table, row: id, to: purpose)
        }
        return (move == "create" ? [] : [Claim(machine: machine, record: record, to: .act)]) + named
    }
}
