public import Foundation
public import StateMachines

/// What an order has to know of its partner.
public struct OrderPartner: Sendable {
    /// The partner.
    public var id: UUID
    /// Its name.
    public var name: String
    /// Its state.
    public var status: String
    /// Its time zone.
    public var zone: TimeZone
    /// What it pays less than the MSRP.
    public var discount: BasisPoints
    /// Whether it takes what is short later.
    public var allowsBackorder: Bool
}

/// A buyer's budget and what was spent of it.
public struct BuyerBudget: Sendable {
    /// Who buys.
    public var name: String
    /// The budget.
    public var limit: SpendLimit
    /// The buyer's other orders by day, cents.
    public var spent: [CalendarDay: Int64]
}

/// A line of an order, with its frozen price.
public struct OrderLine: Sendable, Hashable {
    /// The line.
    public var id: UUID
    /// The product.
    public var productID: UUID
    /// The product's number, as it was.
    public var sku: String
    /// The product's name, as it was.
    public var description: String
    /// Its amounts.
    public var amounts: LineAmounts
    /// How many units are set aside for it.
    public var reserved: Int = 0

    /// How many units.
    public var quantity: Int { amounts.quantity }
}

/// Why an order waits.
public struct OrderHold: Sendable, Hashable {
    /// What it waits for.
    public enum Reason: String, Sendable, CaseIterable {
        /// The credit limit does not cover it.
        case creditLimit = "credit_limit"
        /// An invoice is overdue for too long.
        case overdueInvoice = "overdue_invoice"
        /// It is to be paid first.
        case prepaidUnpaid = "prepaid_unpaid"
        /// It is over the buyer's budget.
        case approval
        /// Its goods are looked at.
        case quality
        /// Its stock was given back.
        case stock
    }

    /// The hold; nil until it is written.
    public var id: UUID?
    /// What it waits for.
    public var reason: Reason
    /// The sum behind it: cents, days and names by their keys.
    public var detail: [String: JSONValue] = [:]
    /// When it was placed.
    public var placedAt: Date
    /// When it was released.
    public var releasedAt: Date?
    /// Who released it.
    public var releasedBy: Actor?
    /// Why.
    public var releaseReason: String?
}

/// What an order has to know of its invoice.
public struct InvoiceState: Sendable, Hashable {
    /// The invoice's number.
    public var number: String
    /// Its state.
    public var status: String
    /// What is still to be paid, cents.
    public var dueCents: Int64
}

/// An invoice that is open.
public struct OpenInvoice: Sendable, Hashable {
    /// Its number.
    public var number: String
    /// The last day on which paying was in time.
    public var dueDate: CalendarDay
}

/// What an order has to know of a parcel.
public struct Parcel: Sendable, Hashable {
    /// Its state.
    public var status: String
    /// What became of its problem; nil: open or none.
    public var resolution: String?
    /// When a carrier first had it.
    public var collectedAt: Date?

    /// Whether nothing more is expected of it.
    public var isDone: Bool { status == "delivered" || isResolved }
    /// Whether it is recorded as lost or returned.
    public var isResolved: Bool { status == "exception" && resolution != nil }
}

/// A product as orders see it.
public struct OrderProduct: Sendable {
    /// The product.
    public var id: UUID
    /// Its number.
    public var sku: String
    /// Its name.
    public var name: String
    /// Whether it is sold.
    public var isActive: Bool
    /// Recommended price, cents.
    public var msrpCents: Int64
    /// What it costs to make, cents.
    public var costCents: Int64
    /// Its class for taxes.
    public var taxClass: String
    /// Units in a case.
    public var casePack: Int
    /// The least order, in units.
    public var minOrderQuantity: Int
    /// Days until more is made.
    public var leadTimeDays: Int
    /// What is there.
    public var stock: StockLevel
    /// What older reservations of other orders hold.
    public var reservedBefore: Int = 0
}

/// What is set for all orders.
public struct OrderSettings: Sendable {
    /// The smallest margin on cost.
    public var minMargin = BasisPoints(1_000)
    /// Above which net shipping is free, cents.
    public var freeShippingAboveCents: Int64 = 500_000
    /// Above which total admins are told, cents.
    public var largeAboveCents: Int64 = 1_000_000
    /// How many days an invoice may be overdue before orders are held.
    public var overdueHoldDays = 30
    /// How long a held order keeps its stock, hours.
    public var stockHoldHours = 72
}
