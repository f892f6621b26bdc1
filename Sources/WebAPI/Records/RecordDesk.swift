public import Accounts
import Database
public import Foundation
import HTTPTypes
import HummingbirdCore
public import Jobs
import StateMachines
public import Workflows

/// Reads and edits records for pages as the API does for programs: the same declarations, rows, fields and rights.
public struct RecordDesk: Sendable {
    let resources: [String: Resource]
    let dependencies: WebDependencies

    /// Gathers everything that is declared.
    public init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
        resources = Dictionary(WebDoor.resources(dependencies).map { ($0.name, $0) }) { first, _ in first }
    }

    /// A page of a list.
    public struct List: Sendable {
        /// Who looks at it.
        public var visitor: Visitor
        /// The records.
        public var records: [StoredRecord]
        /// Leads to the next page; nil on the last.
        public var nextCursor: String?
        /// How many of the visitor's records are in each state.
        public var states: [String: Int]
        /// How many there are of whatever else was to be counted, in that order.
        public var counts: [Int]
    }

    /// Records that belong to another one.
    public struct Related: Sendable, Hashable {
        /// What the API calls them: `shipments`.
        public var resource: String
        /// The field that names the other record; nil: the address does.
        public var field: String?
        /// In which order.
        public var sort: String?
        /// How many are shown.
        public var limit: Int

        /// Declares some.
        public init(_ resource: String, by field: String?, sort: String? = nil, limit: Int = 20) {
            (self.resource, self.field, self.sort, self.limit) = (resource, field, sort, limit)
        }
    }

    /// A record with what belongs to it and what has happened to it.
    public struct Found: Sendable {
        /// Who looks at it.
        public var visitor: Visitor
        /// The record.
        public var record: StoredRecord
        /// What belongs to it, in the order in which it was asked for.
        public var related: [[StoredRecord]]
        /// Its history, oldest first; empty for what no machine governs.
        public var history: [HistoryEntry]
    }

    /// What the program does about a record.
    public struct Doings: Sendable {
        /// Its jobs, newest first.
        public var jobs: [JobSummary]
        /// Its mails, oldest first.
        public var emails: [OutboundEmail]
    }

    func resource(_ name: String) throws(Problem) -> Resource {
        guard let resource = resources[name] else { throw Problem.defect }
        return resource
    }

    /// Whether a list can be searched for a part of what stands in it.
    public func canSearch(_ name: String) -> Bool { resources[name]?.columns.contains { $0.has(.search) } ?? false }

    /// That part of a page's query which its list understands, every value of it right.
    ///
    /// - Parameters:
    ///   - name: What the API calls the records.
    ///   - visit: Who asks.
    ///   - renamed: What parameters were once called, and are now.
    /// - Returns: The query.
    /// - Throws: ``Problem`` 422 with every fault at once.
    public func query(
        _ name: String, of visit: Visit, renamed: [String: String] = [:]
    ) throws -> [String: String] {
        let known = ResourceRoutes(resource: try resource(name), dependencies: dependencies).listParameters
        let names = known.map(\.name)
        let given = visit.request.uri.queryParameters.map { name, value in
            (renamed[String(name)] ?? String(name), String(value))
        }
        // What the page itself asks is not the list's; and a form sends fields that were left empty too.
        var query = QueryParameters(given.filter { names.contains($0.0) && !$0.1.isEmpty }, known: names)
        for parameter in known { query.check(parameter) }
        try query.check()
        return query.values
    }

    /// A page of a list, as the visitor sees it.
    ///
    /// - Parameters:
    ///   - name: What the API calls the records.
    ///   - query: As the API takes it.
    ///   - filters: What else is to be counted, each as a query.
    ///   - visit: Who asks.
    /// - Returns: The page.
    /// - Throws: ``Problem`` 401, 403, 422; `DatabaseError`.
    public func list(
        _ name: String, _ query: [String: String], counting filters: [[String: String]] = [], _ visit: Visit
    ) async throws -> List {
        let resource = try resource(name)
        let (visitor, results) = try await asked(visit) { kind in
            guard resource.audience.contains(kind) else { throw Problem.forbidden("role", "These are not for you.") }
            let page = resource.page(try ListRequest(query, of: resource, for: kind), for: kind)
            let counts = try filters.map { filter in
                resource.count(try ListRequest(filter, of: resource, for: kind), for: kind)
            }
            return [page, resource.standings(for: kind)] + counts
        }
        if let refusal = resource.readers.refusal(of: visitor, isWrite: false) { throw refusal }
        let request = try ListRequest(query, of: resource, for: visitor.kind)
        let states = try results[1].rows.map { (try $0.value("state", as: String.self), try Self.count($0)) }
        return List(
            visitor: visitor, records: try results[0].rows.prefix(request.limit).map { try StoredRecord($0) },
            nextCursor: try request.next(after: results[0].rows),
            states: Dictionary(states) { first, _ in first },
            counts: try results.dropFirst(2).map { try $0.rows.first.map(Self.count) ?? 0 })
    }

    private static func count(_ row: Row) throws -> Int { Int(try row.value("count", as: Int64.self)) }

    /// How many of the visitor's records answer to each of some queries, in one trip.
    ///
    /// - Throws: ``Problem`` 401; `DatabaseError`.
    public func counts(_ wanted: [(name: String, query: [String: String])], _ visit: Visit) async throws -> [Int] {
        let resources = try wanted.map { try resource($0.name) }
        let (_, results) = try await asked(visit) { kind in
            try zip(wanted, resources).map { wish, resource in
                resource.count(try ListRequest(wish.query, of: resource, for: kind), for: kind)
            }
        }
        return try results.map { try $0.rows.first.map(Self.count) ?? 0 }
    }

    private func asked(
        _ visit: Visit, _ statements: @Sendable (Visitor.Kind) throws -> [SQL]
    ) async throws -> (Visitor, [StatementResult]) {
        do {
            return try await visit.read(statements)
        } catch let error as DatabaseError where error.sqlState?.hasPrefix("22") == true {
            throw Problem.notOurCursor
        }
    }

    /// One record with what belongs to it, as the visitor sees it.
    ///
    /// - Throws: ``Problem`` 401, 403, 404; `DatabaseError`.
    public func one(_ name: String, _ id: UUID, related: [Related] = [], _ visit: Visit) async throws -> Found {
        let resource = try resource(name)
        let others = try related.map { try self.resource($0.resource) }
        let (visitor, results) = try await visit.read { kind in
            let lists = try zip(related, others).map { related, other -> SQL in
                guard other.audience.contains(kind) else { return "SELECT NULL::text AS body WHERE false" }
                var query = ["limit": "\(related.limit)"]
                query["sort"] = related.sort
                if let field = related.field { query[field] = id.uuidString.lowercased() }
                return other.page(try ListRequest(query, of: other, for: kind), for: kind, of: id)
            }
            let own = resource.one(id.uuidString.lowercased(), for: kind)
            return [own, HistoryEntry.of(resource.machine?.name ?? "", id)] + lists
        }
        if let refusal = resource.readers.refusal(of: visitor, isWrite: false) { throw refusal }
        guard let row = results[0].rows.first else { throw Problem.notFound(resource.noun) }
        let lists = try zip(zip(related, others), results.dropFirst(2)).map { pair, result in
            pair.1.readers.refusal(of: visitor, isWrite: false) == nil
                ? try result.rows.prefix(pair.0.limit).map { try StoredRecord($0) } : []
        }
        return Found(
            visitor: visitor, record: try StoredRecord(row, hasVersion: true), related: lists,
            history: try results[1].rows.map { try HistoryEntry($0) })
    }

    /// Some records by their ids, as the visitor sees them; those that they do not see are left out.
    ///
    /// - Throws: ``Problem`` 401; `DatabaseError`.
    public func several(_ name: String, _ ids: [UUID], _ visit: Visit) async throws -> [StoredRecord] {
        let resource = try resource(name)
        let (_, results) = try await visit.read { kind in [resource.several(ids, for: kind)] }
        return try results[0].rows.map { try StoredRecord($0) }
    }

    /// The jobs and mails of a record that the visitor, an admin, sees.
    ///
    /// - Throws: `DatabaseError`.
    public func doings(of machine: String, _ id: UUID) async throws -> Doings {
        try await dependencies.pool.run { session in
            let results = try session.pipeline([
                Queue.jobs(of: machine, record: id), OutboundEmail.about(machine, id),
            ])
            return Doings(
                jobs: try results[0].rows.map { try JobSummary(row: $0) },
                emails: try results[1].rows.map { try OutboundEmail($0) })
        }
    }

    /// One mail about a record that the visitor, an admin, sees.
    ///
    /// - Throws: ``Problem`` 404, also for a mail about something else; `DatabaseError`.
    public func email(_ email: UUID, of machine: String, _ record: UUID) async throws -> OutboundEmail {
        guard let row = try await dependencies.pool.query(OutboundEmail.one(email)).first else {
            throw Problem.notFound("mail")
        }
        let mail = try OutboundEmail(row)
        guard mail.machine == machine, mail.record == record else { throw Problem.notFound("mail") }
        return mail
    }

    /// What people are called, as admins see them.
    ///
    /// - Throws: `DatabaseError`.
    public func names(of people: [UUID]) async throws -> [UUID: String] {
        guard !people.isEmpty else { return [:] }
        let rows = try await dependencies.pool.query(
            """
            SELECT id, first_name || ' ' || last_name AS name FROM admins WHERE id = ANY(\(people))
            UNION ALL SELECT id, first_name || ' ' || last_name FROM sales_reps WHERE id = ANY(\(people))
            UNION ALL SELECT id, first_name || ' ' || last_name FROM partner_users WHERE id = ANY(\(people))
            """)
        let pairs = try rows.map { (try $0.value("id", as: UUID.self), try $0.value("name", as: String.self)) }
        return Dictionary(pairs) { first, _ in first }
    }
}

extension Resource {
    /// How many of the visitor's records there are in each state: `state` and `count`; nothing for what has no states.
    func standings(for kind: Visitor.Kind) -> SQL {
        guard let field = machine?.field else { return "SELECT ''::text AS state, 0::bigint AS count WHERE false" }
        return """
            SELECT t.\(unsafeUnescaped: field)::text AS state, count(*) AS count FROM \(unsafeUnescaped: table.rawValue) t
            WHERE \(Scoping.predicate(for: table, of: kind, alias: "t")) AND t.\(unsafeUnescaped: field) IS NOT NULL GROUP BY 1
            """
    }

    /// How many of the visitor's records a query finds: `count`.
    func count(_ request: ListRequest, for kind: Visitor.Kind) -> SQL {
        let conditions = [Scoping.predicate(for: table, of: kind, alias: "t")] + request.allConditions
        return """
            SELECT count(*) AS count FROM \(unsafeUnescaped: table.rawValue) t
            WHERE \(conditions.joined(separator: " AND "))
            """
    }
}
