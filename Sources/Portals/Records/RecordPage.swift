import Accounts
import Documents
import Foundation
import Jobs
import StateMachines
import WebAPI
import Workflows

/// One record, as its template shows it.
struct RecordPage: Page {
    static let template = "record"

    let kind: RecordKind
    let found: RecordDesk.Found
    /// What can be done; nil for what no machine governs.
    let explained: Explanation?
    /// What the program does about it; nil: not for this visitor.
    let doings: RecordDesk.Doings?
    /// What those are called who did something.
    let names: [UUID: String]
    let machine: Machine?
    /// What can be chosen, by input.
    let options: [String: [Choice]]
    let looks: Looks
    let mayChange: Bool
    let links: PageLinks
    let notice: String?
    let refused: RefusedMove?
    let edit: RefusedForm?
    /// What the visitor may add to it.
    let additions: [Addition]
    /// The addition that was sent and refused.
    let added: RefusedAddition?

    private var record: StoredRecord { found.record }
    private var path: String { kind.path(record.id) }
    private var apiPath: String { "/api/v1/\(kind.resource)/\(record.id.uuidString.lowercased())" }
    private var name: String { Cell(kind.name, of: record, looks).text ?? kind.noun }
    private var nouns: String { kind.noun.prefix(1).uppercased() + kind.noun.dropFirst() }

    var title: String { "\(nouns) \(name)" }

    var values: PageValues {
        let id = record.id.uuidString.lowercased()
        var values: PageValues = [
            "record_id": .text("record-\(id)"), "list_href": .text(kind.root), "list_title": .text(kind.title),
            "heading": .text(title), "noun": .text(kind.noun), "notice": .optional(notice),
            "subjects": .text(
                ((kind.machine.map { ["\($0):\(id)"] } ?? []) + kind.hearsToo).joined(separator: " ")),
            "api_href": .text(apiPath), "moves_href": .text("\(path)/moves"),
            "zone": .text(looks.time.zone.identifier.replacing("_", with: " ")),
            "is_governed": .flag(machine != nil), "is_told_all": .flag(doings != nil),
            "path_href": .optional(
                found.visitor.kind == .admin ? kind.machine.flatMap { links.path($0, record.id) } : nil),
            "subtitle": .one(
                kind.subtitle.map { Cell($0, of: record, looks) }.flatMap { $0.isEmpty ? nil : $0.values }),
            "sum": .one(sum), "facts": .list(facts), "document": .one(document), "tables": .list(tables),
            "edit": .one(editing),
        ]
        values.merge(standing) { _, new in new }
        values.merge(next) { _, new in new }
        values.merge(moves) { _, new in new }
        values.merge(happenings) { _, new in new }
        return values
    }

    private var standing: PageValues {
        let state = explained?.standing.state ?? machine.flatMap { record.text($0.field.text) }
        let badge = state.flatMap { name in machine?.badge(ofState: name) }
        return [
            "state": .one(badge?.values), "marks": .list(kind.marks(record, looks).map(\.values)),
            "since": .optional(explained.map { looks.time.text($0.standing.since) }),
            "since_iso": .optional(explained.map { Timestamp.text($0.standing.since) }),
        ]
    }

    // MARK: Facts

    private var sum: PageValues? {
        guard let sum = kind.sum else { return nil }
        let total = Cell(sum.total, of: record, looks).text ?? ""
        let hint = sum.hint.flatMap { shown in
            Cell(shown, of: record, looks).text.map { shown.label + " " + $0 }
        }
        let amounts = sum.amounts.compactMap { amount -> PageValues? in
            guard let cents = record.integer(amount.field), cents != 0 || amount.isAlways else { return nil }
            return [
                "label": .text(amount.label),
                "amount": .text(MoneyText.dollars(amount.isSubtracted && cents != 0 ? -cents : cents)),
            ]
        }
        return [
            "sum_title": .text(sum.title), "figure": .text(total), "figure_hint": .optional(hint),
            "amounts": .list(amounts), "has_amounts": .flag(!amounts.isEmpty), "total_label": .text(sum.totalLabel),
        ]
    }

    private var facts: [PageValues] {
        kind.facts.compactMap { shown in
            let cell = Cell(shown, of: record, looks)
            return cell.isEmpty ? nil : cell.values.merging(["label": .text(shown.label)]) { $1 }
        }
    }

    private var document: PageValues? {
        kind.document.map { document in
            [
                "document_href": record.text(document.field) == nil ? .absent : .text(apiPath + document.path),
                "document_label": .text(document.label), "waiting": .text(document.waiting),
            ]
        }
    }

    private var tables: [PageValues] {
        var related = found.related[...]
        return kind.tables.enumerated().compactMap { index, table in
            let rows = table.related == nil ? record.parts(table.part) : related.popFirst() ?? []
            if rows.isEmpty && table.isQuiet { return nil }
            return TableOfRecords(
                table: table, index: index, rows: rows, of: record.id, path: path, portal: kind.portal, looks: looks,
                addition: table.adds.flatMap(form)
            ).values
        }
    }

    private func form(_ addition: Addition) -> AdditionForm? {
        guard additions.contains(addition) else { return nil }
        let refused = added?.addition == addition ? added?.form : nil
        return AdditionForm(addition: addition, path: path, looks: looks, refused: refused)
    }

    // MARK: Editing

