import Accounts
import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI
import Workflows

/// A list of records, as its template shows it.
struct RecordList: Page {
    static let template = "records"

    let kind: RecordKind
    let found: RecordDesk.List
    let columns: ColumnChoice
    /// What the address asks for.
    let query: [String: String]
    /// What can be done with each, where the list offers moves.
    let explained: [UUID: Explanation]
    let machine: Machine?
    /// The records by which the list can be narrowed.
    let options: [String: [Choice]]
    let looks: Looks
    let canSearch: Bool
    let mayMake: Bool
    let notice: String?
    let outcome: BulkOutcome?
    /// Why a view was not saved.
    let unsaved: String?

    var title: String { kind.title }

    private var bulkMoves: [Move] {
        kind.bulkMoves.compactMap { machine?.move(named: $0) }
            .filter { $0.who.contains { $0 == found.visitor.actor.role } }
            .filter { move in
                found.visitor.kind != .admin
                    || move.permission.map { found.visitor.permissions.contains($0.text) } ?? true
            }
    }

    private var isNarrowed: Bool {
        query.keys.contains { !["sort", "limit", "cursor", ColumnChoice.parameter].contains($0) }
    }

    var values: PageValues {
        let (bulk, isEmpty) = (bulkMoves, found.records.isEmpty)
        var values: PageValues = [
            "about": .text(kind.about + "."), "list_id": .text("records-\(kind.place ?? kind.resource)"),
            "subjects": .text(kind.subjects.joined(separator: " ")), "list_href": .text(kind.root),
            "icon": .text(kind.icon), "here": .text(address([:])), "can_pick": .flag(!bulk.isEmpty && !isEmpty),
            "is_empty": .flag(isEmpty), "is_narrowed": .flag(isNarrowed), "empty": .text(kind.empty),
            "nothing": .text("No \(kind.noun) is \(query["status"] == nil ? "like this" : "in this state")."),
            "none_yet": .text("No \(kind.title.lowercased()) yet"),
            "make": .one(
                mayMake
                    ? kind.making.map { ["make_href": .text(kind.root + "/new"), "button": .text($0.button)] } : nil),
            "notice": .optional(notice), "chips": .list(chips), "has_chips": .flag(chips.count > 1),
            "columns": .list(headers), "name_label": .text(kind.name.label),
            "has_row_moves": .flag(!kind.rowMoves.isEmpty), "rows": .list(found.records.map { row($0, bulk) }),
            "bulk": .one(bulk.isEmpty || isEmpty ? nil : bulkValues(bulk)),
            "next_href": .optional(found.nextCursor.map { address(["cursor": $0]) }),
            "first_href": query["cursor"] == nil ? .absent : .text(address(["cursor": nil])),
        ]
        values.merge(narrowing) { _, new in new }
        values.merge(tools) { _, new in new }
        values.merge(outcome.map(\.values) ?? BulkOutcome.none) { _, new in new }
        return values
    }

    // MARK: Narrowing

    /// The address of the list with some of what it asks for changed.
    func address(_ changes: [String: String?]) -> String {
        var query = query
        for (name, value) in changes { query[name] = value }
        return Address.text(kind.root, query)
    }

    private var stateField: String { machine?.field.text ?? "" }

    private var chips: [PageValues] {
        let fields = [stateField] + kind.chips.flatMap(\.query.keys)
        let cleared = Dictionary(fields.map { ($0, String?.none) } + [("cursor", nil)]) { first, _ in first }
        func chip(_ label: String, _ wanted: [String: String], _ count: Int?) -> PageValues {
            let isCurrent = fields.allSatisfy { query[$0] == wanted[$0] }
            let changes = cleared.merging(wanted.mapValues(Optional.some)) { _, new in new }
            return [
                "label": .text(label), "href": .text(address(changes)), "is_current": .flag(isCurrent),
                "chip_count": .optional(count.map(Self.counted)),
            ]
        }
        guard kind.hasStates, let machine else { return [] }
        let all = found.states.values.reduce(0, +)
        return [chip("All", [:], all)]
            + zip(kind.chips, found.counts).map { chip($0.label, $0.query, $1) }
            + machine.states.map { chip($0.title, [stateField: $0.name.text], found.states[$0.name.text] ?? 0) }
    }

    private var narrowing: PageValues {
        // What the form does not ask goes along.
        let own = ["q", "sort", "cursor"] + kind.filters.map(\.field)
        let sortable = columns.offered.filter(\.isSortable)
        return [
            "can_search": .flag(canSearch), "q": .optional(query["q"]),
            "has_filters": .flag(canSearch || !kind.filters.isEmpty || !sortable.isEmpty),
            "kept": .list(
                query.filter { !own.contains($0.key) }.sorted { $0.key < $1.key }
                    .map { ["kept_name": .text($0.key), "kept_value": .text($0.value)] }),
            "filters": .list(
                kind.filters.map { filter in
                    let choices =
                        options[filter.field]
                        ?? filter.choices.map { Choice(value: $0, label: Words.spelled($0)) }
                    return selection(filter.field, filter.label, choices, none: "All")
                }),
            "sorting": .one(
                sortable.isEmpty
                    ? nil
                    : selection(
                        "sort", "Sort",
                        sortable.flatMap { column in
                            [
                                Choice(value: "-" + column.field, label: column.label + ", highest first"),
                                Choice(value: column.field, label: column.label + ", lowest first"),
                            ]
                        }, none: kind.sort?.hasSuffix("_on") ?? true ? "Newest first" : "As usual")),
        ]
    }

