import Database
import Documents
import Foundation
import Jobs
import StateMachines
import WebAPI
import Workflows

/// One event of the history, as its template shows it.
struct EventRow {
    let values: PageValues

    init(_ event: HistoryEntry, machine: Machine, time: CompanyTime, names: [UUID: String] = [:]) {
        let name = event.actorID.flatMap { names[$0] }
        let isMoved = event.from != nil && event.from != event.to
        values = [
            "number": .text("\(event.seq)"), "what": .text(machine.title(ofEvent: event.move)),
            "who": .text(
                name.map { "\($0), \(Words.doer(role: event.role).lowercased())" } ?? Words.doer(role: event.role)),
            "when": .text(time.text(event.asOf)),
            "when_iso": .text(Timestamp.text(event.asOf)),
            // Late by more than a minute: what counts and when it was written are two things.
            "written": event.at.timeIntervalSince(event.asOf) > 60 ? .text(time.text(event.at)) : .absent,
            "from": isMoved ? .optional(event.from.map(machine.title(ofState:))) : .absent,
            "to": isMoved || event.from == nil ? .text(machine.title(ofState: event.to)) : .absent,
            "reason": .optional(event.reason), "changes": .list(Self.changes(event, time)),
            "noted": .list(Self.noted(event)),
        ]
    }

    /// The amounts and marks that changed.
    private static func changes(_ event: HistoryEntry, _ time: CompanyTime) -> [PageValues] {
        let changes = try? JSONDecoder().decode([String: [JSONValue]].self, from: Data(event.changes.text.utf8))
        return (changes ?? [:]).sorted { $0.key < $1.key }.compactMap { column, pair in
            guard pair.count == 2, let old = shown(pair[0], column, time),
                let new = shown(pair[1], column, time)
            else {
                return nil
            }
            let label = column.hasSuffix("_cents") ? String(column.dropLast("_cents".count)) : column
            return [
                "column": .text(Words.spelled(label)), "old": pair[0] == .null ? .absent : .text(old),
                "new": .text(new),
            ]
        }
    }

    private static func shown(_ value: JSONValue, _ column: String, _ time: CompanyTime) -> String? {
        switch value {
        case .null: "none"
        case .boolean(let flag): flag ? "yes" : "no"
        case .integer(let number): column.hasSuffix("_cents") ? MoneyText.dollars(number) : "\(number)"
        // An id tells people nothing.
        case .string(let text) where UUID(uuidString: text) != nil: nil
        case .string(let text):
            CalendarDay(text).map { time.text($0) } ?? Timestamp.moment(text).map { time.text($0) } ?? text
        case .number, .array, .object: nil
        }
    }

    private static func noted(_ event: HistoryEntry) -> [PageValues] {
        let notes = try? JSONDecoder().decode([EventDraft.Note].self, from: Data(event.noted.text.utf8))
        return (notes ?? []).flatMap(\.reasons).map { ["message": .text($0.message)] }
    }
}

/// One job, as its template shows it.
struct JobRow {
    let values: PageValues

    init(_ job: JobSummary, time: CompanyTime, href: String? = nil) {
        let moment = job.runAt ?? job.finishedAt ?? job.createdAt
        values = [
            "job_href": .optional(href),
            "kind": .text(Words.spelled(job.kind)),
            "place": .one(Badge(Words.spelled(job.place.rawValue), Self.tone(job.place)).values),
            "moment": .text(time.text(moment)),
            "moment_iso": .text(Timestamp.text(moment)), "attempts": .text("\(job.attempts)"),
            "crashes": job.crashes == 0 ? .absent : .text("\(job.crashes)"), "last_error": .optional(job.lastError),
            "remark": .optional(job.note), "is_quiet": .flag(job.note == nil && job.lastError == nil),
        ]
    }

    static func tone(_ place: JobPlace) -> Badge.Tone {
        switch place {
        case .ready, .scheduled, .waiting, .blocked, .held, .cancelled: .neutral
        case .leased: .info
        case .finished: .success
        case .dead: .error
        }
    }
}

/// One mail, as its template shows it.
struct MailRow {
    let values: PageValues

    init(_ mail: OutboundEmail, time: CompanyTime) {
        let moment = mail.sentAt ?? mail.createdAt
        values = [
            "subject": .text(mail.subject), "to": .text(mail.recipients.joined(separator: ", ")),
            "state": .one(Badge(Self.words(mail.state), Self.tone(mail.state)).values),
            "moment": .text(time.text(moment)), "moment_iso": .text(Timestamp.text(moment)),
            "files": mail.fileIDs.isEmpty ? .absent : .text("\(mail.fileIDs.count)"),
            "is_kept": .flag(mail.state == .kept),
        ]
    }

    private static func words(_ state: OutboundEmail.State) -> String {
        switch state {
        case .sending: "Being sent"
        case .sent: "Sent"
        case .kept: "Kept here"
        case .refused: "Refused by the mail server"
        case .dropped: "Not sent: no longer true"
        }
    }

    private static func tone(_ state: OutboundEmail.State) -> Badge.Tone {
        switch state {
        case .sending: .info
        case .sent: .success
        case .kept, .dropped: .warning
        case .refused: .error
        }
    }
}
