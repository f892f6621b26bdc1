import Database
import Foundation
import StateMachines
import Workflows

/// Plants the demo data: people and orders as rows, invoices and payments through the engine, as they would have
/// happened.
///
/// Planting again changes nothing.
struct DemoSeed: Sendable {
    let house: House
    let set: DemoSet

    /// What was planted.
    struct Counts: Sendable {
        var partners = 0
        var orders = 0
        var invoices = 0
        var isNew = true
    }

    /// The database holds data that is none of ours.
    struct ForeignData: Error, CustomStringConvertible {
        var description: String {
            "This database already holds other partners, so no demo data is planted. Use an empty database."
        }
    }

    init(_ house: House) throws {
        self.house = house
        self.set = try DemoSet.read(from: house.settings.home.appending(path: "seeds/demo.json"))
    }

    /// Whether something of the demo is missing in a database that holds nothing else: at the first start, or after a
    /// planting that was cut off.
    func isWanted() async throws -> Bool {
        let emails = try await house.pool.query("SELECT email::text AS email FROM partners")
        let ours = Set(set.partners.map(\.email))
        guard try emails.allSatisfy({ ours.contains(try $0.value("email")) }) else { return false }
        let references = set.orders.flatMap(\.payments).map(\.reference)
        let planted = try await house.pool.query(
            "SELECT FROM payments WHERE external_reference = ANY(\(references))")
        let invoices = try await house.pool.query("SELECT FROM invoices LIMIT \(set.orders.count)")
        return invoices.count < set.orders.count || planted.count < references.count
    }

    /// Plants everything that is not there.
    ///
    /// - Throws: ``ForeignData``; `DatabaseError`.
    func plant() async throws -> Counts {
        let now = house.now()
        let known = try await house.pool.query("SELECT email::text AS email FROM partners")
        let ours = Set(set.partners.map(\.email))
        guard try known.allSatisfy({ ours.contains(try $0.value("email")) }) else { throw ForeignData() }
        var counts = Counts(partners: set.partners.count, orders: set.orders.count, isNew: known.isEmpty)
        let (set, zone) = (set, house.calendar.zone)
        let today = CalendarDay(now, in: zone)
        try await house.pool.transaction { session in
            _ = try session.pipeline(DemoRows.all(of: set, today: today))
        }
        try await startNumbers()
        for order in set.orders {
            try await invoice(order, now: now, today: today)
            counts.invoices += 1
        }
        return counts
    }

    /// Numbers begin where the demo's history left off; the series is the engine's to write.
    private func startNumbers() async throws {
        let first = set.firstInvoiceNumber
        try await house.pool.transaction { session in
            _ = try session.pipeline([
                "SET LOCAL ROLE drizzl_engine",
                "UPDATE number_series SET next = \(first) WHERE series = 'INV' AND next < \(first)",
            ])
        }
    }

    private func invoice(_ order: DemoSet.Order, now: Date, today: CalendarDay) async throws {
        // Of the same day as it is, so that what was issued today does not lie ahead.
        func moment(daysAgo: Int) -> Date {
            daysAgo == 0 ? now : today.adding(days: -daysAgo).instant(hour: 9, minute: 30, in: house.calendar.zone)
        }
        let record = DemoRows.id("invoice", order.orderNumber)
        let create = Command(
            id: DemoRows.id("create", order.orderNumber), machine: InvoiceLifecycle.machine, record: record,
            move: "create", inputs: ["order": .string(DemoRows.id("order", order.orderNumber).uuidString)],
            actor: .system)
        try await perform(create, at: moment(daysAgo: order.invoicedDaysAgo))
        for payment in order.payments {
            let day = today.adding(days: -payment.daysAgo)
            let command = Command(
                id: DemoRows.id("payment", payment.reference), machine: InvoiceLifecycle.machine, record: record,
                move: "record_payment",
                inputs: [
                    "amount": .integer(payment.amountCents), "received_on": .string(day.description),
                    "reference": .string(payment.reference), "method": .string(payment.method),
                ],
                actor: Actor(kind: .service, role: "gateway"))
            try await perform(command, at: moment(daysAgo: payment.daysAgo).addingTimeInterval(3_600))
        }
    }

    private func perform(_ command: Command, at moment: Date) async throws {
        guard case .refused(let refusal) = try await house.engine.perform(command, now: moment) else { return }
        // Planted on another day the same command tells another date; it was done then, and nothing is to be changed.
        guard refusal.codes == ["command_reused"] else { throw refusal }
    }
}
