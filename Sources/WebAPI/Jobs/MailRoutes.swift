import Accounts
import Database
public import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines
public import Workflows

/// The mailbox: every mail that a job has written, whether or not it left.
struct MailRoutes {
    let desk: OpsDesk

    private static let longest = 200
    private static let members: [Schema.Member] = [
        .init("id", .id), .init("job", JobSchemas.number), .init("machine", .text()), .init("record_id", .id),
        .init("template", .text()), .init("recipients", .list(of: .text())), .init("subject", JobSchemas.words),
        .init("state", .choice(OutboundEmail.State.allCases.map(\.rawValue))), .init("created_at", .moment),
        .init("sent_at", .optional(.moment)), .init("files", .list(of: .id)),
    ]

    var operations: [Operation] {
        [
            desk.look(
                "/emails", "Looks for mails that were written, the newest first",
                .object([
                    .init("items", .list(of: .named("Email", .object(Self.members)), most: Self.longest)),
                    .init("next_cursor", .optional(.id)),
                ]),
                parameters: [
                    Parameter(.query, "recipient", .text(1...200), "What stands in an address that it goes to."),
                    Parameter(.query, "subject", .text(1...200), "What stands in its subject."),
                    Parameter(
                        .query, "state", .choice(OutboundEmail.State.allCases.map(\.rawValue)),
                        "What is known of its way."),
                    Parameter(.query, "cursor", .id, "The `next_cursor` of the part before."),
                    Parameter(.query, "limit", .integer(1...Int64(Self.longest)), "How many at most; usually 50."),
                ], handler: list),
            desk.look(
                "/emails/{id}", "One mail with its text",
                .named("EmailText", .object(Self.members + [.init("text", .text(0...1_000_000))])), handler: show),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = try visit.query()
        var filter = OutboundEmail.Filter()
        (filter.recipient, filter.subject) = (query["recipient"], query["subject"])
        filter.state = query["state"].flatMap(OutboundEmail.State.init)
        filter.after = query["cursor"].flatMap { UUID(uuidString: $0) }
        let limit = query["limit"].flatMap { Int($0) } ?? RequestLimits.usualListLength
        let found = try await desk.mails(visit, filter, limit: limit)
        return Response(
            json: .object([
                "items": .array(found.mails.map { .object($0.members) }), "next_cursor": .id(found.next),
            ]))
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let mail = try await desk.mail(visit)
        return Response(json: .object(mail.members.merging(["text": .string(mail.shownText)]) { $1 }))
    }
}

extension OpsDesk {
    /// Looks for mails.
    ///
    /// - Parameters:
    ///   - visit: The request.
    ///   - filter: Which.
    ///   - limit: How many at most.
    /// - Returns: The newest first, and where the list goes on.
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func mails(
        _ visit: Visit, _ filter: OutboundEmail.Filter, limit: Int
    ) async throws -> (mails: [OutboundEmail], next: UUID?) {
        let found = try await read(visit) { _, session in
            try session.query(OutboundEmail.search(filter, limit: limit + 1)).map { try OutboundEmail($0) }
        }
        return (Array(found.prefix(limit)), found.count > limit ? found[limit - 1].id : nil)
    }

    /// The mail that an address names.
    ///
    /// - Parameter visit: The request.
    /// - Returns: The mail.
    /// - Throws: ``Problem`` 401, 403 or 404; `DatabaseError`.
    public func mail(_ visit: Visit) async throws -> OutboundEmail {
        let id = try visit.id(of: "mail")
        return try await read(visit) { _, session in
            guard let row = try session.first(OutboundEmail.one(id)) else { throw Problem.notFound("mail") }
            return try OutboundEmail(row)
        }
    }
}

extension OutboundEmail {
    /// Its plain text as anybody but who it is for may see it: a link that lets somebody in is theirs alone.
    public var shownText: String {
        text.replacing(/token=[A-Za-z0-9_\-]+/, with: "token=(hidden)")
    }

    fileprivate var members: [String: JSONValue] {
        [
            "id": .id(id), "job": .string(String(jobID)), "machine": .string(machine), "record_id": .id(record),
            "template": .string(template), "recipients": .array(recipients.map(JSONValue.string)),
            "subject": .string(subject), "state": .string(state.rawValue), "created_at": .moment(createdAt),
            "sent_at": .moment(sentAt), "files": .array(fileIDs.map { .id($0) }),
        ]
    }
}
