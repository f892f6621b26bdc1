/// One of the sums at the right under a table.
struct SumRow {
    enum Rank { case plain, strong, final }

    private static let width = 220.0
    private let label: TextBlock
    private let figure: TextBlock
    private let rank: Rank

    init(_ row: (label: String, cents: Int64, rank: Rank), on page: Composition) {
        rank = row.rank
        let size: Double = rank == .final ? 12.5 : 9.5
        let weight: TextStyle.Weight = rank == .plain ? .regular : rank == .final ? .bold : .semibold
        let ink: Ink = rank == .plain ? .quiet : .text
        label = page.block(row.label, TextStyle(size: size, weight: weight, ink: ink), width: 120)
        let style = TextStyle(size: size, weight: weight, side: .right, tabular: true)
        figure = page.block(MoneyText.dollars(row.cents), style, width: 106)
    }

    var height: Double { max(label.height, figure.height) + (rank == .final ? 22 : 7) }

    func add(to page: inout Composition) {
        let x = Composition.right - Self.width
        if rank == .final {
            page.add(.fill(x: x, y: page.y + 4, width: Self.width, height: 1, .text))
            page.y += 12
        }
        page.tag(.row) { page in
            page.place(label, as: .cell, x: x, y: page.y)
            page.place(figure, as: .cell, x: Composition.right - 106, y: page.y)
        }
        page.y += height - (rank == .final ? 12 : 0)
    }
}

extension Composition {
    /// A table with the sums under it.
    ///
    /// The sums always have at least the end of one line above them on their page.
    ///
    /// - Returns: Where the sums begin.
    mutating func addTable(
        _ table: LineTable, rows: [[String]], sums: [(label: String, cents: Int64, rank: SumRow.Rank)]
    ) -> Double {
        let sums = sums.map { SumRow($0, on: self) }
        var top = 0.0
        tag(.table) { page in
            table.add(rows, reserve: sums.map(\.height).reduce(16, +), to: &page)
            page.y += 10
            top = page.y
            for sum in sums { sum.add(to: &page) }
        }
        return top
    }
}
