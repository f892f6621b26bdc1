import Accounts
import Database
import Foundation
import TestSupport
import Testing

/// Who sees whose rows: by the predicate alone, by the policies alone, and as the test itself says.
@Suite struct ScopingTests {
    @Test func `every table of the database is shown to somebody or kept back with a reason`() async throws {
        try await ScopeBed.with { bed in
            let rows = try await bed.pool.query(
                "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'")
            let names = Set(try rows.map { try $0.value("name", as: String.self) })
            let shown = Set(Table.allCases.map(\.rawValue))
            #expect(names.subtracting(shown).subtracting(Scoping.notShown.keys) == [])
            #expect(shown.subtracting(names) == [])
            #expect(shown.intersection(Scoping.notShown.keys) == [])
            #expect(Set(bed.planted.keys) == Set(Table.allCases), "a row of each is planted")
            let open = try await bed.pool.query(
                """
                SELECT c.relname::text AS name FROM pg_class c
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'state_transitions'
                  AND has_any_column_privilege('drizzl_visitor', c.oid, 'SELECT, INSERT, UPDATE') AND NOT c.relrowsecurity
                """)
            #expect(try open.map { try $0.value("name", as: String.self) } == [], "open to visitors without policies")
        }
    }

    @Test func `each wall by itself shows everybody the rows that are theirs and no other`() async throws {
        try await ScopeBed.with { bed in
            for table in Table.allCases {
                let key = try #require(bed.keys[table])
                let rows = try #require(bed.planted[table])
                for (name, kind) in ScopeBed.people {
                    let expected = Set(rows.filter { $0.row.seen.contains(name) }.map(\.key))
                    let all: SQL = "SELECT \(key) AS key FROM \(unsafeUnescaped: table.rawValue)"
                    let behind = try await bed.keys(of: all, for: name, behindPolicies: true)
                    #expect(behind == expected, "policies of \(table) for \(name)")
                    let condition = Scoping.predicate(for: table, of: kind)
                    let chosen = try await bed.keys(of: "\(all) WHERE \(condition)", for: name, behindPolicies: false)
                    #expect(chosen == expected, "predicate of \(table) for \(name)")
                }
            }
        }
    }

    @Test func `a partner's webhooks are told of what its users see, and of nothing else`() async throws {
        try await ScopeBed.with { bed in
            let all: SQL = "SELECT concat_ws('/', machine, record_id) AS key FROM workflow_events"
            for name in ["al", "cy"] {
                let seen = try #require(try await bed.keys(of: all, for: name, behindPolicies: true))
                let told = try await bed.keys(
                    of: "\(all) WHERE webhook_sees(visitor.partner(), machine, record_id)", for: name,
                    behindPolicies: false)
                #expect(!seen.isEmpty && told == seen, "\(name)")
            }
        }
    }

