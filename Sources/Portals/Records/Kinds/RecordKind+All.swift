import Accounts

extension RecordKind {
    /// Every kind, in the order of the menu.
    static let all: [RecordKind] =
        [
            orders, shipments, orderPayments, invoices, payments, partners, applications, leads, deals, proposals,
            activities, commissions, payouts, tickets, integrations, repLeads, repDeals, partnerOrders,
            partnerShipments, partnerInvoices,
        ]

    /// The kind of a portal that the API calls so.
    static func named(_ resource: String, in portal: Visitor.Kind) -> RecordKind? {
        all.first { $0.resource == resource && $0.portal == portal && $0.place == nil }
    }
}
