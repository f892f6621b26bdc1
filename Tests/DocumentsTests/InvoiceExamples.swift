import Documents
import Foundation

extension InvoiceDocument {
    /// The invoice that the tests change.
    static func example(lines count: Int = 3, kind: Kind = .invoice) -> InvoiceDocument {
        let names = [
            ("Green Detox Smoothie, case of 12", "GDX-012", 519),
            ("Protein Power Smoothie, case of 12", "PPW-012", 552),
            ("Vanilla Bean Protein Ice Cream, case of 8", "VBI-008", 423),
        ]
        let lines = (0..<count).map { index in
            let (name, sku, price) = names[index % names.count]
            let quantity = 108 + 12 * index
            return Line(
                description: name, sku: sku, quantity: quantity, unitPriceCents: Int64(price),
                amountCents: Int64(price * quantity))
        }
        let subtotal = lines.map(\.amountCents).reduce(0, +)
        return InvoiceDocument(
            seller: .init(
                name: "Drizzl Wellness", address: ["1200 Harbor Avenue, Suite 300", "Los Angeles, CA 90021"],
                email: "billing@drizzl.example", phone: "(555) 010-2000"),
            buyer: .init(
                businessName: "Whole Foods Market – Pacific Northwest", contact: "Jennifer Smith",
                address: ["2001 15th Avenue West", "Seattle, WA 98119"]),
            number: "INV-1042", orderNumber: "ORD-2077", purchaseOrder: "PO-88731",
            issuedOn: .on("2026-11-02"), dueOn: .on("2026-12-02"), paymentTerms: "NET 30", lines: lines,
            totals: .init(
                subtotalCents: subtotal, shippingCents: 14500, totalCents: subtotal + 14500,
                dueCents: subtotal + 14500),
            notes: "Thank you for stocking Drizzl.",
            howToPay: "ACH to Drizzl Wellness, routing 121000358, account 4410-0021.\n"
                + "Please give the invoice number with your payment.",
            kind: kind)
    }
}

extension String {
    /// A day as it is printed, of the few months that these tests are set in.
    static func on(_ iso: String) -> String {
        let months = ["11": "November", "12": "December"]
        let parts = iso.split(separator: "-")
        guard let month = months[String(parts[1])], let day = Int(parts[2]) else {
            preconditionFailure("\(iso) is out of season")
        }
        return "\(month) \(day), \(parts[0])"
    }
}

extension InvoiceDocument {
    static let fixedMoment = Date(timeIntervalSince1970: 1_790_000_000)
}

enum Fonts {
    static let shared = Result { () throws(DocumentError) in try FontLibrary() }
}
