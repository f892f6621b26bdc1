import Database
import Foundation
import StateMachines
import Testing
import Workflows

@Suite("what follows from a move, in its transaction") struct ReactionTests {
    static func follower(
        _ when: String = "a does go", do move: String = "go", refused: String = "note", _ more: String = ""
    )
        -> String
    {
        """
        reacts_to:
          follow:
            title: Follows along
            when: \(when)
            find: linked
            do: \(move)
            if_refused: \(refused)
        \(more)
        """
    }

    @Test("machines by name, a file from the top, and all that follows from one before the next")
    func order() async throws {
        let b = SketchBed.machine(
            "b",
            Self.follower(
                "a does go", do: "go", refused: "note",
                """
                  then:
                    title: Then
                    when: a does go
                    find: linked
                    do: finish
                    if_refused: note
                """))
        let c = SketchBed.machine(
            "c",
            """
            reacts_to:
              last:
                title: Last
                when: a does go
                find: linked
                do: drop
                if_refused: note
              nested:
                title: Nested
                when: b does go
                find: linked
                do: go
                if_refused: note
            """)
        try await SketchBed.with(c, b, SketchBed.machine("a")) { bed in
            let (a, b, c) = (try await bed.make(), try await bed.make("b"), try await bed.make("c"))
            let other = try await bed.make("c")
            try await bed.link(a, to: b)
            try await bed.link(a, to: other, of: "c")
            try await bed.link(b, to: c, of: "c")
            let receipt = try #require(try await bed.perform("go", on: a).receipt)
            #expect(receipt.caused.map { "\($0.machine).\($0.move)" } == ["b.go", "c.go", "b.finish", "c.drop"])
            #expect(receipt.caused.map(\.record) == [b, c, b, other])
            // Each names its cause, and is the system's.
            let cause = try #require(try await bed.history(b, of: "b").first { $0.move == "go" })
            #expect(cause.causedBy == receipt.events.first)
            #expect(cause.role == "system")
            #expect(try await bed.history(c, of: "c").last?.causedBy == cause.id)
        }
    }

    @Test("it sees what its cause wrote")
    func sees() async throws {
        try await SketchBed.with(SketchBed.machine("a"), SketchBed.machine("b", Self.follower())) { bed in
            let (a, b) = (try await bed.make(), try await bed.make("b"))
            try await bed.link(a, to: b)
            try await bed.perform("go", on: a)
            #expect(try await bed.fact("seen", b, of: "b") == "1")
        }
    }

    @Test("records are reached in the order of the finder, once each, and those that it finds alone")
    func finder() async throws {
        let text = Self.follower().replacing("find: linked", with: "find: linked_open")
        try await SketchBed.with(SketchBed.machine("a"), SketchBed.machine("b", text)) { bed in
            let a = try await bed.make()
            let (second, first, busy) = (try await bed.make("b"), try await bed.make("b"), try await bed.make("b"))
            try await bed.perform("go", of: "b", on: busy)
            for b in [first, busy, second, first] { try await bed.link(a, to: b) }
            let receipt = try #require(try await bed.perform("go", on: a).receipt)
            #expect(receipt.caused.map(\.record) == [first, second])
            #expect(receipt.noted.isEmpty)
        }
    }

    @Test("a refusal that is to be noted stands in the causing event and nowhere else")
    func note() async throws {
        try await SketchBed.with(SketchBed.machine("a"), SketchBed.machine("b", Self.follower())) { bed in
            let (a, b) = (try await bed.make(), try await bed.make("b", ["not_ready": true, "not_willing": true]))
            try await bed.link(a, to: b)
            let receipt = try #require(try await bed.perform("go", on: a).receipt)
            #expect(receipt.noted.map(\.what) == ["b.go"])
            #expect(receipt.noted.first?.reasons.map(\.code) == ["ready", "unwilling"])
            #expect(try await bed.history(a).last?.noted.text.contains("unwilling") == true)
            #expect(try await bed.history(b, of: "b").map(\.move) == ["create"])
            #expect(try await bed.number("SELECT count(*) FROM workflow_attention") == 0)
        }
    }

    @Test("a refusal that is parked opens a task on the record that refused, with move, codes and messages")
    func park() async throws {
        let b = SketchBed.machine("b", Self.follower(refused: "park"))
        try await SketchBed.with(SketchBed.machine("a"), b) { bed in
            let (a, b) = (try await bed.make(), try await bed.make("b", ["not_ready": true]))
            try await bed.link(a, to: b)
            let receipt = try #require(try await bed.perform("go", on: a).receipt)
            #expect(receipt.opened == ["refused_reaction"])
            let task = try #require(
                try await bed.pool.query("SELECT machine, record_id, task, because, opened_by FROM workflow_attention")
                    .first)
            #expect(try task.value("record_id", as: UUID.self) == b)
            #expect(try task.value("opened_by", as: UUID.self) == receipt.events.first)
            let because = try task.value("because", as: JSON.self).text
            for part in ["\"go\"", "\"ready\"", "It is not ready."] { #expect(because.contains(part)) }
            #expect(try await bed.explain(b, of: "b").tasks.map(\.task) == ["refused_reaction"])
        }
    }

    @Test("a refusal that must not be refuses everything, and nothing is written")
    func fail() async throws {
        let b = SketchBed.machine("b", Self.follower(refused: "fail"))
        try await SketchBed.with(SketchBed.machine("a"), b) { bed in
            let a = try await bed.make()
            let (good, bad) = (try await bed.make("b"), try await bed.make("b", ["not_willing": true]))
            try await bed.link(a, to: good)
            try await bed.link(a, to: bad)
            let written = try await bed.written()
            #expect(try await bed.perform("go", on: a).codes == ["unwilling"])
            #expect(try await bed.written() == written)
            #expect(try await bed.state(a) == "open")
            #expect(try await bed.state(good, of: "b") == "open")
            #expect(try await bed.number("SELECT count(*) FROM workflow_refusals") == 1)
        }
    }

