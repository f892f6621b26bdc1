import Accounts
import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("what somebody from outside may make the engine do")
struct VisitorScopeTests {
    /// A rep with a lead, the rep's manager, another rep, and an admin.
    private struct Company {
        let bed: SalesBed
        let lead: UUID
        let rep: Visitor
        let stranger: Visitor
        let manager: Visitor
        let admin: Visitor

        init(_ bed: SalesBed) async throws {
            self.bed = bed
            lead = try await bed.lead()
            rep = Visitor(kind: .salesRep, id: try #require(bed.rep.id), role: "rep")
            stranger = Visitor(kind: .salesRep, id: UUID(), role: "rep")
            manager = Visitor(kind: .salesRep, id: UUID(), role: "manager")
            admin = Visitor(kind: .admin, id: UUID(), role: "admin", permissions: ["leads.manage"])
            for one in [stranger, manager] { try await bed.addRep(one.id, states: []) }
            _ = try await bed.pool.query("UPDATE sales_reps SET role = 'manager' WHERE id = \(manager.id)")
            _ = try await bed.pool.query("UPDATE sales_reps SET manager_id = \(manager.id) WHERE id = \(rep.id)")
            _ = try await bed.pool.query(
                """
                INSERT INTO admins (id, email, first_name, last_name)
                VALUES (\(admin.id), 'ada@drizzl.example', 'Ada', 'Okafor')
                """)
        }

        func perform(
            _ move: String = "lead.contact", on record: UUID? = nil,
            _ inputs: [String: JSONValue] = ["channel": "call"],
            by visitor: Visitor, dryRun: Bool = false
        ) async throws -> Outcome {
            let parts = move.split(separator: ".").map(String.init)
            let command = Command(
                id: UUID(), machine: parts[0], record: record ?? lead, move: parts[1], inputs: inputs, visitor: visitor,
                isDryRun: dryRun)
            return try await bed.engine.perform(command, now: SalesBed.time("2026-03-03 10:00"))
        }

        /// How much was written of anything, and where the lead stands.
        func written() async throws -> String {
            let rows = try await bed.pool.query(
                """
                SELECT concat_ws(' ', (SELECT count(*) FROM workflow_events), (SELECT count(*) FROM workflow_commands),
                    (SELECT count(*) FROM queue.jobs), (SELECT count(*) FROM sales_activities),
                    (SELECT count(*) FROM deals), (SELECT status FROM leads WHERE id = \(lead))) AS all
                """)
            return try rows.first?.value("all") ?? ""
        }

        func explained(_ visitor: Visitor) async throws -> [UUID: Explanation] {
            try await bed.engine.explain(
                machine: "lead", records: [lead, UUID()], visitor: visitor, now: SalesBed.time("2026-03-03 10:00"))
        }
    }

    @Test func `a record that is not theirs is answered like one that does not exist, and nothing is written`()
        async throws
    {
        try await SalesBed.with { bed in
            let company = try await Company(bed)
            let before = try await company.written()
            let foreign = try await company.perform(by: company.stranger)
            let unknown = try await company.perform(on: UUID(), by: company.stranger)
            #expect(foreign == unknown)
            #expect(foreign.codes == ["not_found"])
            #expect(try await company.perform(by: company.stranger, dryRun: true) == foreign)
            #expect(try await company.perform("lead.no_such_move", by: company.stranger) == foreign)
            // What a manager of reps reads of the team is not theirs to move.
            #expect(try await company.perform(by: company.manager) == foreign)
            #expect(try await company.written() == before)
            #expect(try await company.perform(by: company.rep).receipt?.state == "contacted")
        }
    }

    @Test func `an admin acts on what they all see`() async throws {
        try await SalesBed.with { bed in
            let company = try await Company(bed)
            #expect(try await company.perform(by: company.admin).receipt?.state == "contacted")
        }
    }