    private func selection(_ name: String, _ label: String, _ choices: [Choice], none: String) -> PageValues {
        [
            "select_id": .text("narrow-\(name)"), "select_name": .text(name), "select_label": .text(label),
            "none": .text(none),
            "choices": .list(
                choices.map { choice in
                    [
                        "choice": .text(choice.value), "choice_label": .text(choice.label),
                        "is_selected": .flag(query[name] == choice.value),
                    ]
                }),
        ]
    }

    private var headers: [PageValues] {
        columns.chosen.map { column in
            let (order, isNumber) = (query["sort"], column.isNumber)
            let isDown = order == "-" + column.field
            return [
                "label": .text(column.label), "is_number": .flag(isNumber),
                "sort_href": column.isSortable
                    ? .text(address(["sort": isDown ? column.field : "-" + column.field, "cursor": nil])) : .absent,
                "order": isDown ? "descending" : order == column.field ? "ascending" : .absent,
                "mark": isDown ? "↓" : order == column.field ? "↑" : .absent,
            ]
        }
    }

    // MARK: Rows

    private func row(_ record: StoredRecord, _ bulk: [Move]) -> PageValues {
        let key = record.id.uuidString.lowercased()
        let name = Cell(kind.name, of: record, looks).text ?? kind.noun
        let moves = explained[record.id]?.moves ?? []
        let offered = kind.rowMoves.compactMap { wanted in moves.first { $0.move.name == wanted } }
        let blocked = offered.filter { $0.isReachable && !$0.isEnabled }
        return [
            "key": .text(key), "row_href": .text(kind.path(record.id)), "name": .text(name),
            "pick": .text(BulkOutcome.pick + key), "cells": .list(cells(record)),
            "moves_href": .text(kind.path(record.id) + "/moves"),
            "row_moves": .list(
                offered.filter(\.isEnabled).map { explained in
                    MoveForm(
                        explained.move, seq: Int(record.integer("seq") ?? 0), today: looks.today, refused: nil,
                        around: .init(
                            usual: kind.usual(explained.move, of: record, today: looks.today), back: kind.root,
                            prefix: String(key.suffix(12)) + "-", zone: looks.time.zone)
                    ).values
                }),
            // One reason says why; the record's page has all of them.
            "why_not": .optional(
                blocked.first.flatMap { $0.told.first?.message }),
        ]
    }

    private func cells(_ record: StoredRecord) -> [PageValues] {
        columns.chosen.map { column in
            var cell = Cell(column, of: record, looks, isBrief: true)
            if column.isState { cell.badges += kind.marks(record, looks) }
            return cell.values.merging(["label": .text(column.label)]) { $1 }
        }
    }

    private func bulkValues(_ moves: [Move]) -> PageValues {
        [
            "bulk_href": .text(address([:]).replacing(kind.root, with: kind.root + "/bulk", maxReplacements: 1)),
            "bulk_command": .text(UUID().uuidString.lowercased()), "bulk_zone": .text(looks.time.zone.identifier),
            "simple_moves": .list(
                moves.filter(\.inputs.isEmpty).map {
                    ["move": .text($0.name.text), "label": .text($0.button ?? $0.title)]
                }),
            "asking_moves": .list(
                moves.filter { !$0.inputs.isEmpty }.map { move in
                    [
                        "move": .text(move.name.text), "label": .text(move.button ?? move.title),
                        "is_open": .flag(outcome?.refused == move.name.text),
                        "fields": .list(
                            move.inputs.map { ask in
                                InputField(
                                    ask: ask, id: "bulk-\(move.name)-\(ask.name)",
                                    given: outcome?.refused == move.name.text ? outcome?.form : nil, usual: nil,
                                    choices: nil, lines: [],
                                    faults: outcome?.refused == move.name.text
                                        ? outcome?.faults(of: ask.name.text) ?? [] : [],
                                    prefix: BulkOutcome.prefix(of: move.name.text), isChecked: false
                                ).values
                            }),
                    ]
                }),
        ]
    }
}

extension Shown {
    /// Whether it stands on the right, in figures of one width.
    var isNumber: Bool {
        switch form {
        case .money, .share, .number, .fahrenheit: true
        default: false
        }
    }

    /// Whether it is the record's own state.
    var isState: Bool { if case .state = form { ["status", "stage"].contains(field) } else { false } }
}

extension RecordKind {
    /// What is filled in before anybody has, in the form of a move.
    func usual(_ move: Move, of record: StoredRecord, today: CalendarDay) -> [String: String] {
        (usual[move.name.text] ?? [:]).compactMapValues { usual in
            switch usual {
            case .text(let text): text
            case .field(let name): record.text(name)
            case .cents(let name): record.integer(name).map(Self.plainDollars)
            case .daysAhead(let days): today.adding(days: days).description
            }
        }
    }

    /// An amount as somebody would type it.
    static func plainDollars(_ cents: Int64) -> String {
        let (dollars, rest) = (cents.magnitude / 100, cents.magnitude % 100)
        return "\(cents < 0 ? "-" : "")\(dollars).\(rest < 10 ? "0" : "")\(rest)"
    }
}