    @Test("a record is made through its create, and a refused creation refuses everything")
    func creation() async throws {
        let made = "reacts_to:\n  made:\n    title: Made\n    when: a does go\n    create: one"
        let b = SketchBed.machine("b", made).replacing(
            "create: { title: Make, who: [admin, system] }",
            with: "create: { title: Make, who: [admin, system], requires: [sound] }")
        try await SketchBed.with(SketchBed.machine("a"), b) { bed in
            let (good, bad) = (try await bed.make(), try await bed.make("a", ["not_sound": true]))
            let receipt = try #require(try await bed.perform("go", on: good).receipt)
            #expect(receipt.caused.map(\.to) == ["open"])
            #expect(receipt.caused.first?.from == nil)
            let written = try await bed.written()
            #expect(try await bed.perform("go", on: bad).codes == ["sound"])
            #expect(try await bed.written() == written)
        }
    }

    @Test("eight moves may follow from each other; a ninth aborts everything")
    func depth() async throws {
        func file(_ name: String, after other: String) -> String {
            let ping =
                "  ping: { title: Ping, button: Ping, from: [open], to: same, who: [admin, system], permission: sketch.manage, apply: [count] }"
            return SketchBed.machine(
                name, moves: ping, Self.follower("\(other) does ping", do: "ping", refused: "fail"))
        }
        try await SketchBed.with(file("a", after: "b"), file("b", after: "a")) { bed in
            var chain: [UUID] = []
            for number in 0..<10 {
                let machine = number.isMultiple(of: 2) ? "a" : "b"
                chain.append(try await bed.make(machine))
                if number > 0 { try await bed.link(chain[number - 1], to: chain[number], of: machine) }
            }
            let written = try await bed.written()
            await #expect(throws: DecisionFault.tooDeep(machine: "b", move: "ping")) {
                try await bed.perform("ping", on: chain[0])
            }
            #expect(try await bed.written() == written)
            let receipt = try await bed.perform("ping", of: "b", on: chain[1]).receipt
            #expect(receipt?.caused.count == 8)
            // Two that call each other go round until then.
            let (a, b) = (try await bed.make(), try await bed.make("b"))
            try await bed.link(a, to: b)
            try await bed.link(b, to: a, of: "a")
            await #expect(throws: DecisionFault.self) { try await bed.perform("ping", on: a) }
            #expect(try await bed.state(a) == "open")
            #expect(try await bed.history(a).count == 1)
        }
    }

    @Test("an input is read from the source's input of that name, else from its column")
    func with() async throws {
        let b = SketchBed.machine(
            "b",
            """
            reacts_to:
              follow:
                title: Follows along
                when: [a does finish, a does drop]
                find: linked
                do: drop
                with: { amount: a.amount, reason: plain words }
                if_refused: fail
            """)
        try await SketchBed.with(SketchBed.machine("a"), b) { bed in
            for (move, inputs, amount): (String, [String: JSONValue], String) in [
                ("finish", [:], "5"), ("drop", ["amount": 7], "7"),
            ] {
                let (a, b) = (try await bed.make("a", ["amount": 5]), try await bed.make("b"))
                try await bed.link(a, to: b)
                try await bed.perform("go", on: a)
                #expect(try await bed.perform(move, on: a, inputs).receipt != nil)
                #expect(try await bed.fact("amount", b, of: "b") == amount)
                #expect(try await bed.history(b, of: "b").last?.reason == "plain words")
            }
        }
    }

    @Test("a correction that follows carries its cause's reason, or else says what it follows from")
    func reason() async throws {
        let b = SketchBed.machine("b", Self.follower("[a does undo, a does go]", do: "undo", refused: "fail"))
        try await SketchBed.with(SketchBed.machine("a"), b) { bed in
            for (move, inputs, reason): (String, [String: JSONValue], String) in [
                ("undo", ["reason": "a typo"], "a typo"), ("go", [:], "Follows along"),
            ] {
                let (a, b) = (try await bed.make(), try await bed.make("b"))
                try await bed.perform("drop", of: "b", on: b)
                if move == "undo" { try await bed.perform("drop", on: a) }
                try await bed.link(a, to: b)
                #expect(try await bed.perform(move, on: a, inputs).receipt != nil)
                let last = try #require(try await bed.history(b, of: "b").last)
                #expect(last.kind == "correction")
                #expect(last.reason == reason)
                #expect(last.to == "open")
            }
        }
    }

    @Test("jobs and tasks of a reaction are about the record that it reaches, because of the event of its cause")
    func opens() async throws {
        let b = SketchBed.machine(
            "b",
            """
            reacts_to:
              tell:
                title: Tells
                when: a enters busy
                find: linked
                jobs:
                  - send_email: { template: told, to: them }
                opens: [look_at_it]
            """)
        try await SketchBed.with(SketchBed.machine("a"), b) { bed in
            let (a, b) = (try await bed.make(), try await bed.make("b"))
            try await bed.link(a, to: b)
            let receipt = try #require(try await bed.perform("go", on: a).receipt)
            #expect(receipt.opened == ["look_at_it"])
            #expect(receipt.jobs.first { $0.kind == "send_email" }?.record == b)
            #expect(try await bed.explain(b, of: "b").tasks.map(\.task) == ["look_at_it"])
            let event = try await bed.pool.query("SELECT event_id FROM queue.jobs WHERE kind = 'send_email'").first
            #expect(try event?.value("event_id") == receipt.events.first)
        }
    }
}
