import Foundation
import WebAPI

/// A list as lines for a spreadsheet: the columns that are shown, each value as it is shown.
///
/// Amounts are plain numbers, and days and moments are written so that they can be sorted.
struct RecordExport {
    let kind: RecordKind
    let columns: [Shown]
    let looks: Looks

    /// The line that names the columns.
    var heading: String { CSVText.text([([kind.name] + columns).map(\.label)]) }

    /// A line for each record.
    func lines(_ records: [StoredRecord]) -> String {
        CSVText.text(
            records.map { record in
                [Cell(kind.name, of: record, looks).text ?? kind.noun]
                    + columns.map { column in
                        var cell = Cell(column, of: record, looks, isBrief: true)
                        if column.isState { cell.badges += kind.marks(record, looks) }
                        return plain(column, cell, record)
                    }
            })
    }

    private func plain(_ column: Shown, _ cell: Cell, _ record: StoredRecord) -> String {
        switch column.form {
        case .money: record.integer(column.field).map(RecordKind.plainDollars) ?? ""
        case .number: record.integer(column.field).map { "\($0)" } ?? record.number(column.field).map { "\($0)" } ?? ""
        case .day, .moment: cell.iso ?? ""
        default: ([cell.text].compactMap(\.self) + cell.badges.map(\.word)).joined(separator: "; ")
        }
    }
}
