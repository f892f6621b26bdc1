extension InvoiceDocument {
    /// The head of the first page: the seller at the left, what this paper is at the right.
    func addLetterhead(to page: inout Composition) {
        page.add(.fill(x: Composition.left, y: page.y, width: 34, height: 4, .brand))
        page.y += 14
        let start = page.y
        let name = page.block(seller.name, .letterhead, width: 280)
        let contact = [seller.email, seller.phone ?? ""].filter { !$0.isEmpty }.joined(separator: "  ·  ")
        page.place(name, x: Composition.left, y: start)
        let left = page.place(
            lines: seller.address + [contact], .small, x: Composition.left, y: start + name.height + 4, width: 280)
        let heading = page.block(title, .title, width: 200)
        page.place(heading, as: .heading, x: Composition.right - 200, y: start - 5)
        var side = start - 5 + heading.height + 2
        let number = page.block(
            documentNumber, TextStyle(size: 11, weight: .semibold, ink: .quiet, side: .right), width: 200)
        page.place(number, x: Composition.right - 200, y: side)
        side += number.height
        if isCancelled { side = addStamp(to: &page, below: side) }
        page.y = max(left, side) + 26
    }

    /// CANCELLED in a frame, so that nobody pays by mistake.
    private func addStamp(to page: inout Composition, below y: Double) -> Double {
        let style = TextStyle(size: 12, weight: .bold, ink: .alarm, side: .center, tracking: 0.4)
        let stamp = page.block("CANCELLED", style, width: 84)
        let (x, top) = (Composition.right - 99, y + 10)
        page.add(.frame(x: x, y: top, width: 98.25, height: stamp.height + 10, .alarm))
        page.place(stamp, x: x + 7, y: top + 5)
        return top + stamp.height + 10
    }

    /// The buyer at the left, the particulars at the right.
    func addParties(to page: inout Composition) {
        let start = page.y
        let label = page.block(buyerLabel, .label, width: 250)
        page.place(label, x: Composition.left, y: start)
        let name = page.block(buyer.businessName, TextStyle(size: 11, weight: .semibold), width: 250)
        page.place(name, x: Composition.left, y: start + label.height + 4)
        let left = page.place(
            lines: [buyer.contact ?? ""] + buyer.address, .address, x: Composition.left,
            y: start + label.height + name.height + 6, width: 250)
        var right = start
        for (label, value) in particulars {
            let key = page.block(label, TextStyle.body.with { $0.ink = .quiet }, width: 92)
            let text = page.block(value, TextStyle.figure.with { $0.weight = .semibold }, width: 124)
            page.place(key, x: Composition.right - 220, y: right)
            page.place(text, x: Composition.right - 124, y: right)
            right += max(key.height, text.height) + 4
        }
        page.y = max(left, right) + 22
    }

    private var buyerLabel: String {
        if case .creditNote = kind { "CREDIT TO" } else { "BILL TO" }
    }

    private var particulars: [(label: String, value: String)] {
        var rows: [(String, String)] = []
        if case .creditNote(_, let day, _, _) = kind {
            rows = [("Issued", day), ("For invoice", number), ("Invoice issued", issuedOn)]
        } else {
            rows = [
                ("Invoice number", number), ("Issued", issuedOn), ("Due", dueText), ("Terms", paymentTerms),
            ]
        }
        rows.append(("Order", orderNumber))
        if let purchaseOrder, !purchaseOrder.isEmpty { rows.append(("Your PO", purchaseOrder)) }
        return rows.filter { !$0.1.isEmpty }
    }

    /// The due date in words.
    var dueText: String { dueOn ?? "On receipt" }
}
