/// A table of lines: columns, head, rows that may run over pages.
struct LineTable {
    struct Column {
        let title: String
        let x: Double
        let width: Double
        var side = TextStyle.Side.left
    }

    /// A row, set and measured before it is placed.
    struct Row {
        let cells: [TextBlock]
        var height: Double { (cells.map(\.height).max() ?? 0) + 2 * LineTable.padding }
    }

    private static let padding = 6.0

    /// From left to right, within the measure of 504 points.
    let columns: [Column]

    /// The table with all its rows.
    ///
    /// - Parameters:
    ///   - rows: The texts, one for each column.
    ///   - reserve: Height that must stay free below the last row, as for sums.
    ///   - page: Where to.
    func add(_ rows: [[String]], reserve: Double = 0, to page: inout Composition) {
        page.keep(90)
        addHead(to: &page)
        for (index, texts) in rows.enumerated() {
            add(row(texts, on: page), reserve: index == rows.count - 1 ? reserve : 0, to: &page)
        }
    }

    /// The head, on each page where the table goes on.
    private func addHead(to page: inout Composition) {
        let cells = columns.map { column in
            page.block(column.title, TextStyle.label.with { $0.side = column.side }, width: column.width)
        }
        let height = cells.map(\.height).max() ?? 0
        page.tag(.row) { page in
            for (cell, column) in zip(cells, columns) {
                page.place(cell, as: .headCell, x: Composition.left + column.x, y: page.y + height - cell.height)
            }
        }
        page.add(.fill(x: Composition.left, y: page.y + height + 5, width: Composition.measure, height: 1, .text))
        page.y += height + 6
    }

    private func row(_ texts: [String], on page: Composition) -> Row {
        Row(
            cells: zip(texts, columns).map { text, column in
                page.block(text, column.side == .right ? .figure : .body, width: column.width)
            })
    }

    /// Places a row; it moves to the next page as a whole if it fits there, and is split by lines if it fits on none.
    private func add(_ row: Row, reserve: Double, to page: inout Composition) {
        if row.height + reserve > page.remaining { startPage(&page) }
        var next = [Int](repeating: 0, count: row.cells.count)
        repeat {
            let space = page.remaining - 2 * Self.padding
            // On an empty page at least one line is placed, whatever its height: so this ends.
            let ends = zip(row.cells, next).map { cell, start in
                min(cell.lineCount, start + max(cell.count(from: start, fitting: space), space <= 0 ? 1 : 0))
            }
            add(row, from: next, to: ends, page: &page)
            if ends == next { return }
            next = ends
            if zip(row.cells, next).contains(where: { $0.lineCount > $1 }) { startPage(&page) }
        } while zip(row.cells, next).contains { $0.lineCount > $1 }
        if reserve > page.remaining { startPage(&page) }
    }

    private func add(_ row: Row, from starts: [Int], to ends: [Int], page: inout Composition) {
        var height = 0.0
        page.tag(.row) { page in
            for (index, cell) in row.cells.enumerated() {
                let range = starts[index]..<ends[index]
                height = max(height, cell.height(of: range))
                page.tag(.cell) {
                    $0.add(.text(cell, range, x: Composition.left + columns[index].x, y: $0.y + Self.padding))
                }
            }
        }
        page.y += height + 2 * Self.padding
        page.add(.fill(x: Composition.left, y: page.y - 0.5, width: Composition.measure, height: 0.5, .line))
    }

    private func startPage(_ page: inout Composition) {
        page.breakPage()
        addHead(to: &page)
    }
}
