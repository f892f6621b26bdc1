import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

/// A partner's tax id: given by whoever edits the partner, shown masked, and opened whole for a reason.
///
/// The whole is sealed in the database, which knows its last four digits alone. Source: SEC-08, SEC-09.
struct TaxRoutes {
    let dependencies: WebDependencies

    private static let path = "/api/v1/partners/{id}/tax-id"
    private static let column = "tax_id_enc"
    private static let answer = Schema.object([.init("tax_id", .text())])

    var operations: [Operation] {
        [
            Operation(
                .put, Self.path, "Gives a partner its tax id; the answer shows it masked", tag: "Partners",
                access: .signedIn(.partners, needs: .managePartners), scope: .rows(of: .partners),
                body: .object([.init("tax_id", .text(9...10))]), answers: [.json(Self.answer)], problems: [404],
                handler: put),
            Operation(
                .post, Self.path, "Opens a partner's whole tax id, for a reason that is kept", tag: "Partners",
                access: .signedIn([.admin], needs: .approvePartners), scope: .rows(of: .partners),
                body: .object([.init("reason", .text(3...500))]), answers: [.json(Self.answer)], problems: [404],
                handler: open),
        ]
    }

    @Sendable private func put(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: "partner")
        let (_, seen) = try await visit.read { kind in [ResourceRoutes.exists(id, in: .partners, for: kind)] }
        guard !seen[0].rows.isEmpty else { throw Problem.notFound("partner") }
        guard let typed = try await visit.body().text("tax_id"), let number = TaxID(typed) else {
            throw Problem(
                .unprocessableContent,
                faults: [.init(code: "tax_id_invalid", message: "A tax id is like 12-3456789.", field: "tax_id")])
        }
        let sealed = try dependencies.accounts.secrets.seal(number.text, record: id, column: Self.column)
        try await visit.write { visitor, session in
            let theirs: SQL = """
                SELECT FROM partners t
                WHERE t.id = \(id) AND \(Scoping.predicate(for: .partners, of: visitor.kind, to: .write, alias: "t"))
                """
            guard try session.first(theirs) != nil else { throw Problem.readOnly("partner") }
            try session.pipeline([
                Credential.asProgram,
                "UPDATE partners SET tax_id_enc = \(sealed.bytes), tax_id_end = \(number.end) WHERE id = \(id)",
                entry("partner.tax_id_set", id, visitor, after: ["tax_id": .string(number.masked)]).insert,
            ])
        }
        return Response(json: .object(["tax_id": .string(number.masked)]))
    }

    @Sendable private func open(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: "partner")
        let reason = try await visit.body().text("reason")
        let bytes = try await visit.write { visitor, session in
            try session.execute(Credential.asProgram)
            let row = try session.first("SELECT tax_id_enc FROM partners WHERE id = \(id)")
            guard let bytes = try row?.optional("tax_id_enc", as: [UInt8].self) else {
                throw Problem.notFound(row == nil ? "partner" : "tax id")
            }
            try session.execute(entry("partner.tax_id_opened", id, visitor, because: reason).insert)
            return bytes
        }
        let text = try dependencies.accounts.secrets.open(
            SecretBox.Sealed(bytes: bytes), record: id, column: Self.column)
        return Response(json: .object(["tax_id": .string(text)]))
    }

    private func entry(
        _ action: String, _ id: UUID, _ visitor: Visitor, after: [String: JSONValue] = [:],
        because reason: String? = nil
    ) -> AuditEntry {
        AuditEntry(
            actor: visitor.actor, action: action, subjectType: "partner", subjectID: id, after: after, reason: reason,
            at: dependencies.now(), session: visitor.sessionID)
    }
}

/// An employer identification number: two digits and seven.
struct TaxID {
    /// As it is written: `12-3456789`.
    let text: String

    /// Reads it with the dash or without.
    init?(_ typed: String) {
        guard let match = typed.wholeMatch(of: /([0-9]{2})-?([0-9]{7})/) else { return nil }
        text = "\(match.1)-\(match.2)"
    }

    /// Its last four digits.
    var end: String { String(text.suffix(4)) }
    /// As it is shown.
    var masked: String { "••-•••\(end)" }

    /// As it is shown of the row `t`.
    static let maskedColumn: SQL = "('••-•••' || t.tax_id_end)"
}
