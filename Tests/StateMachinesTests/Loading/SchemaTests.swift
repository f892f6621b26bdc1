import StateMachines
import Testing

/// What fits the schema and what does not (W000), and where it is told.
@Suite struct SchemaTests {
    private func faults(_ changes: [(old: String, new: String)]) throws -> [Fault] {
        let text = try changes.reduce(GoodFiles.order) { text, change in
            try #require(text.ranges(of: change.old).count == 1, "\(change.old) fits nowhere, or in two places")
            return text.replacing(change.old, with: change.new)
        }
        return GoodFiles.load(["order.yaml": text]).faults
    }

    @Test(arguments: [
        ("machine: order", "machin: order", "2 faults"), ("version: 1", "version: 0", "2:10"),
        ("version: 1", "version: one", "2:10"), ("version: 1", "version: 99999999999999999999", "2:10"),
        ("title: Order", "title:", "3:7"), ("title: Order", "title: [Order]", "3:8"),
        ("title: Order", "title: \" \"", "3:8"),
        ("final: [done, dropped]", "final: []", "8:8"), ("final: [done, dropped]", "final: done", "8:8"),
        ("tone: danger", "tone: dangerous", ""), ("tone: danger", "colour: red", ""),
        ("  open: Open", "  Open: Open", ""), ("  open: Open", "  o: Open", ""), ("  open: Open", "  open: [Open]", ""),
        ("{ type: date, set_by: [create, extend] }", "{ set_by: [create, extend] }", ""),
        ("{ type: date, set_by: [create, extend] }", "{ type: day, set_by: [create, extend] }", ""),
        ("{ type: date, set_by: [create, extend] }", "due", ""),
        ("  title: Place an order\n", "", ""), ("- { to: open }", "- { when: [is_late] }", ""),
        ("to: same\n    who", "too: same\n    who", ""),
        ("to: same\n    who", "to: same\n    outcomes: [{ to: late, when: [is_late] }, { to: same }]\n    who", ""),
        ("    from: [late]\n", "", ""), ("who: [system]", "who: system", ""),
        ("permission: orders.manage\n    not_by", "permission: manage\n    not_by", ""),
        ("amount: { type: money, required: true }", "amount: { type: dollars }", ""),
        ("amount: { type: money, required: true }", "amount: { type: money, of: [a, b] }", ""),
        ("kind: { type: choice, of: [cash, card] }", "kind: { type: choice }", ""),
        ("kind: { type: choice, of: [cash, card] }", "kind: { type: choice, of: [cash] }", ""),
        ("- notify: { who: admins, about: money_came, only_if: is_late }", "- notify", ""),
        ("- notify: { who: admins, about: money_came, only_if: is_late }", "- { notify: {}, email: {} }", ""),
        ("- notify: { who: admins, about: money_came, only_if: is_late }", "- notify: [admins]", ""),
        ("when: 1 day after due_on", "when: 1 month after due_on", ""),
        ("when: 1 day after due_on", "when: tomorrow at 9", ""),
        ("when: 1 day after due_on", "when: 0 days after due_on", ""),
        ("when: 1 day after due_on", "when: 1 day since due_on", ""),
        ("when: 1 day after due_on", "when: 99999999999999999999 days after due_on", ""),
        ("at: 9am home time", "at: 13pm home time", ""), ("at: 9am home time", "at: \"9:00\"", ""),
        ("at_most: 3", "at_most: 0", ""), ("at_most: 3", "at_most: 101", ""), ("every: 30 days", "every: month", ""),
        ("    if_missed: each\n", "", ""), ("if_missed: each", "if_missed: all", ""),
        ("    fires: be_late\n", "", ""), ("parcel enters lost", "parcel is lost", ""),
        ("parcel enters lost", "[parcel enters lost]", ""),
        ("    find: order_of_parcel\n", "", ""), ("    do: drop\n", "", ""),
        ("    do: drop\n", "    do: drop\n    create: x1\n", ""),
        ("if_refused: park", "if_refused: retry", ""),
    ]) func `what does not fit is refused`(old: String, new: String, place: String) throws {
        let found = try faults([(old, new)])
        #expect(found.map(\.code).contains("W000"), "\(found)")
        #expect(Set(found.map(\.code)) == ["W000"])
        if place.contains(":") { #expect(found.map(\.location.description) == ["order.yaml:" + place]) }
    }

    @Test func `all faults of all files are told at once, in their order`() throws {
        let order = GoodFiles.order.replacing("version: 1", with: "version: 0").replacing(
            "tone: danger", with: "tone: red"
        )
        .replacing("already: [dropped]", with: "already: [dropped, gone]").replacing(
            "apply: [set_promise]", with: "apply: [set_it]")
        let vocabulary = GoodFiles.vocabulary.replacing("kind: service", with: "kind: robot")
        let parcel = GoodFiles.parcel.replacing("    button: Lose\n", with: "").replacing(
            "title: Lose", with: "titel: Lose")
        let report = CheckReport(
            GoodFiles.load([
                "order.yaml": order, "vocabulary.yaml": vocabulary, "parcel.yaml": parcel, "bad.yaml": "a: [",
            ]))
        let lines = report.faults.map { "\($0.location.file):\($0.location.line) \($0.code)" }
        #expect(
            lines == [
                "bad.yaml:2 W000", "order.yaml:2 W000", "order.yaml:11 W000", "order.yaml:61 W021",
                "order.yaml:73 W010",
                "parcel.yaml:24 W000", "parcel.yaml:24 W040", "parcel.yaml:25 W000", "vocabulary.yaml:5 W000",
            ])
        #expect(report.hasErrors)
    }

