import Documents
import Foundation
import Testing

@Suite struct LetterPDFTests {
    @Test func `an order's confirmation says what was ordered, for how much, and when it comes`() throws {
        let document = OrderConfirmation.example()
        let words = try document.rendered().words()
        for part in [
            "Order confirmation", "ORD-10145", "ORDERED BY", "Whole Foods Market", "SHIP TO", "Receiving, dock 4",
            "2210 Westlake Avenue", "PO-88731", "November 2, 2026", "Estimated delivery", "November 12, 2026", "NET 30",
            "Green Detox Smoothie GDX-012 108 $7.99 $5.19 $560.52", "At MSRP $2,900.52", "Your discount -$1,015.20",
            "Shipping $145.00", "Order total $2,030.32", "Call before noon.", "Page 1 of 1",
        ] { #expect(words.contains(part), "\(part)") }
        #expect(document.fileName == "ORD-10145-confirmation.pdf")
    }

    @Test func `an order of a hundred lines runs over pages, and its sums follow a line`() throws {
        var document = OrderConfirmation.example()
        document.lines = (0..<100).map { number in
            var line = document.lines[number % 2]
            line.description += " \(number + 1)"
            return line
        }
        let pages = try document.rendered().pages()
        #expect(pages.count > 2)
        #expect(pages.joined(separator: " ").contains("Smoothie 100 PPW-012"))
        let last = try #require(pages.last { $0.contains("Order total $") })
        #expect(last.contains("Smoothie 100"))
    }

    @Test func `a proposal has letterhead, prices, volume discounts, terms, contract length and a signature page`()
        throws
    {
        let document = ProposalDocument.example()
        let file = try document.rendered()
        let words = try file.words()
        for part in [
            "Drizzl Wellness", "1200 Harbor Avenue, Suite 300", "Proposal", "Version 2", "PREPARED FOR",
            "Jennifer Smith", "Prepared by Sarah Johnson", "35% off MSRP",
            "About 500 units a month, $2,634.60", "Products and pricing",
            "Green Detox Smoothie GDX-012 $7.99 $5.19 200 $1,038.00", "Volume discounts",
            "500 units $4.99 $0.20", "1,000 units $4.79 $0.40", "600 units $5.30 $0.22", "Payment terms NET 30",
            "Contract length 12 months", "Free freezer after $50K", "until the end of December 20, 2026",
        ] { #expect(words.contains(part), "\(part)") }
        let last = try #require(try file.pages().last)
        #expect(last.hasPrefix("Signature page"))
        for part in [
            "accepts version 2", "FOR WHOLE FOODS MARKET", "FOR DRIZZL WELLNESS", "Signature", "Title", "Date",
        ] {
            #expect(last.contains(part), "\(part)")
        }
        #expect(!words.contains("DRAFT"))
        #expect(!words.contains("SHA-256"))
        #expect(document.fileName == "Proposal-Whole_Foods_Market___Pacific_Northwest-v2.pdf")
    }

    @Test func `a proposal without quantity breaks says that volume changes nothing`() throws {
        let words = try ProposalDocument.example(breaks: false).rendered().words()
        #expect(words.contains("Volume discounts The prices above hold for every quantity"))
    }

    @Test func `a preview is marked as a draft`() throws {
        let document = ProposalDocument.example(stage: .draft)
        #expect(try document.rendered().words().contains("DRAFT"))
        #expect(document.fileName.hasSuffix("-v2-draft.pdf"))
    }

    @Test func `a signed proposal shows who signed, when, from where, and what`() throws {
        let hash = String(repeating: "9f86d081", count: 8)
        let signature = ProposalDocument.Signature(
            name: "Jennifer Smith", signedAt: "November 24, 2026, 2:05 PM PST", address: "203.0.113.7", hash: hash)
        let file = try ProposalDocument.example(stage: .signed(signature)).rendered()
        let last = try #require(try file.pages().last)
        for part in [
            "Electronically by Jennifer Smith, November 24, 2026, 2:05 PM PST", "FROM 203.0.113.7",
            "SHA-256 OF THE SIGNED DOCUMENT \(hash)",
        ] { #expect(last.contains(part), "\(part)") }
        #expect(try file.words().contains("SIGNED"))
    }

    @Test func `a statement lists every row and says what is paid`() throws {
        let words = try CommissionStatement.example().rendered().words()
        for part in [
            "Commission statement", "Sarah Johnson", "SR-001", "November 2026", "December 5, 2026",
            "Order ORD-10145", "$7,700.00 5% $385.00", "$85,000.00 1% $850.00", "-$1,925.00", "-$96.25",
            "Commission $1,138.75", "Carried over -$11.50", "Payout $1,127.25",
        ] { #expect(words.contains(part), "\(part)") }
        #expect(!words.contains("Carried forward"))
    }

    @Test func `what is not paid out is carried forward, by name`() throws {
        var statement = CommissionStatement.example()
        statement.totals = .init(
            linesCents: -11_500, carriedOverCents: 0, payoutCents: 0, carriedForwardCents: -11_500)
        let words = try statement.rendered().words()
        #expect(words.contains("-$115.00 is carried forward to the next"))
        #expect(words.contains("Carried forward $115.00"))
        #expect(words.contains("Payout $0.00"))
    }

    @Test func `a document of hostile values is still a document`() throws {
        var proposal = ProposalDocument.example()
        proposal.customer.businessName = "\u{0}\u{FFFE}Ünï<b>\n\n" + String(repeating: "W", count: 3_000)
        proposal.terms.special = String(repeating: "long words \n", count: 500)
        proposal.lines[0].monthlyUnits = .max
        #expect(try #require(try proposal.rendered().pageCount()) > 3)
    }
}
