import Documents
import Foundation

extension Letterhead {
    static let example = InvoiceDocument.example().seller
}

extension Addressee {
    static let example = InvoiceDocument.example().buyer
}

extension PrintedDocument {
    /// Renders with fonts that all tests share.
    func rendered() throws -> PDFFile {
        PDFFile(bytes: try pdf(fonts: Fonts.shared.get(), createdAt: InvoiceDocument.fixedMoment))
    }
}

extension OrderConfirmation {
    static func example() -> OrderConfirmation {
        OrderConfirmation(
            letterhead: .example, buyer: .example,
            shipTo: .init(
                businessName: "Main Store", contact: "Receiving, dock 4",
                address: ["2210 Westlake Avenue", "Seattle, WA 98121"]),
            number: "ORD-10145", purchaseOrder: "PO-88731", placedOn: .on("2026-11-02"), confirmedOn: .on("2026-11-03"),
            estimatedDelivery: .on("2026-11-12"), paymentTerms: "NET 30",
            lines: [
                .init(
                    description: "Green Detox Smoothie", sku: "GDX-012", quantity: 108, msrpCents: 799,
                    unitPriceCents: 519, amountCents: 56_052),
                .init(
                    description: "Protein Power Smoothie", sku: "PPW-012", quantity: 240, msrpCents: 849,
                    unitPriceCents: 552, amountCents: 132_480),
            ],
            totals: .init(
                subtotalCents: 290_052, discountCents: 101_520, taxCents: 0, shippingCents: 14_500,
                totalCents: 203_032),
            instructions: "Call before noon.")
    }
}

extension ProposalDocument {
    static func example(stage: Stage = .offer, breaks: Bool = true) -> ProposalDocument {
        let steps: [Line.Break] = [
            .init(fromUnits: 500, unitPriceCents: 499), .init(fromUnits: 1_000, unitPriceCents: 479),
        ]
        return ProposalDocument(
            letterhead: .example, customer: .example, preparedBy: "Sarah Johnson", version: 2,
            offeredOn: .on("2026-11-20"), validUntil: .on("2026-12-20"), tier: "Growth", discountBasisPoints: 3_500,
            monthlyUnits: 500,
            lines: [
                .init(
                    description: "Green Detox Smoothie", sku: "GDX-012", msrpCents: 799, unitPriceCents: 519,
                    monthlyUnits: 200, breaks: breaks ? steps : []),
                .init(
                    description: "Berry Blast Smoothie", sku: "BBL-012", msrpCents: 799, unitPriceCents: 519,
                    monthlyUnits: 180),
                .init(
                    description: "Protein Power Smoothie", sku: "PPW-012", msrpCents: 849, unitPriceCents: 552,
                    monthlyUnits: 120, breaks: breaks ? [.init(fromUnits: 600, unitPriceCents: 530)] : []),
            ],
            terms: .init(payment: "NET 30", contractMonths: 12, special: "Free freezer after $50K"), stage: stage)
    }
}

extension CommissionStatement {
    static func example() -> CommissionStatement {
        CommissionStatement(
            letterhead: .example, rep: "Sarah Johnson", employeeID: "SR-001", position: "Senior Sales Rep",
            period: "November 2026", payOn: "December 5, 2026",
            lines: [
                .init(
                    kind: "Order", reference: "ORD-10145 · Whole Foods Market", earnedOn: .on("2026-11-02"),
                    baseCents: 770_000, rateBasisPoints: 500, amountCents: 38_500),
                .init(
                    kind: "New partner", reference: "Whole Foods Market", earnedOn: .on("2026-11-09"),
                    baseCents: 8_500_000, rateBasisPoints: 100, amountCents: 85_000),
                .init(
                    kind: "Clawback", reference: "ORD-10131 · Bluebird Cafe", earnedOn: .on("2026-11-19"),
                    baseCents: -192_500, rateBasisPoints: nil, amountCents: -9_625),
            ],
            totals: .init(
                linesCents: 113_875, carriedOverCents: -1_150, payoutCents: 112_725, carriedForwardCents: 0))
    }
}

extension MeetingLetter {
    static func example(_ occasion: Occasion) -> MeetingLetter {
        MeetingLetter(
            letterhead: .example, reader: "Jennifer Smith", with: "Sarah Johnson", occasion: occasion,
            subject: "Product demo", when: "Thursday, December 3, 2026, 10:00 AM PST", place: "2001 15th Avenue West",
            agenda: ["Tasting", "Freezer space"])
    }
}
