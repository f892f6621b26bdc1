extension ProposalDocument {
    /// The last page: what is agreed by signing, and where to sign; or who has signed.
    func addSignaturePage(to page: inout Composition) {
        let heading = page.block("Signature page", TextStyle(size: 20, weight: .bold, tracking: -0.5))
        page.place(heading, as: .section, x: Composition.left, y: page.y)
        page.y += heading.height + 12
        page.flow(page.block(agreement, TextStyle(size: 10.5, leading: 1.4), width: 440))
        page.y += 34
        let top = page.y
        let party = addParty(customer.businessName, at: Composition.left, below: top, signature: signature, to: &page)
        let house = addParty(
            letterhead.name, at: Composition.left + Self.column + 36, below: top, signature: nil, to: &page)
        page.y = max(party, house) + 26
        guard let signature else { return }
        let proof = [
            ("SIGNED", "Electronically by \(signature.name), \(signature.signedAt)"),
            ("FROM", signature.address), ("SHA-256 OF THE SIGNED DOCUMENT", signature.hash),
        ]
        for part in proof where !part.1.isEmpty {
            LabelledText(part, width: Composition.measure, on: page).add(to: &page)
        }
    }

    private static let column = 234.0

    private var signature: Signature? {
        if case .signed(let signature) = stage { signature } else { nil }
    }

    private var agreement: String {
        """
        By signing, \(PrintableText.line(customer.businessName)) accepts version \(version) of this proposal by \
        \(PrintableText.line(letterhead.name)): the products and prices, the volume discounts, the payment terms \
        \(PrintableText.line(terms.payment)) and the contract length of \(contractText), as they stand on the pages \
        before.
        """
    }

    /// One side's lines to sign on; what is signed already is filled in.
    private func addParty(
        _ name: String, at x: Double, below top: Double, signature: Signature?, to page: inout Composition
    ) -> Double {
        let title = page.block("FOR \(PrintableText.line(name).uppercased())", .label, width: Self.column)
        page.place(title, x: x, y: top)
        var y = top + title.height + 8
        let filled = ["Signature": signature?.name, "Name": signature?.name, "Date": signature?.signedAt]
        for label in ["Signature", "Name", "Title", "Date"] {
            let room = label == "Signature" ? 40.0 : 30.0
            if let text = filled[label] ?? nil {
                let style =
                    label == "Signature" ? TextStyle(size: 15, weight: .semibold) : TextStyle(size: 9.5)
                let words = page.block(PrintableText.line(text), style, width: Self.column)
                page.tag(.paragraph) {
                    $0.add(.text(words, 0..<min(1, words.lineCount), x: x, y: y + room - words.height(of: 0..<1) - 3))
                }
            }
            page.add(.fill(x: x, y: y + room, width: Self.column, height: 0.75, .text))
            let caption = page.block(label, .small, width: Self.column)
            page.place(caption, x: x, y: y + room + 3)
            y += room + caption.height + 6
        }
        return y
    }
}
