import Foundation
public import StateMachines

/// What people are told with a notice: its words, who of the admins it is for, and on which ways it goes.
///
/// Source: product/notifications.md.
public struct NoticeText: Sendable {
    /// One line; `{…}` are words of the record.
    public var title: String
    /// A sentence.
    public var message: String
    /// The page, below the reader's portal, where it is not the record's own.
    public var path: String?
    /// Which admins it is for.
    public var permission: String
    /// Whether it goes by mail too.
    public var hasEmail = true
    /// Whether nobody may switch it off.
    public var isCritical = false
    /// Whether a record gives it once, however often the same thing happens to it.
    public var isOnce = false

    init(
        _ title: String, _ message: String, for permission: String = "ops.manage", path: String? = nil,
        once: Bool = false, critical: Bool = false
    ) {
        (self.title, self.message, self.permission, self.path) = (title, message, permission, path)
        (self.isOnce, self.isCritical) = (once, critical)
    }

    /// The notice of that name in the vocabulary.
    public static func named(_ name: String) -> NoticeText? { all[name] }

    /// What keeps the program from starting: notices of the vocabulary without words.
    public static func missing(in vocabulary: Vocabulary) -> [String] {
        vocabulary.notices.map(\.name.text).filter { all[$0] == nil }
    }

    private static let all = sales.merging(orders) { one, _ in one }.merging(money) { one, _ in one }
        .merging(accounts) { one, _ in one }

    private static let sales: [String: NoticeText] = [
        "lead_created": .init(
            "New lead: {company}", "{rep} added {company} ({source}, {value_cents}/year).", for: "leads.manage",
            once: true),
        "lead_assigned": .init("New lead assigned to you", "{company}, {contact}, {value_cents}/year."),
        "lead_untouched": .init("{company} waits for a first word", "Nobody has contacted {contact} yet."),
        "lead_gone_quiet": .init("{company} has gone quiet", "The last contact with {contact} was two weeks ago."),
        "deal_close_date_passed": .init(
            "{deal} should be closed by now", "The expected close date was {close_on}. Close it or choose a new day."),
        "deal_stale": .init(
            "{deal} does not move", "{company}, {value_cents}/year, has been in its stage for two weeks."),
        "proposal_viewed": .init(
            "{company} opened your proposal", "Version {version}, valid until {valid_on}.", path: "/leads/{lead_id}"),
        "proposal_decided": .init(
            "{company}: proposal {decision}", "Version {version} was {decision}. {reason}", path: "/leads/{lead_id}"),
        "proposal_follow_up": .init(
            "Follow up on your proposal", "{company} has had version {version} for a few days.",
            path: "/leads/{lead_id}"),
        "proposal_expiring": .init(
            "Your proposal runs out", "{company}: version {version} is valid until {valid_on}.",
            path: "/leads/{lead_id}"),
        "proposal_expired": .init(
            "Your proposal has run out", "{company}: version {version} was valid until {valid_on}.",
            path: "/leads/{lead_id}"),
        "activity_missed": .init("{subject} has no outcome", "{company}, {scheduled_at}. How did it go?"),
    ]

    private static let orders: [String: NoticeText] = [
        "large_order": .init(
            "Large order {number}", "{business} ordered {total_cents}.", for: "orders.manage", once: true),
        "partner_ordered": .init("{business} placed an order", "{net_cents}: you earn {commission_cents}.", once: true),
        "order_confirmed": .init("Order {number} confirmed", "Estimated delivery {delivery_on}.", once: true),
        "order_shipped": .init("Order {number} shipped", "{carrier} {tracking}, arrives {arrives_at}.", once: true),
        "order_delivered": .init(
            "Order {number} delivered", "Signed by {signed_by}, {delivered_at}.", path: "/track/{shipment_id}",
            once: true),
        "order_held": .init(
            "Order {number} is on hold", "The order of {business} over {total_cents} waits. Its page says for what.",
            for: "credit.release"),
        "order_released": .init(
            "Order {number} is released", "Nothing holds the order of {business} any more.", for: "orders.manage"),
        "order_cancelled": .init(
            "Order {number} is cancelled", "The order of {business} over {total_cents} was cancelled. {reason}",
            for: "orders.manage"),
        "order_to_confirm": .init(
            "Order {number} can be confirmed", "{business}, {total_cents}.", for: "orders.manage"),
        "order_delayed": .init(
            "Order {number} is delayed", "{business}: the new estimated delivery is {delivery_on}. {reason}",
            for: "orders.manage"),
        "order_at_risk": .init(
            "Order {number} may be late", "{business} expects it on {delivery_on}.", for: "orders.manage"),
        "stock_released": .init(
            "Order {number}: the stock was given back",
            "It was set aside for three days. It is looked for again when the order goes on."),
        "delivery_slow": .init(
            "Order {number} takes long", "{business} still waits for the delivery.", for: "shipments.manage"),
        "delivery_withdrawn": .init(
            "Order {number} was not delivered after all", "{business}: the delivery was taken back. {reason}",
            for: "shipments.manage"),
        "shipment_problem": .init(
            "Order {number}: a parcel has a problem", "{carrier} {tracking}: {problem}.", for: "shipments.manage"),
        "shipment_problem_open": .init(
            "Order {number}: the parcel's problem is still open", "{carrier} {tracking}: {problem}.",
            for: "shipments.manage"),
        "parcel_not_collected": .init(
            "Order {number}: nobody has collected the parcel", "{carrier} {tracking}, for {business}.",
            for: "shipments.manage"),
        "temperature_excursion": .init(
            "Order {number}: the parcel got too warm", "{carrier} {tracking} is on quality hold since {held_at}.",
            for: "quality.decide", critical: true),
        "quality_decided": .init(
            "Order {number}: the goods were looked at", "Decision: {decision}. {reason}", for: "quality.decide"),
        "quality_decision_waits": .init(
            "Order {number} waits for a decision", "On quality hold since {held_at}.", for: "quality.decide"),
    ]

