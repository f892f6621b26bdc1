import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

/// What an admin does not see in passing, and opens for a reason: private notes, and what others write to each other.
///
/// The entry in the audit log is written in the transaction that reads: nothing is shown without one. Source: SEC-07.
struct OversightRoutes {
    let dependencies: WebDependencies

    private static let note = Schema.object([
        .init("id", .id), .init("author_kind", .actorKind), .init("author_id", .id), .init("note", .text(0...10_000)),
        .init("created_at", .moment), .init("updated_at", .moment),
    ])
    private static let message = Schema.object([
        .init("id", .id), .init("seq", .integer()), .init("sender_kind", .actorKind),
        .init("sender_id", .optional(.id)), .init("sender_name", .text()), .init("body", .text(0...1_000_000)),
        .init("message_type", .text()), .init("sent_at", .moment),
    ])
    /// The messages that are shown at once, the last ones.
    private static let most = 500

    var operations: [Operation] {
        [
            operation(
                "/api/v1/leads/{id}/private-notes", "Opens the private notes on a lead", of: .leads,
                needs: .breakGlassOnNotes, shows: ("notes", Self.note)
            ) { visit in
                try await open(
                    visit, .leads, as: ("lead", "notes.breakglass"),
                    read: { lead in
                        """
                        SELECT id, 'sales_rep' AS author_kind, sales_rep_id AS author_id, note, created_at, updated_at
                        FROM lead_notes WHERE lead_id = \(lead) AND is_private ORDER BY created_at, id
                        """
                    }, show: ("notes", Self.noteJSON))
            },
            operation(
                "/api/v1/partners/{id}/private-notes", "Opens the private notes on a partner", of: .partners,
                needs: .breakGlassOnNotes, shows: ("notes", Self.note)
            ) { visit in
                try await open(
                    visit, .partners, as: ("partner", "notes.breakglass"),
                    read: { partner in
                        """
                        SELECT id, author_kind, author_id, note, created_at, updated_at
                        FROM partner_notes WHERE partner_id = \(partner) AND is_private ORDER BY id
                        """
                    }, show: ("notes", Self.noteJSON))
            },
            operation(
                "/api/v1/conversations/{id}/oversight", "Opens what others write to each other", of: .conversations,
                needs: .overseeMessages, shows: ("messages", Self.message)
            ) { visit in
                try await open(
                    visit, .conversations, as: ("conversation", "messages.oversight"),
                    read: { conversation in
                        """
                        SELECT * FROM (SELECT id, seq, sender_kind, sender_id, sender_name, body, message_type, sent_at
                            FROM messages WHERE conversation_id = \(conversation) ORDER BY seq DESC
                            LIMIT \(Self.most)::bigint) x
                        ORDER BY seq
                        """
                    }, show: ("messages", Self.messageJSON))
            },
        ]
    }

    private func operation(
        _ path: String, _ summary: String, of table: Table, needs permission: Permission,
        shows: (name: String, schema: Schema), handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .post, path, "\(summary), for a reason that is kept", tag: "Oversight",
            access: .signedIn([.admin], needs: permission), scope: .rows(of: table),
            body: .object([.init("reason", .text(3...500))]),
            answers: [.json(.object([.init(shows.name, .list(of: shows.schema, most: Self.most))]))], problems: [404],
            handler: handler)
    }

    private func open(
        _ visit: Visit, _ table: Table, as what: (subject: String, action: String), read: @Sendable (UUID) -> SQL,
        show: (name: String, one: @Sendable (Row) throws -> JSONValue)
    ) async throws -> Response {
        let id = try visit.id(of: what.subject)
        let body = try await visit.body()
        let now = dependencies.now()
        let shown = try await visit.write { visitor, session in
            // Permission is all that is asked of a conversation: it is shown to those who take part in it alone.
            try session.execute(Credential.asProgram)
            let isThere = try session.first("SELECT FROM \(unsafeUnescaped: table.rawValue) WHERE id = \(id)") != nil
            guard isThere else { throw Problem.notFound(what.subject) }
            let rows = try session.query(read(id))
            let entry = AuditEntry(
                actor: visitor.actor, action: what.action, subjectType: what.subject, subjectID: id,
                after: [show.name: .array(try rows.map { .id(try $0.value("id", as: UUID.self)) })],
                reason: body.text("reason"), at: now, session: visitor.sessionID)
            try session.execute(entry.insert)
            return try rows.map(show.one)
        }
        return Response(json: .object([show.name: .array(shown)]))
    }

    @Sendable private static func noteJSON(_ row: Row) throws -> JSONValue {
        .object([
            "id": .id(try row.value("id", as: UUID.self)), "author_kind": .string(try row.value("author_kind")),
            "author_id": .id(try row.value("author_id", as: UUID.self)), "note": .string(try row.value("note")),
            "created_at": .moment(try row.value("created_at", as: Date.self)),
            "updated_at": .moment(try row.value("updated_at", as: Date.self)),
        ])
    }

    @Sendable private static func messageJSON(_ row: Row) throws -> JSONValue {
        .object([
            "id": .id(try row.value("id", as: UUID.self)), "seq": .integer(try row.value("seq")),
            "sender_kind": .string(try row.value("sender_kind")), "sender_id": .id(try row.optional("sender_id")),
            "sender_name": .string(try row.value("sender_name")), "body": .string(try row.value("body")),
            "message_type": .string(try row.value("message_type")),
            "sent_at": .moment(try row.value("sent_at", as: Date.self)),
        ])
    }
}
