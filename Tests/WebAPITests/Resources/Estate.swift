import Accounts
import Crypto
import Database
import Foundation
import HTTPTypes
import Portals
import StateMachines
import TestSupport
import Workflows

@testable import WebAPI

/// The web side over a database in which people are planted who have nothing to do with each other, each with a token.
struct Estate: Sendable {
    let port: Int
    /// Where its database is, as the one who owns everything.
    let url: String
    let pool: Pool
    let dependencies: WebDependencies

    static let people: [(name: String, kind: Visitor.Kind)] = [
        ("sue", .admin), ("ned", .admin), ("max", .salesRep), ("rita", .salesRep), ("rob", .salesRep),
        ("al", .partnerUser), ("cy", .partnerUser),
    ]

    /// Opens an estate for the length of `body`; a loose one takes rows of nothing but what says whose they are.
    static func with(
        isLoose: Bool = false, _ planted: [SQL] = [], _ body: @escaping @Sendable (Estate) async throws -> Void
    ) async throws {
        try await ScratchDatabase.with(migrations: House.root.appending(path: "migrations")) { url in
            let workflows = WorkflowFiles.load(directory: House.root.appending(path: "workflows")).files
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 4, role: "drizzl_app"))
            guard let secrets = House.secrets else { throw House.Failure.noSecrets }
            let engine = try await Engine.start(
                workflows, lifecycles: Lifecycles.all(secrets: secrets), calendar: CompanyCalendar(zone: House.zone),
                pool: pool)
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            for statement in isLoose ? Self.loosening : [] { _ = try await owner.query(statement) }
            _ = try await owner.query(
                "CREATE FUNCTION id(text) RETURNS uuid LANGUAGE sql IMMUTABLE AS 'SELECT md5($1)::uuid'")
            await owner.close()
            try await ScratchDatabase.plant(url, Self.planting + planted)
            let dependencies = WebDependencies(
                engine: engine, pool: pool, zone: House.zone, accounts: try House.accounts(), now: { House.now },
                isReady: { true })
            let files = try PublicFiles(directory: House.root.appending(path: "public"))
            let pages = try PortalPages(
                dependencies, files: files, templates: House.root.appending(path: "templates/portal"))
            let responder = WebDoor.responder(dependencies, files: files, pages: pages)
            try await House.serve(responder, LogLines()) { port in
                try await body(Estate(port: port, url: url, pool: pool, dependencies: dependencies))
            }
            await pool.close()
        }
    }

    /// Sends a request with somebody's token.
    func send(
        _ method: String, _ path: String, as name: String?, body: JSONValue? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"]
        if let name { lines.append("Authorization: Bearer token of \(name)") }
        let bytes = body.map { Array($0.json.utf8) } ?? []
        if body != nil { lines += ["Content-Type: application/json", "Content-Length: \(bytes.count)"] }
        lines += headers.map { "\($0): \($1)" }
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + bytes
        return try await RawConnection.with(port: port) { connection async throws in
            try await connection.send(request)
            return Answer(try await connection.answer(isHead: method == "HEAD"))
        }
    }

    func get(_ path: String, as name: String?) async throws -> Answer { try await send("GET", path, as: name) }

    /// The id of what was planted under a name.
    static func id(_ name: String) -> String {
        let hex = Insecure.md5(name)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
            String(hex.dropFirst(range.lowerBound).prefix(range.count))
        }.joined(separator: "-")
    }

    private static let loosening: [SQL] = [
        "SET session_replication_role = replica",
        """
        DO $$ DECLARE found record; BEGIN
            FOR found IN SELECT conrelid::regclass AS of_table, conname FROM pg_constraint
                         WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace AND conrelid <> 0 LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.of_table, found.conname);
            END LOOP;
            FOR found IN SELECT a.attrelid::regclass AS of_table, a.attname FROM pg_attribute a
                         JOIN pg_class c ON c.oid = a.attrelid
                         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
                           AND a.attnotnull AND a.attidentity = '' AND NOT EXISTS (
                               SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
                                 AND a.attnum = ANY (i.indkey)) LOOP
                EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', found.of_table, found.attname);
            END LOOP;
        END $$
        """,
    ]

    private static let planting: [SQL] =
        [
            """
            INSERT INTO admins (id, email, first_name, last_name, role) VALUES
                (id('sue'), 'sue@drizzl.example', 'Sue', 'A', 'super_admin'),
                (id('ned'), 'ned@drizzl.example', 'Ned', 'B', 'manager')
            """,
            """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title, role,
                manager_id, base_salary_cents)
            VALUES (id('max'), 'max@drizzl.example', 'Max', 'C', '555', 'UTC', 'E1', 'Manager', 'manager', NULL, 1),
                (id('rita'), 'rita@drizzl.example', 'Rita', 'D', '555', 'UTC', 'E2', 'Rep', 'rep', id('max'), 987654321),
                (id('rob'), 'rob@drizzl.example', 'Rob', 'E', '555', 'UTC', 'E3', 'Rep', 'rep', NULL, 1)
            """,
            """
            INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                zip_code, time_zone, status, status_seq, status_since, approved_by, approved_at, sales_rep_id)
            SELECT id(n), n, 'grocery', 'Ana', n || '@p.example', '555', '1 Main', 'Reno', 'NV', '89501', 'UTC', 'active',
                1, now(), id('sue'), now(), id(r)
            FROM (VALUES ('alpha', 'rita'), ('beta', 'rob')) AS v (n, r)
            """,
            """
            INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone) VALUES
                (id('al'), id('alpha'), 'al@p.example', 'Al', 'F', 'owner', 'UTC'),
                (id('cy'), id('beta'), 'cy@p.example', 'Cy', 'G', 'owner', 'UTC')
            """,
        ]
        + people.map { name, kind in
            """
            INSERT INTO service_tokens (id, name, prefix, token_hash, user_kind, user_id, scopes, created_at, expires_at)
            VALUES (id(\("token " + name)::text), 'test', 'drz', \(Credential.digest(of: "token of " + name)),
                \(kind.rawValue), id(\(name)::text), '{read,write}', \(House.now), \(House.now)::timestamptz + interval '1 day')
            """
        }
}
