import Testing

@testable import StateMachines

@Suite struct BareWordTests {
    @Test(arguments: [
        "on", "Off", "YES", "no", "y", "N", "true", "False", "~", "null", "Null", "=", "9", "-3", "1_000", "010",
        "0o17",
        "0x1F", "0b11", "9:00", "190:20:30", "1.5", ".5", "6.02e23", "1e3", ".inf", "-.INF", ".nan", "2026-03-02",
        "2026-3-2", "2026-03-02 10:00:00", "2026-03-02T10:00:00Z",
    ]) func `YAML 1.1 reads these otherwise`(word: String) {
        #expect(BareWord.reading(of: word) != nil)
    }

    @Test(arguments: [
        "open", "9am", "yEs", "once", "none", "NET30", "30 days", "1 day after due_date", "order cancelled", "+", "-",
        ".",
        "1.2.3", "12 Main Street", "2026-W03", "R-06", "nothing", "tRUE",
    ]) func `these are text to every YAML`(word: String) {
        #expect(BareWord.reading(of: word) == nil)
    }

    @Test(arguments: [
        ("title: Order", "title: on", "7:12"),
        ("title: Order", "title: 2026-03-02", "3:8"),
        ("about: money_came, only_if", "about: no, only_if", ""),
        ("of: [cash, card]", "of: [cash, off]", ""),
        ("with: { reason: lost }\n  promise", "with: { reason: 9:00 }\n  promise", ""),
        ("with: { reason: lost }\n  promise", "with: { reason: ~ }\n  promise", ""),
        ("with: { reason: lost }\n  promise", "with: { reason: 010 }\n  promise", ""),
        ("required: true }\n      kind", "required: yes }\n      kind", ""),
        ("  open: Open", "  on: Open", ""),
        ("  open: Open", "  \"yes\": Open", ""),
        ("initial: open", "initial: \"true\"", ""),
        ("  promise:\n", "  null:\n", ""),
        ("machine: order", "machine: off", ""),
    ]) func `a bare word that is read in two ways is refused`(old: String, new: String, place: String) throws {
        try #require(GoodFiles.order.ranges(of: old).count == 1)
        let loaded = GoodFiles.load(["order.yaml": GoodFiles.order.replacing(old, with: new)])
        #expect(loaded.faults.map(\.code).contains("W002"), "\(loaded.faults)")
    }

    @Test(arguments: [
        ("title: Order", "title: \"on\""),
        ("of: [cash, card]", "of: [cash, 'off']"),
        ("  open: Open", "  open: \"2026-03-02\""),
        ("version: 1", "version: 12"),
        ("with: { reason: lost }\n  promise", "with: { reason: lost, nn: 3, bb: true, mm: -3 }\n  promise"),
    ]) func `in quotes, or where it is wanted, such a word is fine`(old: String, new: String) throws {
        try #require(GoodFiles.order.ranges(of: old).count == 1)
        let loaded = GoodFiles.load(["order.yaml": GoodFiles.order.replacing(old, with: new)])
        #expect(loaded.faults == [])
    }

    @Test func `a value stays the text that was written`() throws {
        let loaded = GoodFiles.load([
            "order.yaml": GoodFiles.order.replacing("of: [cash, card]", with: "of: [\"030\", \"1e3\"]")
        ])
        let pay = try #require(loaded.files.machine(named: "order")?.move(named: "pay"))
        guard case .choice(let values) = pay.asks.last?.type else { throw TestFailure() }
        #expect(values == ["030", "1e3"])
    }
}

/// What a test throws when a value has not the form that it looks into.
struct TestFailure: Error {}
