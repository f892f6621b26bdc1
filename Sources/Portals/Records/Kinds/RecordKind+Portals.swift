import Accounts
import StateMachines
import WebAPI

/// What reps and partners have pages for: the same records, less of each, and what they may do with theirs.
extension RecordKind {
    /// A rep's leads.
    static let repLeads: RecordKind = {
        var kind = lead(portal: .salesRep)
        kind.group = "Selling"
        return kind
    }()

    /// A rep's deals.
    static let repDeals: RecordKind = {
        var kind = deal(portal: .salesRep)
        kind.group = "Selling"
        return kind
    }()

    /// A partner's orders.
    static let partnerOrders: RecordKind = {
        var kind = orders
        (kind.portal, kind.group) = (.partnerUser, "Shop")
        (kind.subtitle, kind.about) = (nil, "Your orders, and where they are")
        kind.filters = []
        kind.bulkMoves = []
        kind.columns = orders.columns.filter { !["Partner", "Rep", "Type"].contains($0.label) }
        kind.facts = orders.facts.filter { !["Sales rep", "Type"].contains($0.label) }
        kind.edits = orders.edits.filter { $0.type == .text }
        kind.making = Making(
            button: "New order", needs: nil,
            inputs: ["lines", "shipping_address", "po_number", "special_instructions", "allow_backorder"],
            sources: ["shipping_address": .addresses, "lines": .products], own: "partner")
        return kind
    }()

    /// A partner's invoices.
    static let partnerInvoices: RecordKind = {
        var kind = invoices
        (kind.portal, kind.group, kind.subtitle) = (.partnerUser, "Shop", nil)
        kind.about = "What is to be paid, and what was"
        kind.columns = invoices.columns.filter { $0.label != "Partner" }
        return kind
    }()

    /// A partner's parcels.
    static let partnerShipments: RecordKind = {
        var kind = shipments
        (kind.portal, kind.group, kind.subtitle) = (.partnerUser, "Shop", nil)
        (kind.filters, kind.bulkMoves, kind.edits, kind.making) = ([], [], [], nil)
        kind.about = "What is on its way to you"
        kind.columns = shipments.columns.filter { $0.label != "Partner" }
        return kind
    }()
}
