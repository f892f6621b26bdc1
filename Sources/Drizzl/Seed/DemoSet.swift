import Foundation

/// The demo data as `seeds/demo.json` holds it.
///
/// Days are told as days before the day of planting.
struct DemoSet: Decodable {
    struct Partner: Decodable {
        var key: String
        var businessName: String
        var businessType: String
        var contactName: String
        var email: String
        var phone: String
        var address: String
        var city: String
        var state: String
        var zipCode: String
        var timeZone: String
        var tier: String
        var creditLimitCents: Int64
        var paymentTerms: String
        var lateFeeTermsAcceptedDaysAgo: Int?
        var users: [User]
    }

    struct User: Decodable {
        var email: String
        var firstName: String
        var lastName: String
        var role: String
    }

    struct Order: Decodable {
        var orderNumber: String
        var partner: String
        var placedDaysAgo: Int
        var invoicedDaysAgo: Int
        var poNumber: String?
        var shippingCents: Int64
        var lines: [Line]
        var payments: [Payment]
    }

    struct Line: Decodable {
        var sku: String
        var description: String
        var quantity: Int
        var msrpCents: Int64
        var unitPriceCents: Int64
    }

    struct Payment: Decodable {
        var daysAgo: Int
        var amountCents: Int64
        var reference: String
        var method: String
    }

    var firstInvoiceNumber: Int64
    var partners: [Partner]
    var orders: [Order]

    /// Reads the set.
    static func read(from file: URL) throws -> DemoSet {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(DemoSet.self, from: Data(contentsOf: file))
    }
}
