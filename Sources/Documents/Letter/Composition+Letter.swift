/// The parts that all letters of the house share.
extension Composition {
    /// A word in a frame under the title, such as CANCELLED, so that nobody overlooks it.
    struct Stamp {
        let text: String
        let ink: Ink
    }

    /// The head of the first page: the company at the left, what this paper is at the right.
    mutating func addLetterhead(_ letterhead: Letterhead, title: String, number: String, stamp: Stamp? = nil) {
        add(.fill(x: Self.left, y: y, width: 34, height: 4, .brand))
        y += 14
        let start = y
        let name = block(letterhead.name, .letterhead, width: 240)
        let contact = [letterhead.email, letterhead.phone ?? ""].filter { !$0.isEmpty }.joined(separator: "  ·  ")
        place(name, x: Self.left, y: start)
        let left = place(
            lines: letterhead.address + [contact], .small, x: Self.left, y: start + name.height + 4, width: 240)
        let heading = block(title, title.count > 14 ? TextStyle.title.with { $0.size = 20 } : .title, width: 250)
        place(heading, as: .heading, x: Self.right - 250, y: start - 5)
        var side = start - 5 + heading.height + 2
        let filed = block(number, TextStyle(size: 11, weight: .semibold, ink: .quiet, side: .right), width: 250)
        place(filed, x: Self.right - 250, y: side)
        side += filed.height
        if let stamp { side = add(stamp, below: side) }
        y = max(left, side) + 26
    }

    private mutating func add(_ stamp: Stamp, below y: Double) -> Double {
        let style = TextStyle(size: 12, weight: .bold, ink: stamp.ink, side: .center, tracking: 0.4)
        let word = block(stamp.text, style, width: 84)
        let (x, top) = (Self.right - 99, y + 10)
        add(.frame(x: x, y: top, width: 98.25, height: word.height + 10, stamp.ink))
        place(word, x: x + 7, y: top + 5)
        return top + word.height + 10
    }

    /// Those whom it concerns at the left, one under the other; the particulars at the right.
    mutating func addParties(
        _ parties: [(label: String, who: Addressee)], particulars: [(label: String, value: String)]
    ) {
        let start = y
        var left = start
        for (index, party) in parties.enumerated() {
            if index > 0 { left += 12 }
            let label = block(party.label, .label, width: 250)
            place(label, x: Self.left, y: left)
            let name = block(party.who.businessName, TextStyle(size: 11, weight: .semibold), width: 250)
            place(name, x: Self.left, y: left + label.height + 4)
            left = place(
                lines: [party.who.contact ?? ""] + party.who.address, .address, x: Self.left,
                y: left + label.height + name.height + 6, width: 250)
        }
        var right = start
        for (label, value) in particulars where !value.isEmpty {
            let key = block(label, TextStyle.body.with { $0.ink = .quiet }, width: 92)
            let text = block(value, TextStyle.figure.with { $0.weight = .semibold }, width: 124)
            place(key, x: Self.right - 220, y: right)
            place(text, x: Self.right - 124, y: right)
            right += max(key.height, text.height) + 4
        }
        y = max(left, right) + 22
    }

    /// The band that says the one thing the reader looks for.
    mutating func addBand(_ label: String, figure: String, words: String, ink: Ink = .brand) {
        let height = 58.0
        add(.fill(x: Self.left, y: y, width: Self.measure, height: height, .panel))
        add(.fill(x: Self.left, y: y, width: 4, height: height, ink))
        let label = block(label, .label, width: 220)
        let amount = block(figure, .due, width: 240)
        let gap = 3.0
        let top = y + (height - label.height - gap - amount.height) / 2
        place(label, x: Self.left + 20, y: top)
        place(amount, x: Self.left + 20, y: top + label.height + gap)
        let words = block(words, TextStyle(size: 10, weight: .semibold, side: .right, leading: 1.25), width: 220)
        // Three lines fit into the band; a longer text is told in full under the table.
        let shown = min(words.lineCount, 3)
        let wordsTop = y + (height - words.height(of: 0..<shown)) / 2
        tag(.paragraph) { $0.add(.text(words, 0..<shown, x: Self.right - 236, y: wordsTop)) }
        y += height + 24
    }
}
