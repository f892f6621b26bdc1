import Foundation
import TestSupport
import Testing

/// The program as somebody at a terminal meets it.
@Suite struct CommandTests {
    /// Runs a command that has to fail, and answers what it said.
    private func complaint(_ words: [String], _ environment: [String: String] = [:]) async throws -> String {
        let error = await #expect(throws: DrizzlProcess.Failure.self) {
            try await DrizzlProcess.run(words, environment: environment)
        }
        return try #require(error).description
    }

    @Test func `wrong settings are all named at once, and no value is repeated`() async throws {
        let said = try await complaint(
            ["serve"],
            [
                "DRIZZL_PORT": "http", "DRIZZL_LOG_LEVEL": "loud", "DRIZZL_COMPANY_TIME_ZONE": "Mars/Base",
                "DRIZZL_DEMO_PASSWORD": "hunter2", "DRIZZL_SMTP_URL": "smtp://me:s3cret@mail",
            ])
        for name in ["PORT", "LOG_LEVEL", "COMPANY_TIME_ZONE", "DEMO_PASSWORD", "SMTP_URL"] {
            #expect(said.contains("DRIZZL_\(name)"))
        }
        #expect(!said.contains("hunter2") && !said.contains("s3cret"))
    }

    @Test func `an admin is made with a link, or with a password that is none of the usual ones`() async throws {
        try await ScratchDatabase.with { url in
            let environment = ["DATABASE_URL": url, "DRIZZL_PUBLIC_URL": "https://drizzl.example"]
            try await DrizzlProcess.run(["migrate"], environment: environment)
            let words = ["admin", "create", "--email", "dana@drizzl.example", "--role", "super_admin"]
            let said = try await DrizzlProcess.run(words, environment: environment)
            #expect(said.contains("https://drizzl.example/admin/invitation?token="))
            #expect(try await complaint(words, environment).contains("already"))
            #expect(try await complaint(words + ["--permission", "fly"], environment).contains("no permission"))
            let rows = try await ScratchDatabase.rows(
                url,
                """
                SELECT count(*) FROM admins a JOIN password_resets p ON p.user_id = a.id AND p.purpose = 'invitation'
                WHERE a.role = 'super_admin' AND a.password_hash IS NULL
                """)
            #expect(rows == [1])
        }
    }

    @Test func `a port that is taken is said before anything is started`() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        let port = try listen(on: listener)
        let said = try await complaint(["up"], ["DRIZZL_PORT": "\(port)"])
        #expect(said.contains("Port \(port) is taken"))
    }

    @Test func `a database that cannot be reached is said plainly, without the password`() async throws {
        let said = try await complaint(["work"], ["DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/x"])
        #expect(said.contains("Connection refused"))
        #expect(!said.contains("hunter2"))
    }

    @Test func `doctor shows what is in force and hides secrets`() async throws {
        let said = try await DrizzlProcess.run(
            ["doctor"],
            environment: [
                "DRIZZL_DEMO_PASSWORD": "hunter2-hunter2-hunter2", "DRIZZL_PORT": "9090", "DRIZZL_RATE_PER_TOKEN": "7",
                "DRIZZL_RATE_PER_ADDRESS": "0", "DRIZZL_PROXIES": "2", "DRIZZL_FILES_DIR": "/srv/files",
            ])
        #expect(said.contains("9090"))
        for expected in ["7 requests a second, 35 at once", "0: as many as come", "2 from its end", "/srv/files"] {
            #expect(said.contains(expected), "\(said)")
        }
        #expect(said.contains("not connected: nobody is asked where parcels are"))
        #expect(!said.contains("hunter2"))
    }

    @Test func `doctor warns when the company's time zone is set in two ways`() async throws {
        try await ScratchDatabase.with(migrations: DrizzlProcess.root.appending(path: "migrations")) { url in
            for (zone, isWarned) in [("America/New_York", true), ("America/Los_Angeles", false)] {
                let said = try await DrizzlProcess.run(
                    ["doctor"], environment: ["DATABASE_URL": url, "DRIZZL_COMPANY_TIME_ZONE": zone])
                #expect(said.contains("the setting company.time_zone is America/Los_Angeles") == isWarned, "\(said)")
            }
        }
    }

    @Test func `workflows check reports every fault of every file at once and exits with 1`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "workflows-\(UUID().uuidString)")
        let shipped = DrizzlProcess.root.appending(path: "workflows")
        try FileManager.default.copyItem(at: shipped, to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (file, right, wrong) in [
            ("invoice.yaml", "to: overdue\n", "to: overdrawn\n"), ("invoice.yaml", "fires: mark_overdue", "fires: fly"),
            ("ticket.yaml", "who: [", "who: [wizard, "),
        ] {
            let path = folder.appending(path: file)
            let text = try String(contentsOf: path, encoding: .utf8)
            try text.replacing(right, with: wrong, maxReplacements: 1).write(
                to: path, atomically: true, encoding: .utf8)
        }
        let said = try await complaint(["workflows", "check", folder.path])
        for expected in ["exited with 1", "overdrawn", "fly", "wizard", "invoice.yaml:", "ticket.yaml:"] {
            #expect(said.contains(expected))
        }
        #expect(
            try await DrizzlProcess.run(["workflows", "check", shipped.path], environment: [:]).contains("no error"))
    }

    @Test func `migrating again says that nothing is left to do`() async throws {
        try await ScratchDatabase.with { url in
            let environment = ["DATABASE_URL": url]
            try await DrizzlProcess.run(["migrate"], environment: environment)
            #expect(try await DrizzlProcess.run(["migrate"], environment: environment) == "Nothing to migrate.\n")
        }
    }

    private func listen(on descriptor: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isListening)
        return UInt16(bigEndian: address.sin_port)
    }
}
