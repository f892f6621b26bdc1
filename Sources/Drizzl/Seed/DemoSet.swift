import Foundation
import StateMachines

/// The demo as the files of `seeds/` tell it.
///
/// Days and moments are those around ``DemoCalendar/written``.
struct DemoSet: Sendable {
    var people: DemoPeople
    var products: [DemoProduct]
    var partners: [DemoPartner]
    var leads: [DemoLead]
    var deals: DemoDeals
    var orders: DemoOrders
    var activities: [DemoActivity]
    var moves: [DemoMove]
    var conversations: [DemoConversation]

    /// Reads every file.
    init(from folder: URL) throws {
        people = try DemoFile.read("people.json", in: folder)
        products = try DemoFile.read("products.json", in: folder)
        partners = try DemoFile.read("partners.json", in: folder)
        leads = try DemoFile.read("leads.json", in: folder)
        deals = try DemoFile.read("deals.json", in: folder)
        orders = try DemoFile.read("orders.json", in: folder)
        activities = try DemoFile.read("activities.json", in: folder)
        moves = try DemoFile.read("moves.json", in: folder)
        conversations = try DemoFile.read("conversations.json", in: folder)
    }

    /// The partner of that key.
    func partner(_ key: String) -> DemoPartner? { partners.first { $0.key == key } }

    /// Everything that happens.
    func steps(_ calendar: DemoCalendar) throws -> [DemoStep] {
        try people.steps(calendar) + products.flatMap { try $0.steps(calendar) }
            + partners.flatMap { try $0.steps(calendar) } + leads.flatMap { try $0.steps(calendar) }
            + deals.steps(calendar) + orders.steps + activities.map(\.step)
            + moves.map { DemoStep(at: $0.at, action: .move($0)) } + conversations.flatMap { try $0.steps(calendar) }
    }
}