    @Test func `a new record begins with nothing that is not theirs`() async throws {
        try await SalesBed.with { bed in
            let company = try await Company(bed)
            let before = try await company.written()
            var call: [String: JSONValue] = [
                "lead": .string(company.lead.uuidString), "type": "call", "happened": true,
            ]
            let foreign = try await company.perform("activity.create", on: UUID(), call, by: company.stranger)
            #expect(foreign.codes == ["not_found"])
            let unknown = call.merging(["lead": .string(UUID().uuidString)]) { $1 }
            #expect(
                try await company.perform("activity.create", on: UUID(), unknown, by: company.stranger) == foreign)
            call["sales_rep"] = .string(company.stranger.id.uuidString)
            #expect(
                try await company.perform("activity.create", on: UUID(), call, by: company.rep).codes == ["not_found"])
            #expect(try await company.written() == before)
            call["sales_rep"] = nil
            #expect(
                try await company.perform("activity.create", on: UUID(), call, by: company.rep).receipt != nil)
        }
    }

    @Test func `what can be done is told to those who see the record, a manager included`() async throws {
        try await SalesBed.with { bed in
            let company = try await Company(bed)
            for visitor in [company.rep, company.manager, company.admin] {
                #expect(try await Set(company.explained(visitor).keys) == [company.lead])
            }
            #expect(try await company.explained(company.stranger).isEmpty)
        }
    }

    @Test func `in bulk, each record is asked about by itself`() async throws {
        try await SalesBed.with { bed in
            let company = try await Company(bed)
            let foreign = try await bed.lead(["sales_rep": .string(company.stranger.id.uuidString)])
            let bulk = BulkCommand(
                id: UUID(), machine: "lead", records: [foreign, company.lead], move: "contact",
                inputs: ["channel": "call"], visitor: company.rep)
            let outcomes = try await bed.engine.perform(bulk, now: SalesBed.time("2026-03-03 10:00"))
            #expect(outcomes.map(\.outcome.codes) == [["not_found"], []])
            #expect(outcomes.last?.outcome.receipt?.state == "contacted")
        }
    }

    @Test func `who was switched off meanwhile owns nothing any more`() async throws {
        try await SalesBed.with { bed in
            let company = try await Company(bed)
            _ = try await bed.pool.query("UPDATE sales_reps SET is_active = false WHERE id = \(company.rep.id)")
            #expect(try await company.perform(by: company.rep).codes == ["not_found"])
        }
    }

    @Test func `a partner's user orders and cancels for that partner alone, in as many round trips as anybody`()
        async throws
    {
        try await OrderBed.with(connections: 1) { bed in
            let product = try await bed.product(1_000)
            let buyer = Visitor(kind: .partnerUser, id: bed.user, role: "buyer", partnerID: bed.partner)
            let stranger = Visitor(kind: .partnerUser, id: UUID(), role: "owner", partnerID: bed.partner)
            let order = UUID()
            let inputs = ["partner": .string(bed.partner.uuidString), "lines": bed.lines(product, 10)]
            func perform(_ move: String, _ inputs: [String: JSONValue], by visitor: Visitor) async throws -> (
                Outcome, Int
            ) {
                let before = try await bed.pool.run { $0.roundTrips }
                let outcome = try await bed.engine.perform(
                    Command(
                        id: UUID(), machine: "order", record: order, move: move, inputs: inputs, visitor: visitor),
                    now: OrderBed.now)
                return (outcome, try await bed.pool.run { $0.roundTrips } - before)
            }
            #expect(try await perform("create", inputs, by: stranger).0.codes == ["not_found"])
            let placed = try await perform("create", inputs, by: buyer)
            #expect(placed.0.receipt != nil)
            #expect(placed.1 == 3)
            #expect(try await perform("withdraw", [:], by: stranger).0.codes == ["not_found"])
            let cancelled = try await perform("withdraw", [:], by: buyer)
            #expect(cancelled.0.receipt?.state == "cancelled")
            #expect(cancelled.1 == 3)
        }
    }
}
