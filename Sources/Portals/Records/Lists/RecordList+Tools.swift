import Accounts
import enum Documents.TemplateValue
import Foundation
import WebAPI

/// What stands above a list besides its filters: saved views, the choice of columns, and the list as a file.
extension RecordList {
    /// What the address asks for, without the place in it: what a saved view keeps.
    var kept: String {
        String(Address.text("", query.filter { !["cursor", "limit"].contains($0.key) }).dropFirst())
    }

    /// What the template shows of it.
    var tools: PageValues {
        let hasViews = !found.views.isEmpty
        return [
            "views": .list(found.views.map(view)), "has_views": .flag(hasViews),
            "views_href": .text(kind.root + "/views"), "view_query": .text(kept),
            "unsaved": .optional(unsaved), "is_unsaved": .flag(unsaved != nil),
            "export_href": found.visitor.kind != .admin || found.visitor.may(.runExports)
                ? .text(kind.root + "/export.csv" + (kept.isEmpty ? "" : "?" + kept)) : .absent,
            "offered_columns": .list(
                columns.offered.map { column in
                    [
                        "column_key": .text(column.key), "column_label": .text(column.label),
                        "is_chosen": .flag(columns.chosen.contains { $0.key == column.key }),
                    ]
                }),
            "columns_kept": .list(
                query.filter { ![ColumnChoice.parameter, "cursor"].contains($0.key) }.sorted { $0.key < $1.key }
                    .map { ["kept_name": .text($0.key), "kept_value": .text($0.value)] }),
            "usual_columns_href": columns.isUsual
                ? .absent : .text(address([ColumnChoice.parameter: nil, "cursor": nil])),
            "errand": .one(
                kind.errand.flatMap { errand in
                    found.visitor.may(errand.needs)
                        ? ["errand_href": .text(errand.path), "errand_label": .text(errand.label)] : nil
                }),
        ]
    }

    private func view(_ view: SavedView) -> PageValues {
        [
            "view_name": .text(view.name), "view_href": .text(kind.root + (view.query.isEmpty ? "" : "?" + view.query)),
            "is_current": .flag(view.query == kept),
            "remove_href": .text("\(kind.root)/views/\(view.id.uuidString.lowercased())/remove"),
        ]
    }

    /// A figure that was counted no further than is told.
    static func counted(_ count: Int) -> String {
        let most = RecordDesk.List.countedAtMost
        return count > most ? Words.counted(most) + "+" : Words.counted(count)
    }
}
