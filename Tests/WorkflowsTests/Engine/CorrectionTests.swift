import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("corrections, holds and what is asked twice") struct CorrectionTests {
    private func unfinished(_ job: String, in bed: SketchBed) async throws -> Int {
        try await bed.number(
            """
            SELECT count(*) FROM queue.jobs j JOIN (
                SELECT job_id FROM queue.ready UNION ALL SELECT job_id FROM queue.scheduled
            ) w ON w.job_id = j.id WHERE j.kind = \(job)
            """)
    }

    @Test("a correction asks for a reason, leads back to where the record came from, and calls off what was not run")
    func undo() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make()
            try await bed.perform("go", on: a)
            try await bed.perform("finish", on: a)
            #expect(try await unfinished("send_email", in: bed) == 1)
            #expect(try await bed.perform("undo", on: a).codes == ["input_missing"])
            #expect(try await bed.perform("undo", on: a, ["reason": " "]).codes == ["input_invalid"])
            #expect(try await unfinished("send_email", in: bed) == 1)
            let receipt = try #require(try await bed.perform("undo", on: a, ["reason": "too early"]).receipt)
            #expect(receipt.state == "busy")
            #expect(try await unfinished("send_email", in: bed) == 0)
            // What an earlier move has queued stays.
            #expect(try await unfinished("notify", in: bed) == 1)
            let last = try #require(try await bed.history(a).last)
            #expect(last.kind == "correction")
            #expect(last.reason == "too early")
            // And forth again: the job that was called off is queued anew, the second undo leads back as the first.
            try await bed.perform("finish", on: a)
            #expect(try await unfinished("send_email", in: bed) == 1)
            #expect(try await bed.perform("undo", on: a, ["reason": "again"]).receipt?.state == "busy")
        }
    }

    @Test("a state whose promise is broken is not entered, and nothing is written")
    func holds() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make("a", ["not_sound": true])
            try await bed.perform("go", on: a)
            let written = try await bed.written()
            await #expect(throws: DecisionFault.brokenHold(machine: "a", state: "done", hold: "sound")) {
                try await bed.perform("finish", on: a)
            }
            #expect(try await bed.written() == written)
            #expect(try await bed.state(a) == "busy")
        }
    }

    @Test("a late request is answered \"already\", to whoever asks, and only its command is kept")
    func already() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make()
            try await bed.perform("go", on: a)
            try await bed.perform("finish", on: a)
            let written = try await bed.written()
            let receipt = try #require(try await bed.perform("go", on: a).receipt)
            #expect(receipt.result == .already)
            #expect(receipt.state == "done")
            let after = try await bed.written()
            #expect(after[1] == written[1] + 1)
            #expect(after[0] == written[0] && after[2...] == written[2...])
        }
    }

    @Test("who asks on an older state is told what was done since, by whom and when")
    func expected() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make()
            try await bed.perform("plan", on: a, ["due": "2026-03-09"])
            guard case .refused(let refusal) = try await bed.perform("go", on: a, seq: 1) else {
                throw InvoiceBed.NotDone()
            }
            #expect(refusal.status == 409)
            #expect(refusal.codes == ["changed_meanwhile"])
            let message = refusal.reasons[0].message
            #expect(message.contains("plan by admin at 20"), "\(message)")
        }
    }

    @Test("what is thrown while a record is read is a refusal; a correction cannot be reached from an open state")
    func unreadable() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make("a", ["unreadable": true])
            let written = try await bed.written()
            #expect(try await bed.perform("go", on: a).codes == ["unreadable"])
            #expect(try await bed.written() == written)
            let other = try await bed.make()
            #expect(try await bed.perform("undo", on: other, ["reason": "x"]).codes == ["not_from_here"])
        }
    }

    @Test("the body of a create stays out of history")
    func secrets() async throws {
        try await SketchBed.with(
            SketchBed.machine("a"), SketchBed.machine("b", ReactionTests.follower("a does create"))
        ) {
            bed in
            _ = try await bed.make("a", ["secret": "sesame-4711", "colour": "green"])
            for table in ["workflow_events", "workflow_commands", "queue.jobs", "workflow_refusals", "sketch_a"] {
                let found = try await bed.number(
                    "SELECT count(*) FROM \(unsafeUnescaped: table) t WHERE t::text LIKE '%sesame-4711%'")
                #expect(found == 0, "\(table)")
            }
            #expect(try await bed.number("SELECT count(*) FROM workflow_events WHERE inputs <> '{}'") == 0)
        }
    }

    @Test("a notice that a record gives once is queued once, the same mail of two moves twice")
    func once() async throws {
        try await SketchBed.with(SketchBed.machine("a")) { bed in
            let a = try await bed.make()
            try await bed.perform("go", on: a)
            for _ in 0..<2 {
                try await bed.perform("finish", on: a)
                // Taken by a worker, so that the correction finds nothing to call off.
                _ = try await bed.owner.query("DELETE FROM queue.ready")
                try await bed.perform("undo", on: a, ["reason": "again"])
            }
            let first = try await bed.number(
                "SELECT count(*) FROM queue.jobs WHERE kind = 'notify' AND payload -> 'with' ->> 'about' = 'first'")
            #expect(first == 1)
            #expect(try await bed.number("SELECT count(*) FROM queue.jobs WHERE kind = 'send_email'") == 2)
        }
    }

    @Test("a dry run tells the whole cascade, leaves nothing behind and wakes nobody")
    func dryRun() async throws {
        let c = SketchBed.machine("c", ReactionTests.follower(refused: "park"))
        try await SketchBed.with(SketchBed.machine("a"), SketchBed.machine("b", ReactionTests.follower()), c) { bed in
            let (a, b) = (try await bed.make(), try await bed.make("b"))
            let (noted, parked) = (
                try await bed.make("b", ["not_ready": true]), try await bed.make("c", ["not_ready": true])
            )
            for target in [b, noted] { try await bed.link(a, to: target) }
            try await bed.link(a, to: parked, of: "c")
            let written = try await bed.written()
            let receipt = try #require(try await bed.perform("go", on: a, dryRun: true).receipt)
            #expect(receipt.isDryRun)
            #expect(receipt.state == "busy")
            #expect(receipt.caused.map(\.record) == [b])
            #expect(receipt.jobs.map(\.record) == [a, b])
            #expect(receipt.noted.map(\.what) == ["b.go", "c.go"])
            #expect(receipt.opened == ["refused_reaction"])
            #expect(try await bed.written() == written)
            #expect(try await bed.state(b, of: "b") == "open")
            #expect(bed.wakes.count == 0)
            // A refused dry run is no refusal that anybody has to know of.
            let refused = try await bed.make("a", ["not_ready": true])
            #expect(try await bed.perform("go", on: refused, dryRun: true).codes == ["ready"])
            #expect(try await bed.number("SELECT count(*) FROM workflow_refusals") == 0)
        }
    }
}
