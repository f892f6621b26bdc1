import Database
import Foundation
import StateMachines
import TestSupport
import Workflows

extension Installation {
    /// Confirms Bluebird's waiting order and hands it to the carrier, which issues its invoice.
    ///
    /// - Returns: The invoice.
    func ship() async throws -> UUID {
        let files = WorkflowFiles.load(directory: DrizzlProcess.root.appending(path: "workflows")).files
        let secrets = try SecretBox(keys: [1: Array(repeating: 7, count: 32)], current: 1)
        let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
        let engine = try await Engine.start(
            files, lifecycles: Lifecycles.all(secrets: secrets), calendar: CompanyCalendar(zone: zone, holidays: []),
            pool: pool)
        // wall-clock: the programs that carry on work by it.
        let now = Date()
        let day = CalendarDay(now, in: zone).adding(days: 7)
        let admin = Actor(kind: .admin, id: UUID(), role: "admin", permissions: ["orders.manage"])
        let order: SQL = "SELECT id FROM orders WHERE order_number = 'ORD-10147'"
        for (machine, move, record, inputs, actor) in [
            ("order", "confirm", order, ["estimated_delivery": JSONValue.string(day.description)], admin),
            ("order", "release_from_stock", order, [:], admin),
            (
                "shipment", "pick_up", "SELECT id FROM shipments WHERE order_id = (\(order))", [:],
                Actor(kind: .service, role: "carrier")
            ),
        ] as [(String, String, SQL, [String: JSONValue], Actor)] {
            guard let row = try await pool.query(record).first else {
                throw DrizzlProcess.Failure(description: "nothing to \(move)")
            }
            let command = Command(
                id: UUID(), machine: machine, record: try row.value("id"), move: move, inputs: inputs, actor: actor)
            if case .refused(let refusal) = try await engine.perform(command, now: now) { throw refusal }
        }
        return try await invoice(ofOrder: "ORD-10147")
    }
}