    private static let money: [String: NoticeText] = [
        "partner_overdue": .init(
            "Payment overdue: {business}", "{number} {due_cents} was due {due_on}.", for: "invoices.manage", once: true),
        "payment_failed": .init(
            "Payment for order {number} failed", "{total_cents} could not be collected. {reason}", critical: true),
        "payment_received": .init("Payment received", "Thank you: {amount_cents} for {number}. Open now: {due_cents}."),
        "refund_sent": .init("Refund for order {number}", "{amount_cents} is on its way back to you."),
        "payment_lost": .init(
            "Order {number} is not paid any more",
            "{business}: the payment of {total_cents} was taken back after the goods moved.", for: "payments.record"),
        "payment_bounced": .init(
            "Payment bounced: {business}", "{number}: {due_cents} is open again, due {due_on}.", for: "payments.record"),
        "late_fee_added": .init("Late fee on {number}", "A late fee was added. Open now: {due_cents}, due {due_on}."),
        "partner_orders_held": .init(
            "New orders of {business} are held", "{number} over {due_cents} is 30 days overdue."),
        "invoice_disputed": .init("{business} disputes {number}", "{due_cents}: {dispute}", for: "invoices.manage"),
        "dispute_closed": .init(
            "The dispute about {number} is settled", "{reason} Open now: {due_cents}.", for: "invoices.manage"),
        "promise_broken": .init(
            "A promise to pay has passed: {business}", "{number}: {due_cents} was promised for {promised_on}.",
            for: "invoices.manage"),
        "commission_approved": .init("Commission approved", "{amount_cents} for {kind} {number}."),
        "commission_rejected": .init("Commission sent back", "{amount_cents} for {kind} {number}. {reason}"),
        "commission_waits": .init(
            "A commission waits for approval", "{rep}: {amount_cents} for {kind} {number}.", for: "commissions.approve"),
        "commission_unpaid": .init(
            "A commission is not paid yet", "{rep}: {amount_cents} for {kind} {number}.", for: "payouts.run"),
        "payout_paid": .init("Your commission is paid", "{amount_cents} for {kind} {number}."),
    ]

    private static let accounts: [String: NoticeText] = [
        "partner_application": .init(
            "New partner application", "{business} ({type}, {state}) needs approval.", for: "partners.approve",
            path: "/applications/{id}", once: true),
        "partner_application_waits": .init(
            "An application waits", "{business} ({type}, {state}) has waited since {since_at}.",
            for: "partners.approve", path: "/applications/{id}"),
        "partner_withdrew": .init(
            "An application was withdrawn", "{business} took its application back.", for: "partners.approve"),
        "partner_approved": .init(
            "{business} is approved", "Tier {tier}, {terms}, credit limit {limit_cents}. Orders can be placed now."),
        "partner_rejected": .init("{business} was not approved", "{reason}"),
        "partner_suspended": .init("{business} is suspended", "New orders are refused. {reason}"),
        "partner_reinstated": .init("{business} can order again", "The suspension has ended. {reason}"),
        "partner_suspension_review": .init(
            "{business} is still suspended", "Suspended since {since_at}: reinstate or close?", for: "partners.manage"),
        "tier_changed": .init("Your tier is {tier} now", "It holds for orders placed from now on. {reason}"),
        "terms_changed": .init("Your terms have changed", "{terms}, credit limit {limit_cents}. {reason}"),
        "integration_error": .init(
            "{platform} is not syncing", "{business}, since {since_at}: {fault}", for: "integrations.manage",
            path: "/integrations"),
        "ticket_opened": .init("New ticket {number}", "{business}: {subject}", for: "messages.answer"),
        "ticket_updated": .init("Ticket {number}: there is news", "{subject}", for: "messages.answer"),
        "ticket_waits": .init(
            "Ticket {number} waits for an answer", "{business}: {subject}, since {since_at}.", for: "messages.answer"),
    ]
}
