public import Documents
public import Foundation

/// The company as its letters name it.
public struct CompanyProfile: Sendable {
    /// Name, address and how to reach it.
    public var letterhead: Letterhead
    /// How to pay, as an invoice says it.
    public var howToPay: String

    /// The zone by whose days it dates what it prints.
    public var zone: TimeZone

    /// Makes a profile.
    public init(letterhead: Letterhead, howToPay: String, zone: TimeZone) {
        (self.letterhead, self.howToPay, self.zone) = (letterhead, howToPay, zone)
    }
}