    @Test func `only what is one's own can be acted on`() async throws {
        try await ScopeBed.with { bed in
            for table in Table.allCases {
                let key = try #require(bed.keys[table])
                let rows = try #require(bed.planted[table])
                for (name, kind) in ScopeBed.people {
                    let expected = Set(rows.filter { $0.row.own.contains(name) }.map(\.key))
                    let query: SQL = """
                        SELECT \(key) AS key FROM \(unsafeUnescaped: table.rawValue)
                        WHERE \(Scoping.predicate(for: table, of: kind, to: .act))
                        """
                    #expect(
                        try await bed.keys(of: query, for: name, behindPolicies: false) == expected,
                        "to act on \(table) for \(name)")
                }
            }
        }
    }

    @Test func `both walls let everybody change the same rows, and none but own ones`() async throws {
        try await ScopeBed.with { bed in
            var changeable = 0
            for table in Table.allCases {
                let key = try #require(bed.keys[table])
                let rows = try #require(bed.planted[table])
                let name: SQL = "\(unsafeUnescaped: table.rawValue)"
                for (person, kind) in ScopeBed.people {
                    let may = Scoping.predicate(for: table, of: kind, to: .write)
                    let see = Scoping.predicate(for: table, of: kind)
                    let chosen = try await bed.keys(
                        of: "SELECT \(key) AS key FROM \(name) WHERE \(may) AND \(see)", for: person,
                        behindPolicies: false)
                    // What cannot be changed can perhaps be removed.
                    var behind = try await bed.keys(
                        of: "SELECT \(key) AS key FROM \(name) FOR UPDATE", for: person, behindPolicies: true)
                    if behind == nil {
                        behind = try await bed.keys(
                            of: "DELETE FROM \(name) RETURNING \(key) AS key", for: person, behindPolicies: true)
                    }
                    #expect(chosen == behind ?? [], "to change \(table) for \(person)")
                    let own = Set(rows.filter { $0.row.own.contains(person) }.map(\.key))
                    #expect(chosen?.isSubset(of: own) == true, "to change \(table) for \(person)")
                    changeable += chosen?.count ?? 0
                }
            }
            #expect(changeable > 50)
        }
    }

    @Test func `nobody sees nothing, and a visitor of another kind sees nothing either`() async throws {
        try await ScopeBed.with { bed in
            for table in Table.allCases {
                let key = try #require(bed.keys[table])
                let all: SQL = "SELECT \(key) AS key FROM \(unsafeUnescaped: table.rawValue)"
                #expect(try await bed.keys(of: all, for: "stranger", behindPolicies: true) == [], "\(table)")
                for kind in Visitor.Kind.allCases {
                    let condition = Scoping.predicate(for: table, of: kind)
                    #expect(
                        try await bed.keys(of: "\(all) WHERE \(condition)", for: "stranger", behindPolicies: false)
                            == [],
                        "\(table)")
                }
                let admins = Scoping.predicate(for: table, of: .admin)
                let chosen = try await bed.keys(of: "\(all) WHERE \(admins)", for: "al", behindPolicies: false)
                let own = Set(bed.planted[table]?.filter { $0.row.seen.contains("al") }.map(\.key) ?? [])
                #expect(chosen?.isSubset(of: own) == true, "\(table)")
            }
        }
    }

    @Test func `no hash, secret or token is a visitor's to read`() async throws {
        try await ScopeBed.with { bed in
            let rows = try await bed.pool.query(
                """
                SELECT table_name || '.' || column_name AS name FROM information_schema.column_privileges
                WHERE grantee = 'drizzl_visitor' AND privilege_type = 'SELECT' AND table_schema = 'public'
                  AND column_name ~ '(password|secret|token|_hash$|_enc$)'
                ORDER BY 1
                """)
            // The chain's links prove it.
            let names = try rows.map { try $0.value("name", as: String.self) }
            #expect(names == ["audit_log.prev_hash"])
        }
    }

    @Test func `a new row is one's own or it is refused`() async throws {
        try await ScopeBed.with { bed in
            let inserts: [(String, SQL, Bool)] = [
                (
                    "rita", "lead_notes (id, lead_id, sales_rep_id) VALUES (id('n'), id('leads alpha'), id('rita'))",
                    true
                ),
                (
                    "rita", "lead_notes (id, lead_id, sales_rep_id) VALUES (id('n'), id('leads beta'), id('rita'))",
                    false
                ),
                (
                    "rita", "lead_notes (id, lead_id, sales_rep_id) VALUES (id('n'), id('leads alpha'), id('rob'))",
                    false
                ),
                ("max", "lead_notes (id, lead_id, sales_rep_id) VALUES (id('n'), id('leads alpha'), id('max'))", false),
                ("al", "shipping_addresses (id, partner_id) VALUES (id('n'), id('alpha'))", true),
                ("al", "shipping_addresses (id, partner_id) VALUES (id('n'), id('beta'))", false),
                ("di", "shipping_addresses (id, partner_id) VALUES (id('n'), id('beta'))", false),
                ("rita", "shipping_addresses (id, partner_id) VALUES (id('n'), id('alpha'))", false),
                ("ada", "shipping_addresses (id, partner_id) VALUES (id('n'), id('beta'))", true),
                ("olga", "shipping_addresses (id, partner_id) VALUES (id('n'), id('beta'))", false),
                ("olga", "stock_locations (id) VALUES (id('n'))", true),
                ("al", "files (id, machine, record_id) VALUES (id('n'), 'order', id('order alpha'))", true),
                ("al", "files (id, machine, record_id) VALUES (id('n'), 'order', id('order beta'))", false),
                ("max", "files (id, machine, record_id) VALUES (id('n'), 'lead', id('leads alpha'))", false),
                ("al", "orders (id, partner_id) VALUES (id('n'), id('alpha'))", false),
                ("sue", "audit_log (id) VALUES (id('n'))", false),
            ]
            for (name, insert, isAllowed) in inserts {
                let key: SQL = "INSERT INTO \(insert) RETURNING 'made' AS key"
                let made = try await bed.keys(of: key, for: name, behindPolicies: true)
                #expect((made != nil) == isAllowed, "\(name): \(insert.text)")
            }
        }
    }

    @Test func `nobody gives a row away`() async throws {
        try await ScopeBed.with { bed in
            let update: SQL = """
                UPDATE leads SET sales_rep_id = id('rob') WHERE id = id('leads alpha') RETURNING 'given' AS key
                """
            let byRita = try await bed.keys(of: update, for: "rita", behindPolicies: true)
            #expect(byRita == nil)
            let byMax = try await bed.keys(of: update, for: "max", behindPolicies: true)
            #expect(byMax == [])
            let byAda = try await bed.keys(of: update, for: "ada", behindPolicies: true)
            #expect(byAda == ["given"])
        }
    }
}
