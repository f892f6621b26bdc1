public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/order.yaml`: an order from placing to delivery (L-04).
public struct OrderLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `order`.
    public static let machine = "order"

    /// Guards, applies and separations by name.
    public var rules: Rules<OrderFacts> {
        Rules(
            guards: OrderGuards.all, applies: OrderApplies.all,
            separations: [
                "creator": { facts, actor in actor.kind == facts.placedBy.kind && actor.id == facts.placedBy.id }
            ])
    }

    /// Nothing makes orders by itself.
    public var factories: [String: Factory<OrderFacts>] { [:] }

    /// The order of its payment or parcel, and the held orders of a partner.
    public var finders: [String: Finder] {
        [
            "order_of_payment": { source in "SELECT \(source.record)::uuid AS id" },
            "order_of_shipment": { source in "SELECT order_id AS id FROM shipments WHERE id = \(source.record)" },
            "held_orders_of_partner": { source in
                let partner: SQL =
                    switch source.machine {
                    case "invoice": "SELECT partner_id FROM invoices WHERE id = \(source.record)"
                    case "order": "SELECT partner_id FROM orders WHERE id = \(source.record)"
                    default: "SELECT \(source.record)::uuid"
                    }
                return """
                    SELECT o.id FROM orders o
                    WHERE o.partner_id = (\(partner)) AND o.status = 'pending' AND o.held_since IS NOT NULL
                    ORDER BY o.created_at, o.id
                    """
            },
        ]
    }

    /// Reads orders with all that their moves depend on: their locks first; of those that wait the partners' and then
    /// the products', in the order of their ids.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        // A reaction or a timer may look at the holds again.
        let allocates = command.map { ["revise", "recheck_holds"].contains($0.move) } ?? true
        var asked: [JSONValue]?
        if command?.move == "revise", case .array(let lines) = command?.inputs["lines"] { asked = lines }
        let products = (asked ?? []).compactMap(\.product)
        var statements = locking ? [OrderRows.lock(records)] : []
        if locking, allocates {
            statements += [OrderRows.lockPartners(of: records), OrderRows.lockProducts(of: records, and: products)]
        }
        statements += [
            OrderRows.orders(records, locking: locking), OrderRows.lines(of: records), OrderRows.holds(of: records),
            OrderRows.invoices(of: records), OrderRows.parcels(of: records),
            OrderRows.products(of: records, and: products), OrderRows.reservedBefore(records),
            OrderRows.credit(of: records), OrderRows.spent(besides: records),
        ]
        guard let asked else { return statements }
        statements.append("SELECT \(JSONValue.array(asked).json)::text AS lines")
        return statements
            + OrderRows.prices(
                of: products, partner: "SELECT partner_id FROM orders WHERE id IN (\(records))",
                state: "SELECT ship_to_state FROM orders WHERE id IN (\(records))")
    }

    /// The orders.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded; `Refusal` with 422 when lines that are asked for cannot
    ///   be read.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<OrderFacts>] {
        // Three locks at most stand before the nine that are always read, and five about what is asked for after them.
        let asks = results.count >= OrderResults.count + OrderResults.asked
        let read = OrderResults(asks ? results.dropLast(OrderResults.asked) : results[...])
        var asked: AskedOrder?
        if asks, let text = try results.suffix(OrderResults.asked).first?.rows.first?.value("lines", as: String.self) {
            let lines = try AskedLine.read(JSONDecoder().decode([JSONValue].self, from: Data(text.utf8)))
            asked = try AskedOrder(lines, results.suffix(OrderResults.asked - 1))
        }
        let products = try read.products.map(OrderProduct.init)
        return try read.orders.map { row in
            var facts = try OrderFacts(row)
            facts.asked = asked
            try read.fill(&facts, products)
            try facts.demandAskedProducts()
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads, under their locks, the partner, the products and the series, and all that prices and holds depend on.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] { OrderBody.statements(try OrderBody(command)) }

    /// The facts of a new order; nil when there is no such partner or consumer.
    ///
    /// - Throws: `Refusal` with 422; `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> OrderFacts? {
        try OrderBody(command).facts(results, for: command)
    }

    /// Writes a new order.
    public func insert(_ change: Change<OrderFacts>) -> [SQL] {
        let facts = change.facts
        return [OrderRows.insert(facts, change.standing)] + OrderRows.writeLines(facts, before: nil)
            + OrderRows.writeHolds(facts, before: nil)
            + OrderRows.allocate(facts, before: nil, by: change.events.last?.actor ?? .system)
            + [NumberSeries.order.take]
    }

    /// Writes what is different: stock that is given back first, then lines, then stock that is set aside.
    public func update(_ change: Change<OrderFacts>, before: Loaded<OrderFacts>) -> [SQL] {
        let facts = change.facts
        let actor = change.events.last?.actor ?? .system
        return [OrderRows.update(facts, change.standing, from: before.standing)]
            + OrderRows.release(facts, before: before.facts, by: actor)
            + OrderRows.writeLines(facts, before: before.facts)
            + OrderRows.writeHolds(facts, before: before.facts)
            + OrderRows.allocate(facts, before: before.facts, by: actor)
    }
}

/// The results of the statements that are always read, last of the locks.
struct OrderResults {
    /// How many they are.
    static let count = 9
    /// How many follow when lines are asked for.
    static let asked = 5

    private let rows: [[Row]]

    init(_ results: ArraySlice<StatementResult>) { rows = results.suffix(Self.count).map(\.rows) }

    var orders: [Row] { rows[0] }
    var products: [Row] { rows[5] }

    /// Adds what belongs to an order.
    func fill(_ facts: inout OrderFacts, _ all: [OrderProduct]) throws {
        facts.lines = try own(1, facts.id).map(OrderLine.init)
        facts.holds = try own(2, facts.id).map(OrderHold.init)
        facts.invoice = try own(3, facts.id).first.map(InvoiceState.init)
        facts.parcels = try own(4, facts.id).map(Parcel.init)
        let wanted = Set(facts.lines.map(\.productID) + (facts.asked?.lines ?? []).map(\.productID))
        for product in all where wanted.contains(product.id) { facts.products[product.id] = product }
        for row in try own(6, facts.id) {
            facts.products[try row.value("product_id")]?.reservedBefore = try row.value("quantity")
        }
        if let row = try own(7, facts.id).first {
            facts.credit = try CreditStanding(row)
            facts.oldestOpenInvoice = try OpenInvoice(row)
        }
        for row in try own(8, facts.id) { facts.budget?.spent[try row.value("placed_on")] = try row.value("cents") }
    }

    private func own(_ index: Int, _ order: UUID) throws -> [Row] {
        try rows[index].filter { try $0.value("order_id", as: UUID.self) == order }
    }
}

extension OrderFacts {
    /// Refuses lines whose product is unknown or not sold.
    func demandAskedProducts() throws(Refusal) {
        var reasons: [Refusal.Reason] = []
        for (index, line) in (asked?.lines ?? []).enumerated() where products[line.productID]?.isActive != true {
            reasons.append(
                .init(code: "unknown_product", message: "Line \(index + 1): this product is not sold.", field: "lines"))
        }
        guard reasons.isEmpty else { throw Refusal(status: 422, reasons: reasons) }
    }
}

extension JSONValue {
    /// The product of a line that is asked for, if one can be read.
    var product: UUID? {
        guard case .object(let line) = self, case .string(let text) = line["product"] else { return nil }
        return UUID(uuidString: text)
    }
}
