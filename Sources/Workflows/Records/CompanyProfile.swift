public import Documents

/// The company as its letters name it.
public struct CompanyProfile: Sendable {
    /// Name, address and how to reach it.
    public var letterhead: InvoiceDocument.Seller
    /// How to pay, as an invoice says it.
    public var howToPay: String

    /// Makes a profile.
    public init(letterhead: InvoiceDocument.Seller, howToPay: String) {
        (self.letterhead, self.howToPay) = (letterhead, howToPay)
    }
}
