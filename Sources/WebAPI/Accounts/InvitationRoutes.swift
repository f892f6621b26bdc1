import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines
import Workflows

extension Consequence {
    /// Whoever has a new account gets a mail with a link to choose a password, good for 48 hours (SEC-04).
    static func invitation(_ kind: Visitor.Kind) -> Consequence {
        .ofMaking { writing, session in
            try session.execute(
                try Queue.enqueue([AccountMail(.invitation, to: kind, writing.record)], now: writing.now))
        }
    }
}

/// `POST …/{id}/invitation`: another link for somebody who has not chosen a password yet.
struct InvitationRoutes {
    let dependencies: WebDependencies

    /// Whose accounts are made by whom.
    private static let people:
        [(path: String, noun: String, table: Table, of: Visitor.Kind, by: Set<Visitor.Kind>, needs: Permission)] = [
            ("admins", "admin", .admins, .admin, .admins, .manageAdmins),
            ("sales-reps", "sales rep", .salesReps, .salesRep, .admins, .manageReps),
            ("partner-users", "partner user", .partnerUsers, .partnerUser, .partners, .managePartners),
        ]

    var operations: [Operation] {
        Self.people.map { people in
            Operation(
                .post, "/api/v1/\(people.path)/{id}/invitation", "Mails the \(people.noun) another invitation",
                tag: "People", access: .signedIn(people.by, needs: people.needs), scope: .rows(of: people.table),
                answers: [.empty(202, "It is on its way. Links of earlier invitations are good no more.")],
                problems: [404, 409]
            ) { visit in
                try await invite(visit, people.noun, in: people.table, people.of)
                return Response(status: .accepted)
            }
        }
    }

    private func invite(_ visit: Visit, _ noun: String, in table: Table, _ kind: Visitor.Kind) async throws {
        let (id, now) = (try visit.id(of: noun), dependencies.now())
        try await visit.write { visitor, session in
            let name: SQL = "\(unsafeUnescaped: table.rawValue) t"
            let seen = Scoping.predicate(for: table, of: visitor.kind, alias: "t")
            let theirs = Scoping.predicate(for: table, of: visitor.kind, to: .write, alias: "t")
            guard
                let found = try session.first(
                    "SELECT \(theirs) AS is_theirs FROM \(name) WHERE t.id = \(id) AND \(seen)")
            else { throw Problem.notFound(noun) }
            guard try found.value("is_theirs") == true else { throw Problem.readOnly(noun) }
            // Whether there is a password, nobody may read; the program asks, and tells no more than this.
            let waits = try session.pipeline([
                Credential.asProgram,
                "SELECT FROM \(name) WHERE t.id = \(id) AND t.is_active AND t.password_hash IS NULL",
            ])
            guard !waits[1].rows.isEmpty else { throw Problem.needsNoInvitation }
            _ = try session.pipeline([
                PasswordLink.end(of: kind, id, now: now),
                visitor.audit("\(kind.rawValue).invite", of: kind, id, at: now).insert,
                try Queue.enqueue([AccountMail(.invitation, to: kind, id)], now: now),
            ])
        }
    }
}

extension Problem {
    fileprivate static var needsNoInvitation: Problem {
        Problem(
            .conflict, code: "needs_no_invitation", title: title(of: .conflict),
            detail: """
                The account is switched off, or its password is chosen already. Who forgot it asks for a link on the \
                sign-in page.
                """)
    }
}