    @Test func `a misspelled key is told together with the one that was meant`() throws {
        let found = try faults([("requires: [amount", "require: [amount")])
        #expect(
            found.map(\.description) == [
                "order.yaml:37:5: W000 transition \"pay\" has no key \"require\"; do you mean \"requires\"?"
            ])
    }

    @Test func `what the file says is what the values hold`() throws {
        let order = try #require(GoodFiles.load().files.machine(named: "order"))
        #expect(order.source == GoodFiles.order)
        #expect((order.entity, order.locksWith) == ("orders", "order"))
        #expect(order.states.map(\.name.text) == ["open", "late", "done", "dropped"])
        #expect(order.state(named: "done")?.stamps == "done_at")
        #expect(order.facts.map(\.mayBeMissingIn) == [[], ["late"]])
        #expect(order.create.outcomeTargets == ["late", "open"])
        let pay = try #require(order.move(named: "pay"))
        #expect(pay.asks.map(\.isRequired) == [true, false])
        #expect(pay.jobs.first?.onlyIf == "is_late")
        #expect(pay.jobs.first?.parameter("about") == "money_came")
        #expect(pay.jobs.first?.parameter("only_if") == nil)
        let giveUp = try #require(order.timer(named: "give_up"))
        #expect(giveUp.when.distance == Span(30, .day))
        #expect((giveUp.at?.hour, giveUp.at?.minute, giveUp.at?.zone) == (9, 0, "home"))
        #expect((giveUp.repeats?.every, giveUp.repeats?.atMost) == (Span(30, .day), 3))
        #expect(giveUp.ifMissed == .each)
        #expect(order.reactions.first?.when.first?.subject == "lost")
        #expect(order.reactions.first?.ifRefused == .park)
    }

    @Test(arguments: [
        ("12am", 0, 0), ("1am", 1, 0), ("12pm", 12, 0), ("4:30pm", 16, 30), ("11:59pm", 23, 59),
    ]) func `times of day are read`(text: String, hour: Int, minute: Int) throws {
        let changed = GoodFiles.order.replacing("at: 9am home time", with: "at: \(text)")
        let timer = GoodFiles.load(["order.yaml": changed]).files.machine(named: "order")?.timer(named: "give_up")
        #expect((timer?.at?.hour, timer?.at?.minute) == (hour, minute))
        #expect(timer?.at?.zone == nil)
    }

    @Test func `words know where they stand`() throws {
        let files = GoodFiles.load().files
        let order = try #require(files.machine(named: "order"))
        #expect(order.timer(named: "too_late")?.when.anchor.location.description == "order.yaml:91:23")
        #expect(order.timer(named: "give_up")?.at?.zone?.location.description == "order.yaml:98:13")
        #expect(order.reactions.first?.when.first?.machine.location.description == "order.yaml:114:11")
        #expect(order.reactions.first?.when.first?.subject.location.description == "order.yaml:114:25")
        #expect(files.vocabulary.guard(named: "is_late")?.status.location.line == 21)
    }
}

extension Move {
    /// The states of its outcomes.
    fileprivate var outcomeTargets: [String] {
        if case .outcomes(let rules) = target { rules.map(\.to.text) } else { [] }
    }
}
