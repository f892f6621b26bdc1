import Database
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ConfigurationTests {
    private func expect(_ expression: String, is expected: String, _ pool: Pool) async throws {
        let row = try #require(try await pool.query("SELECT \(unsafeUnescaped: expression)::text AS value").first)
        #expect(try row.value("value") == expected)
    }

    private func adding(_ parameter: String, to url: String) -> String {
        url + (url.contains("?") ? "&" : "?") + parameter
    }

    @Test func `name, zone, limit and role reach the session`() async throws {
        try await withPool(
            configure: {
                $0.applicationName = "tests"
                $0.statementTimeout = .milliseconds(1_234)
                $0.role = "pg_monitor"
            },
            { pool in
                try await expect("current_setting('application_name')", is: "tests", pool)
                try await expect("current_setting('TimeZone')", is: "UTC", pool)
                try await expect("current_setting('statement_timeout')", is: "1234ms", pool)
                try await expect("current_user::text", is: "pg_monitor", pool)
            })
    }

    @Test func `what the URL says wins`() async throws {
        try await withPool(
            configure: {
                $0.url = adding("application_name=mine&options=-c%20statement_timeout%3D4321", to: $0.url)
                $0.statementTimeout = .seconds(9)
            },
            { pool in
                try await expect("current_setting('application_name')", is: "mine", pool)
                try await expect("current_setting('statement_timeout')", is: "4321ms", pool)
            })
    }

    @Test func `of several hosts the first that answers and takes writes is used`() async throws {
        try await withPool(
            configure: { configuration in
                guard let host = configuration.url.range(of: "host=") else { return }
                configuration.url.insert(contentsOf: "/nonexistent,", at: host.upperBound)
                configuration.url = adding("target_session_attrs=read-write", to: configuration.url)
            },
            { pool in try await expect("'here'", is: "here", pool) })
    }

    @Test func `a statement that takes too long is stopped by the server`() async throws {
        try await withPool(
            connections: 1, configure: { $0.statementTimeout = .milliseconds(50) },
            { pool in
                let error = await databaseError { try await pool.query("SELECT pg_sleep(20)") }
                #expect(error?.kind == .statementTimeout)
                try await expect("'usable'", is: "usable", pool)
            })
    }

    @Test func `an unknown role is named, and no connection stays behind`() async throws {
        try await withPool(
            configure: { $0.role = "nobody_at_all" },
            { pool in
                let error = await databaseError { try await pool.query("SELECT 1") }
                #expect(error?.message.contains("nobody_at_all") == true)
                #expect(pool.usage.inUse == 0)
            })
    }

    @Test(arguments: ["postgresql://u:hush@[host/d", "postgresql//u:hush@host/d", "passwort=hush host=x"])
    func `a URL that libpq cannot read is refused without being quoted`(url: String) async throws {
        let pool = Pool(DatabaseConfiguration(url: url))
        let error = await databaseError { try await pool.query("SELECT 1") }
        #expect(error?.kind == .connection)
        #expect(error?.isRetryable == false)
        #expect(error.map { "\($0)".contains("hush") } == false)
    }

    @Test func `a server that takes the call but never answers is given up in time`() async throws {
        let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(silent) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(silent, generic, length)
                _ = listen(silent, 4)
                _ = getsockname(silent, generic, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let pool = Pool(
            DatabaseConfiguration(url: "postgresql://x@127.0.0.1:\(port)/x", connectTimeout: .seconds(2)))
        let clock = ContinuousClock()
        let taken = await clock.measure {
            let error = await databaseError { try await pool.query("SELECT 1") }
            #expect(error?.kind == .connection)
            #expect(error?.isRetryable == true)
        }
        // Far below the minutes that TCP would take; other tests run beside this one.
        #expect(taken < .seconds(30))
        await pool.close()
    }
}
