import Accounts
import enum Documents.TemplateValue
import Foundation
import WebAPI

/// Records that belong to another one, or its parts, as a table on its page.
struct TableOfRecords {
    let table: RecordKind.Table
    /// Its place on the page.
    let index: Int
    let rows: [StoredRecord]
    /// The record whose page it is on.
    let of: UUID
    /// The address of that page; nil: the table stands elsewhere.
    var path: String?
    let portal: Visitor.Kind
    let looks: Looks
    /// The form with which one more is added here.
    var addition: AdditionForm?

    var values: PageValues {
        let kind = table.leadsTo.flatMap { RecordKind.named($0, in: portal) }
        let making = table.makes.flatMap { makes -> PageValues? in
            guard let made = RecordKind.named(makes.kind, in: portal), made.making != nil else { return nil }
            let address = "\(made.root)/new?\(makes.by)=\(of.uuidString.lowercased())"
            return ["another_href": .text(address), "another": .text(makes.label)]
        }
        let isCut = table.related.map { rows.count >= $0.limit } ?? false
        let all = table.related?.field.flatMap { field in
            kind.map { "\($0.root)?\(field)=\(of.uuidString.lowercased())" }
        }
        return [
            "table_title": .text(table.title), "table_id": .text("table-\(index)"),
            "addition": .one(addition?.values), "table_empty": .text(table.empty), "has_rows": .flag(!rows.isEmpty),
            "making": .one(making),
            "headers": .list(
                table.columns.map { ["label": .text($0.label), "is_number": .flag($0.isNumber)] }),
            "all_href": isCut ? .optional(all) : .absent, "shown_count": .text("\(rows.count)"),
            "table_rows": .list(rows.map { row($0, kind) }),
        ]
    }

    private func row(_ record: StoredRecord, _ kind: RecordKind?) -> PageValues {
        var cells = table.columns.map { ($0.label, Cell($0, of: record, looks)) }
        if !cells.isEmpty, let id = record.id("id") {
            if let kind { cells[0].1.href = kind.path(id) }
            if table.isOfFiles, let path { cells[0].1.href = "\(path)/files/\(id.uuidString.lowercased())" }
        }
        return [
            "first": .list(cells.prefix(1).map { $0.1.values }),
            "cells": .list(
                cells.dropFirst().map { label, cell in cell.values.merging(["label": .text(label)]) { $1 } }),
        ]
    }
}
