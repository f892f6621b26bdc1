import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite struct BackstopTests {
    let issued = InvoiceBed.time("2026-03-03 15:00")

    @Test func `the application's role cannot write a state`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            let error = await #expect(throws: DatabaseError.self) {
                try await bed.pool.query("UPDATE invoices SET status = 'paid' WHERE id = \(invoice)")
            }
            #expect(error?.sqlState == "42501")
            #expect(try await bed.summary(invoice).state == "pending")
        }
    }

    @Test func `the engine's role cannot write a state without its event`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            let error = await #expect(throws: DatabaseError.self) {
                try await bed.pool.transaction { session in
                    try session.execute("SET LOCAL ROLE drizzl_engine")
                    try session.execute(
                        "UPDATE invoices SET status = 'paid', status_seq = 2 WHERE id = \(invoice)")
                }
            }
            #expect(error?.sqlState == "23000")
            #expect(try await bed.summary(invoice).state == "pending")
        }
    }

    @Test(arguments: ["workflow_events", "workflow_commands", "workflow_definitions"])
    func `nobody rewrites history`(_ table: String) async throws {
        try await InvoiceBed.with { bed in
            _ = try await bed.invoice(at: issued)
            for role in ["drizzl_app", "drizzl_engine"] {
                for change in ["DELETE FROM \(table)", "UPDATE \(table) SET machine = 'x'"] {
                    let error = await #expect(throws: DatabaseError.self) {
                        try await bed.pool.transaction { session in
                            try session.execute("SET LOCAL ROLE \(unsafeUnescaped: role)")
                            try session.execute("\(unsafeUnescaped: change)")
                        }
                    }
                    #expect(error?.sqlState == "42501" || error?.sqlState == "42703", "\(role): \(change)")
                }
            }
        }
    }

    @Test func `a state that the file does not know cannot be written`() async throws {
        try await InvoiceBed.with { bed in
            let invoice = try await bed.invoice(at: issued)
            let error = await #expect(throws: DatabaseError.self) {
                try await bed.pool.transaction { session in
                    try session.execute("SET LOCAL ROLE drizzl_engine")
                    try session.execute("UPDATE invoices SET status = 'lost' WHERE id = \(invoice)")
                }
            }
            #expect(error?.constraint == "invoices_status_check")
        }
    }

    @Test func `an engine whose file and code disagree does not start, and lists every fault with its line`()
        async throws
    {
        try await InvoiceBed.with { bed in
            var files = InvoiceBed.files
            let index = try #require(files.machines.firstIndex { $0.name == "invoice" })
            files.machines[index].transitions[0].requires.append(
                Word("moon_is_full", at: SourceLocation(file: "invoice.yaml", line: 50, column: 9)))
            files.machines[index].transitions[0].apply = []
            let error = await #expect(throws: EngineError.self) {
                try await Engine.start(
                    files, lifecycles: [InvoiceLifecycle()], calendar: InvoiceBed.calendar, pool: bed.pool)
            }
            let text = error?.description ?? ""
            #expect(text.contains("invoice.yaml:50:9: W160 the guard moon_is_full has no code behind it"))
            #expect(text.contains("W160 there is code for the apply open_payment, but the file does not use it"))
        }
    }

    @Test func `an engine does not start while a live record is in a state that the file does not know`() async throws {
        try await InvoiceBed.with { bed in
            _ = try await bed.invoice(at: issued)
            var files = InvoiceBed.files
            let index = try #require(files.machines.firstIndex { $0.name == "invoice" })
            files.machines[index].states.removeAll { $0.name == "pending" }
            let error = await #expect(throws: EngineError.self) {
                try await Engine.start(
                    files, lifecycles: [InvoiceLifecycle()], calendar: InvoiceBed.calendar, pool: bed.pool)
            }
            #expect(error?.description.contains("1 records are in the state pending") == true)
        }
    }
}
