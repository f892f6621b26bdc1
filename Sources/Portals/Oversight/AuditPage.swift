import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// The audit log: who did what to what, and what it changed.
struct AuditPage: Page {
    static let template = "audit"

    let entries: ListPage<AuditLine>
    let query: AuditQuery
    let admins: [(id: UUID, name: String)]
    let machines: [Machine]
    let verdict: AuditVerdict?
    /// Whether the visitor may take the entries away as a file.
    let mayExport: Bool
    let time: CompanyTime

    var title: String { "Audit log" }

    var values: PageValues {
        [
            "action": .text(OversightPages.audit), "entries": .list(entries.items.map(row)),
            "is_empty": .flag(entries.items.isEmpty), "is_filtered": .flag(!query.given.isEmpty),
            "fields": .list(fields), "all": .text(OversightPages.audit),
            "verify_href": .text(query.address(OversightPages.audit, [("verify", "chain")])),
            "verdict": .one(verdict.map(verdictValues)),
            "export_href": mayExport ? .text(query.address(OversightPages.audit + "/export.csv")) : .absent,
            "more": .optional(entries.next.map { query.address(OversightPages.audit, [("after", $0)]) }),
            "first": query.after == nil ? .absent : .text(query.address(OversightPages.audit)),
            "zone": .text(time.zone.identifier.replacing("_", with: " ")),
        ]
    }

    private func verdictValues(_ verdict: AuditVerdict) -> PageValues {
        let entries = Words.counted(verdict.entries)
        return [
            "is_whole": .flag(verdict.firstBreak == nil), "checked": .text(entries),
            "break": .optional(verdict.firstBreak.map { "\($0)" }),
        ]
    }

    private var fields: [PageValues] {
        let people = [
            ("system", "Drizzl, by itself"), ("service", "A service"), ("sales_rep", "Any sales rep"),
            ("partner_user", "Any partner user"),
        ]
        let actors = admins.map { ($0.id.uuidString.lowercased(), $0.name) } + people
        return [
            field("actor", "Who", choices: actors), field("action", "What", hint: "a part, such as approve"),
            field("subject", "To what", hint: "a kind, such as partner, or an id"),
            field("from", "From day", type: "date"), field("to", "To day", type: "date"),
        ]
    }

    private func field(
        _ name: String, _ label: String, type: String = "text", hint: String? = nil, choices: [(String, String)] = []
    ) -> PageValues {
        let value = query.given[name] ?? ""
        return [
            "field_id": .text("audit-\(name)"), "name": .text(name), "field_label": .text(label), "type": .text(type),
            "value": .text(value), "placeholder": .optional(hint), "is_choice": .flag(!choices.isEmpty),
            "choices": .list(
                choices.map { choice in
                    [
                        "choice": .text(choice.0), "choice_label": .text(choice.1),
                        "is_selected": .flag(choice.0 == value.lowercased()),
                    ]
                }),
        ]
    }

    private func row(_ line: AuditLine) -> PageValues {
        let words = AuditWords(line: line, machine: machines.first { $0.name.text == line.subjectType })
        let href = words.machine == nil ? nil : line.subject.map { LifecyclePages.path(line.subjectType, $0) }
        return [
            "seq": .text("\(line.seq)"), "at": .text(time.text(line.at)), "at_iso": .text(Timestamp.text(line.at)),
            "actor": .text(words.actor), "did": .text(words.action), "code": .text(line.action),
            "subject": .text(words.subject),
            // A record that is gone has no path.
            "subject_href": .optional(line.subjectName == nil ? nil : href), "reason": .optional(line.reason),
            "differences": .list(
                words.differences.map { one in
                    ["column": .text(one.name), "old": .optional(one.old), "new": .optional(one.new)]
                }),
            "has_differences": .flag(!words.differences.isEmpty),
        ]
    }

    /// The same as a file: a line for each entry, with what the page shows of it.
    static func export(_ lines: [AuditLine], machines: [Machine], time: CompanyTime) -> String {
        let head = ["Number", "At", "At (UTC)", "Who", "What", "Code", "To what", "Id", "Reason", "Before", "After"]
        return CSVText.text(
            [head]
                + lines.map { line in
                    let words = AuditWords(line: line, machine: machines.first { $0.name.text == line.subjectType })
                    let (old, new) = (
                        words.differences.compactMap { one in one.old.map { "\(one.name): \($0)" } },
                        words.differences.compactMap { one in one.new.map { "\(one.name): \($0)" } }
                    )
                    return [
                        "\(line.seq)", time.text(line.at), Timestamp.text(line.at), words.actor, words.action,
                        line.action, words.subject, line.subject?.uuidString.lowercased() ?? "", line.reason ?? "",
                        old.joined(separator: "; "), new.joined(separator: "; "),
                    ]
                })
    }
}
