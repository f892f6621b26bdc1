public import Foundation
public import StateMachines

/// When an order has to be paid.
///
/// Source: R-08.
public enum PaymentTerms: String, Sendable, CaseIterable {
    /// 30 calendar days after issue.
    case net30 = "NET30"
    /// 60 calendar days after issue.
    case net60 = "NET60"
    /// Before the goods move; due at once.
    case prepaid

    /// The last day on which paying is in time, for an invoice issued on `day`; calendar days, no weekend shift.
    public func dueDate(issuedOn day: CalendarDay) -> CalendarDay {
        switch self {
        case .net30: day.adding(days: 30)
        case .net60: day.adding(days: 60)
        case .prepaid: day
        }
    }

    /// In words, for people: `NET 30`.
    public var printed: String {
        switch self {
        case .net30: "NET 30"
        case .net60: "NET 60"
        case .prepaid: "Due on receipt"
        }
    }

    /// The first day on which such an invoice is overdue, from its midnight on.
    public func overdueFrom(issuedOn day: CalendarDay) -> CalendarDay { dueDate(issuedOn: day).adding(days: 1) }
}

/// A payment that names an invoice.
public struct InvoicePayment: Sendable {
    /// The payment; nil until it is written.
    public var id: UUID?
    /// The reference by which the outside knows it.
    public var reference: String?
    /// What came, cents.
    public var amountCents: Int64
    /// The part on principal, cents.
    public var principalCents: Int64 = 0
    /// The parts on late fees, cents, by the fee's number.
    public var feeCents: [Int: Int64] = [:]
    /// What was too much and became the partner's credit, cents.
    public var unappliedCents: Int64 = 0
    /// How it was paid.
    public var method: String?
    /// Whether it has arrived, is on its way, or came to nothing.
    public var state: State
    /// The day on which it arrived.
    public var receivedOn: CalendarDay?
    /// Why it was taken back.
    public var reversedBecause: String?
    /// Who recorded it.
    public var recordedBy: Actor
    /// When it was recorded.
    public var recordedAt: Date

    /// Whether it has arrived.
    public enum State: String, Sendable {
        /// On its way.
        case pending
        /// Arrived.
        case succeeded
        /// Came to nothing, or was taken back.
        case failed
    }
}

/// A fee for paying late.
///
/// Source: R-12.
public struct LateFee: Sendable, Hashable {
    /// The how-manieth of its invoice, from 1.
    public var number: Int
    /// The day on which it fell due.
    public var assessedOn: CalendarDay
    /// The open principal that it was worked out from, cents.
    public var principalCents: Int64
    /// The fee, cents.
    public var amountCents: Int64
    /// What was paid on it, cents.
    public var paidCents: Int64 = 0
    /// Why it was waived; nil: it was not.
    public var waivedReason: String?
    /// Who waived it.
    public var waivedBy: UUID?

    /// Whether it was waived.
    public var isWaived: Bool { waivedReason != nil }

    /// What is open on it, cents.
    public var openCents: Int64 { isWaived ? 0 : amountCents - paidCents }
}

/// A correction of an invoice's amount.
public struct CreditNote: Sendable {
    /// The note; nil until it is written.
    public var id: UUID?
    /// Its number, `CN-10001`.
    public var number: String
    /// Why.
    public var reason: String
    /// What was said about it.
    public var note: String?
    /// What it credits, cents.
    public var amountCents: Int64
    /// The part that took something off the invoice, cents; the rest is the partner's credit.
    public var appliedCents: Int64
    /// The day of issue.
    public var issuedOn: CalendarDay
}
