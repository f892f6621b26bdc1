public import Accounts
import Database
public import Foundation
import Hummingbird
public import StateMachines

/// Which entries of the audit log are meant; what is nil does not matter.
public struct AuditFilter: Sendable, Hashable {
    /// What did it, such as `admin` or `system`.
    public var actorKind: String?
    /// Who did it.
    public var actor: UUID?
    /// Part of what was done: `approve`.
    public var action: String?
    /// The kind of what it was done to.
    public var subjectType: String?
    /// What it was done to.
    public var subject: UUID?
    /// Done at this moment or later.
    public var from: Date?
    /// Done before this moment.
    public var until: Date?

    /// Means all entries, until something is set.
    public init() {}

    fileprivate var condition: SQL {
        var conditions = [Scoping.predicate(for: .auditLog, of: .admin, alias: "t")]
        if let actorKind { conditions.append("t.actor_kind = \(actorKind)") }
        if let actor { conditions.append("t.actor_id = \(actor)") }
        if let action { conditions.append("strpos(t.action, lower(\(action))) > 0") }
        if let subjectType { conditions.append("t.subject_type = \(subjectType)") }
        if let subject { conditions.append("t.subject_id = \(subject)") }
        if let from { conditions.append("t.at >= \(from)") }
        if let until { conditions.append("t.at < \(until)") }
        return conditions.joined(separator: " AND ")
    }
}

/// One entry of the audit log.
public struct AuditLine: Sendable, Hashable {
    /// Its number, without a gap.
    public var seq: Int64
    /// When it was done, UTC.
    public var at: Date
    /// What did it.
    public var actorKind: String
    /// Who did it.
    public var actor: UUID?
    /// What they are called; nil for the program itself and for services.
    public var actorName: String?
    /// What was done.
    public var action: String
    /// The kind of what it was done to.
    public var subjectType: String
    /// What it was done to.
    public var subject: UUID?
    /// What that is called; nil when it is no record, or gone.
    public var subjectName: String?
    /// Why.
    public var reason: String?
    /// What was before, by name.
    public var before: [String: JSONValue]
    /// What was after, by name.
    public var after: [String: JSONValue]

    fileprivate init(_ row: Row) throws {
        (seq, at) = (try row.value("seq"), try row.value("at"))
        (actorKind, actor) = (try row.value("actor_kind"), try row.optional("actor_id"))
        (actorName, action) = (try row.optional("actor_name"), try row.value("action"))
        (subjectType, subject) = (try row.value("subject_type"), try row.optional("subject_id"))
        (subjectName, reason) = (try row.optional("subject_name"), try row.optional("reason"))
        (before, after) = (try Self.members(row, "before"), try Self.members(row, "after"))
    }

    private static func members(_ row: Row, _ column: String) throws -> [String: JSONValue] {
        guard let json = try row.optional(column, as: JSON.self), case .object(let members) = try JSONValue.stored(json)
        else { return [:] }
        return members
    }
}

/// Whether the audit log is as it was written.
public struct AuditVerdict: Sendable, Hashable {
    /// How many entries were looked at.
    public var entries: Int
    /// The first one that was changed, or whose neighbour is gone; nil when the chain is whole.
    public var firstBreak: Int64?
}

/// Reads the audit log, as the visitor (A-31).
public struct AuditReader: Sendable {
    /// The longest export.
    public static let most = 10_000

    /// Makes a reader.
    public init() {}

    /// The entries that a filter means, newest first, and the admins, one of whom a filter may name.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - mark: Where the page before ended.
    ///   - limit: How many at most.
    ///   - visit: Who asks.
    /// - Returns: The visitor, the entries and the admins.
    /// - Throws: ``Problem`` 401, 403, or 422 for a mark that is none of ours; `DatabaseError`.
    public func entries(
        _ filter: AuditFilter, after mark: String?, limit: Int = 50, _ visit: Visit
    ) async throws -> (visitor: Visitor, page: ListPage<AuditLine>, admins: [(id: UUID, name: String)]) {
        var behind: SQL = "true"
        if let mark {
            guard let seq = Int64(mark) else { throw MomentMark.unreadable }
            behind = "t.seq < \(seq)"
        }
        let (visitor, results) = try await visit.read([
            """
            SELECT t.seq, t.at, t.actor_kind, t.actor_id, t.action, t.subject_type, t.subject_id, t.reason, t.before,
                t.after, \(ActorName.of("t.actor_kind", "t.actor_id")) AS actor_name,
                coalesce(\(RecordName.of("t.subject_type", "t.subject_id")),
                    \(ActorName.of("t.subject_type", "t.subject_id"))) AS subject_name
            FROM audit_log t WHERE \(filter.condition) AND \(behind)
            ORDER BY t.seq DESC LIMIT \(limit + 1)::bigint
            """,
            "SELECT id, first_name || ' ' || last_name AS name FROM admins ORDER BY last_name, first_name, id",
        ])
        let found = try results[0].rows.map { try AuditLine($0) }
        let admins = try results[1].rows.map {
            (id: try $0.value("id", as: UUID.self), name: try $0.value("name", as: String.self))
        }
        return (
            visitor,
            ListPage(found, limit: limit) {
                "\($0.seq)"
            } item: {
                $0
            }, admins
        )
    }

    /// Works out every seal anew and compares.
    ///
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func verify(_ visit: Visit) async throws -> AuditVerdict {
        let results = try await visit.read([
            "SELECT audit_log_first_break() AS first_break, (SELECT count(*) FROM audit_log) AS entries"
        ]).1
        guard let row = results[0].rows.first else { throw Problem.defect }
        return AuditVerdict(entries: try row.value("entries"), firstBreak: try row.optional("first_break"))
    }
}

/// `/api/v1/audit-log/verification`: whether the audit log is as it was written.
struct AuditRoutes {
    var operations: [Operation] {
        [
            Operation(
                .get, "/api/v1/audit-log/verification", "Tells whether the audit log is as it was written",
                tag: "Company", access: .signedIn([.admin], needs: .readAudit),
                scope: .none("it names the number of an entry, and nothing of what is in it"),
                answers: [
                    .json(
                        .object([
                            .init("entries", .integer()), .init("is_whole", .boolean),
                            .init("first_break", .optional(.integer())),
                        ]))
                ]
            ) { visit in
                _ = try visit.query()
                let verdict = try await AuditReader().verify(visit)
                return Response(
                    json: .object([
                        "entries": .count(verdict.entries), "is_whole": .boolean(verdict.firstBreak == nil),
                        "first_break": verdict.firstBreak.map(JSONValue.integer) ?? .null,
                    ]))
            }
        ]
    }
}
