import Accounts
import enum Documents.TemplateValue
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import WebAPI
import Workflows

/// `…/ops/mailbox`: every mail that a job has written, whether or not it left.
struct MailboxPages: Sendable {
    let ops: OpsPages

    static let root = OpsPages.root + "/mailbox"
    private static let listLength = 50

    var routes: [PageRoute] {
        [
            OpsPages.look(Self.root, "Every mail that was written", handler: list),
            OpsPages.look(Self.root + "/{id}", "One mail", handler: show),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = visit.query
        var filter = OutboundEmail.Filter()
        (filter.recipient, filter.subject) = (query["recipient"], query["subject"])
        filter.state = query["state"].flatMap(OutboundEmail.State.init)
        filter.after = query["cursor"].flatMap { UUID(uuidString: $0) }
        let found = try await ops.desk.mails(visit, filter, limit: Self.listLength)
        let page = MailboxPage(filter: filter, mails: found.mails, next: found.next, time: OpsTime(ops.pages))
        return try ops.pages.show(page, to: try await visit.visitor(), visit)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let mail = try await ops.desk.mail(visit)
        return try ops.pages.show(
            OpsMailPage(mail: mail, time: OpsTime(ops.pages)), to: try await visit.visitor(), visit)
    }
}

/// The mails that a search finds.
struct MailboxPage: Page {
    static let template = "ops-mailbox"

    let filter: OutboundEmail.Filter
    let mails: [OutboundEmail]
    let next: UUID?
    let time: OpsTime

    var title: String { "Mailbox" }

    private var isFiltered: Bool { filter.recipient != nil || filter.subject != nil || filter.state != nil }

    private func address(state: OutboundEmail.State? = nil, cursor: UUID? = nil) -> String {
        Address.text(
            MailboxPages.root,
            [
                "recipient": filter.recipient ?? "", "subject": filter.subject ?? "", "state": state?.rawValue ?? "",
                "cursor": cursor?.uuidString.lowercased() ?? "",
            ])
    }

    var values: PageValues {
        let all: PageValues = [
            "label": "All", "href": .text(address()), "is_current": .flag(filter.state == nil),
        ]
        return [
            "states": .list(
                [all]
                    + OutboundEmail.State.allCases.map { state in
                        [
                            "label": .text(Self.words(state)), "href": .text(address(state: state)),
                            "is_current": .flag(state == filter.state),
                        ]
                    }),
            "recipient": .text(filter.recipient ?? ""), "subject": .text(filter.subject ?? ""),
            "state_kept": .optional(filter.state?.rawValue), "mails": .list(mails.map(row)),
            "is_empty": .flag(mails.isEmpty), "is_filtered": .flag(isFiltered), "all": .text(MailboxPages.root),
            "has_kept": .flag(mails.contains { $0.state == .kept }), "count": .text("\(mails.count)"),
            "next": next.map { .text(address(state: filter.state, cursor: $0)) } ?? .absent,
            "is_live": .flag(filter.after == nil),
        ].merging(OpsTab.mailbox.values) { $1 }
    }

    private func row(_ mail: OutboundEmail) -> PageValues {
        [
            "key": .text("mail-\(mail.id.uuidString.lowercased())"),
            "href": .text("\(MailboxPages.root)/\(mail.id.uuidString.lowercased())"), "subject": .text(mail.subject),
            "to": .text(mail.recipients.joined(separator: ", ")),
            "state": .one(Badge(Self.words(mail.state), Self.tone(mail.state)).values),
            "template": .text(Words.spelled(mail.template)),
            "files": mail.fileIDs.isEmpty ? .absent : .text("\(mail.fileIDs.count)"),
        ].merging(time.values("at", mail.sentAt ?? mail.createdAt)) { $1 }
    }

    static func words(_ state: OutboundEmail.State) -> String {
        switch state {
        case .sending: "Being sent"
        case .sent: "Sent"
        case .kept: "Kept here"
        case .refused: "Refused"
        case .dropped: "No longer true"
        }
    }

    static func tone(_ state: OutboundEmail.State) -> Badge.Tone {
        switch state {
        case .sending: .info
        case .sent: .success
        case .kept, .dropped: .warning
        case .refused: .error
        }
    }
}

/// One mail.
struct OpsMailPage: Page {
    static let template = "ops-mail"

    let mail: OutboundEmail
    let time: OpsTime

    var title: String { mail.subject }

    var values: PageValues {
        let job = JobID(rawValue: mail.jobID)
        var values: PageValues = [
            "list": .text(MailboxPages.root), "subject": .text(mail.subject),
            "state": .one(Badge(MailboxPage.words(mail.state), MailboxPage.tone(mail.state)).values),
            "is_kept": .flag(mail.state == .kept), "is_refused": .flag(mail.state == .refused),
            "to": .text(mail.recipients.joined(separator: ", ")),
            "template": .text(Words.spelled(mail.template)), "message_id": .text(mail.messageID),
            "job": .text(job.description), "job_href": .text(OpsPages.path(job)),
            "record": .one(
                mail.machine == "account"
                    ? nil
                    : [
                        "machine": .text(Words.spelled(mail.machine)),
                        "record_href": .text(RecordAddress.path(machine: mail.machine, id: mail.record)),
                    ]),
            "files": mail.fileIDs.isEmpty ? .absent : .text("\(mail.fileIDs.count)"), "body": .text(mail.shownText),
        ]
        values.merge(time.values("made", mail.createdAt, isExact: true)) { $1 }
        values.merge(time.values("sent", mail.sentAt, isExact: true)) { $1 }
        return values.merging(OpsTab.mailbox.values) { $1 }
    }
}
