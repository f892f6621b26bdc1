public import Database
public import StateMachines

/// The code behind `workflows/partner.yaml`: a wholesale customer and its account (L-03).
public struct PartnerLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `partner`.
    public static let machine = "partner"

    /// Guards and applies by name.
    public var rules: Rules<PartnerFacts> {
        Rules(guards: PartnerGuards.all, applies: PartnerApplies.all)
    }

    /// None: nothing that happens elsewhere moves a partner.
    public var finders: [String: Finder] { [:] }

    /// `partner_for_deal`.
    public var factories: [String: Factory<PartnerFacts>] { ["partner_for_deal": PartnerOfDeal.factory] }

    /// Reads partners under their locks, then what is still open with them.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        [PartnerRows.partners(records, locking: locking), PartnerRows.open(records)]
    }

    /// The partners.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<PartnerFacts>] {
        try results[0].rows.map { row in
            var facts = try PartnerFacts(row)
            for open in results[1].rows where try open.value("id") == facts.id {
                facts.openOrders = try open.value("open_orders")
                facts.openInvoices = try open.value("open_invoices")
                facts.amountDueCents = try open.value("amount_due_cents")
            }
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads whether the address is free and the rep there.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] {
        let application = try PartnerApplication(command)
        return [
            PartnerRows.taken("SELECT \(application.details.email)::text"),
            "SELECT id FROM sales_reps WHERE id = \(application.salesRepID) AND is_active",
        ]
    }

    /// The facts of an application.
    ///
    /// - Throws: `Refusal` with 422; `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> PartnerFacts? {
        let application = try PartnerApplication(command)
        if try results[0].rows.first?.value("is_taken") ?? false {
            throw Refusal(
                status: 422, code: "email_taken", message: "There is an account with this address.", field: "email")
        }
        if application.salesRepID != nil, results[1].rows.isEmpty {
            throw Refusal(
                status: 422, code: "input_invalid", message: "There is no such active rep.", field: "sales_rep")
        }
        return PartnerFacts(id: command.record, application)
    }

    /// Writes a new partner with its first owner, and ties it to its lead.
    public func insert(_ change: Change<PartnerFacts>) -> [SQL] {
        PartnerRows.insert(change.facts, change.standing)
    }

    /// Writes the partner by compare and swap, and its users when they lose access.
    public func update(_ change: Change<PartnerFacts>, before: Loaded<PartnerFacts>) -> [SQL] {
        var statements = [PartnerRows.update(change.facts, change.standing, from: before.standing)]
        // Nobody of a rejected or withdrawn application signs in either; the address is free for another one.
        if change.facts.hasPortalAccessEnded || change.standing.state == "closed" {
            statements.append(PartnerRows.switchOffUsers(of: change.facts.id))
        }
        return statements
    }
}
