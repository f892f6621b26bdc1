public import Foundation

/// Which document or letter is asked for.
public struct PaperRequest: Sendable {
    /// The record that it is about.
    public var record: UUID
    /// The event that it follows from.
    public var event: UUID
    /// Who prints it.
    public var company: CompanyProfile

    /// Makes a request.
    public init(record: UUID, event: UUID, company: CompanyProfile) {
        (self.record, self.event, self.company) = (record, event, company)
    }
}