    private var editing: PageValues? {
        guard mayChange, !kind.edits.isEmpty else { return nil }
        let fields = kind.edits.map { edit in
            InputField(
                ask: edit.ask, id: "edit-\(edit.field)", given: self.edit?.form, usual: present(edit),
                choices: options[edit.field], lines: [],
                faults: self.edit?.reasons.filter { $0.field == edit.field }.map(\.message) ?? []
            ).values
        }
        let names = kind.edits.map(\.field)
        let general = edit?.reasons.filter { reason in !names.contains { $0 == reason.field } } ?? []
        return [
            "edit_href": .text("\(path)/fields"), "edit_version": .text(record.version ?? "*"),
            "edit_open": .flag(edit != nil), "fields": .list(fields),
            "edit_zone": .text(looks.time.zone.identifier),
            "edit_reasons": .list(general.map { ["message": .text($0.message)] }),
            "edit_refused": edit == nil ? .absent : "It was not saved. Nothing was changed.",
        ]
    }

    /// What stands in a field now, as somebody would write it.
    private func present(_ edit: RecordKind.Edit) -> String? {
        switch edit.type {
        case .money: record.integer(edit.field).map(RecordKind.plainDollars)
        case .integer: record.integer(edit.field).map(String.init)
        case .time: record.moment(edit.field).map { looks.time.typed($0) }
        default: record.text(edit.field)
        }
    }

    // MARK: What happens

    private var next: PageValues {
        let next = explained?.next ?? []
        let tasks = explained?.tasks ?? []
        return [
            "next": .list(
                next.map {
                    [
                        "will": .text($0.will), "at": .text(looks.time.text($0.at)),
                        "at_iso": .text(Timestamp.text($0.at)),
                    ]
                }),
            "has_next": .flag(!next.isEmpty),
            "tasks": .list(
                tasks.map {
                    ["task": .text(Words.spelled($0.task)), "task_since": .text(looks.time.text($0.since))]
                }),
            "has_tasks": .flag(!tasks.isEmpty),
        ]
    }

    private var happenings: PageValues {
        let (jobs, emails) = (doings?.jobs ?? [], doings?.emails ?? [])
        let history = machine.map { machine in
            found.history.reversed().map { EventRow($0, machine: machine, time: looks.time, names: names).values }
        }
        return [
            "history": .list(history ?? []),
            "jobs": .list(
                jobs.map { JobRow($0, time: looks.time, href: links.job($0.id.rawValue)).values }),
            "has_jobs": .flag(!jobs.isEmpty),
            // What a job does is no change of the record, so nobody tells of it; it is looked for.
            "is_busy": .flag(jobs.contains { [.ready, .leased].contains($0.place) }),
            "emails": .list(
                emails.reversed().map { mail in
                    MailRow(mail, time: looks.time).values.merging(
                        ["mail_href": .text("\(path)/emails/\(mail.id.uuidString.lowercased())")]) { $1 }
                }),
            "has_emails": .flag(!emails.isEmpty), "has_kept": .flag(emails.contains { $0.state == .kept }),
        ]
    }

    // MARK: Moves

    private var moves: PageValues {
        let mine = (explained?.moves ?? []).filter { explained in
            explained.move.who.contains { $0 == found.visitor.actor.role } || explained.isEnabled
        }
        let offered = mine.filter { $0.isEnabled || $0.move.name.text == refused?.asked.name }
        let kept = mine.filter { !$0.isEnabled && $0.move.name.text != refused?.asked.name }
        // A move that does not exist or is not offered has no form to stand in; its reasons stand at the top.
        let hasForm = offered.contains { $0.move.name.text == refused?.asked.name }
        let own = refused?.refusal.reasons ?? []
        return [
            "moves": .list(offered.map { form($0.move).values }), "has_moves": .flag(!offered.isEmpty),
            "held_up": .list(kept.filter(\.isReachable).map { blocked($0, offered) }),
            "has_held_up": .flag(kept.contains(where: \.isReachable)),
            "blocked": .list(kept.filter { !$0.isReachable }.map { blocked($0, offered) }),
            "has_blocked": .flag(kept.contains { !$0.isReachable }),
            "refused": .optional(refused?.headline),
            "refused_reasons": .list(hasForm ? [] : own.map { ["message": .text($0.message)] }),
            "meanwhile": .list(meanwhile), "has_meanwhile": .flag(!meanwhile.isEmpty),
        ]
    }

    /// What has happened since the form was shown that was refused.
    private var meanwhile: [PageValues] {
        guard let refused, let machine else { return [] }
        return found.history.filter { $0.seq > refused.asked.seq }.map {
            EventRow($0, machine: machine, time: looks.time, names: names).values
        }
    }

    private func form(_ move: Move) -> MoveForm {
        let lines = record.parts("items").compactMap { line in
            line.text("product_id").map { OrderedLine(product: $0, quantity: "\(line.integer("quantity") ?? 0)") }
        }
        let whatIf = found.visitor.kind == .admin ? kind.machine.flatMap { links.whatIf($0, record.id) } : nil
        return MoveForm(
            move, seq: explained?.standing.seq ?? 0, today: looks.today, refused: refused,
            around: .init(
                usual: kind.usual(move, of: record, today: looks.today), options: options, lines: lines,
                whatIf: whatIf, zone: looks.time.zone))
    }

    private func blocked(_ explained: ExplainedMove, _ offered: [ExplainedMove]) -> PageValues {
        [
            "label": .text(explained.move.button ?? explained.move.title),
            "reasons": .list(
                explained.told.map { reason in
                    let way = offered.first { $0.move.name.text == reason.unblocks }?.move
                    return [
                        "message": .text(reason.message), "way_href": .optional(way.map { "#move-\($0.name)" }),
                        "way": .optional(way.map { $0.button ?? $0.title }),
                        // Something to be done to another record first.
                        "way_elsewhere": .optional(
                            way == nil ? reason.unblocks.map { Words.spelled($0.replacing(".", with: ": ")) } : nil),
                    ]
                }),
        ]
    }
}
