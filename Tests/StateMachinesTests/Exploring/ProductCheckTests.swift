import StateMachines
import Testing

@Suite struct ProductCheckTests {
    private var shop = LittleWorld()

    // MARK: Demands

    @Test func `a state that must never be is shown with the shortest way to it`() {
        #expect(shop.never("order is done and bill is void") == [])
        #expect(shop.never("order is done") == ["W170 Wrong: order.create > bill.pay"])
    }

    @Test func `what only a correction makes possible can be excepted`() {
        // Dropped, reopened, paid: the bill outlives its order's end.
        #expect(
            shop.never("order is open and bill is void") == ["W170 Wrong: order.create > order.drop > order.reopen"])
        #expect(shop.never("order is open and bill is void", ", except: corrections") == [])
    }

    @Test func `a move that must not be made is found also where a reaction makes it`() {
        #expect(shop.neverDoes("order.finish", while: "not bill is paid") == [])
        #expect(
            shop.neverDoes("order.finish", while: "bill is paid")
                == ["W170 Wrong (order.finish): order.create > bill.pay"])
        #expect(
            shop.neverDoes("bill.cancel", while: "order is dropped")
                == ["W170 Wrong (bill.cancel): order.create > order.drop"])
    }

    @Test func `a move that has to be possible is missed where it never happens then`() {
        #expect(shop.possible("bill.pay", while: "order is late") == [])
        #expect(
            shop.possible("bill.cancel", while: "bill is open and order is open")
                == ["W171 not so: Wished; bill.cancel can never be made then"])
    }

    @Test func `from every state there has to be a way`() {
        #expect(shop.alwaysCanReach("order is one of done, dropped") == [])
        #expect(
            shop.alwaysCanReach("order is done")
                == ["W172 not so: Wished; no way leads there after: order.create > order.drop"])
    }

    @Test mutating func `a move that happens in no world is reported`() {
        shop.order = shop.order.replacing("fires: delay", with: "jobs: []")
        #expect(shop.faults("") == ["W173 transition \"delay\" of \"order\" can never happen in any world"])
    }

    @Test mutating func `a world that cannot begin is reported`() {
        shop.order = shop.order.replacing(
            "  apply: [may_need_care]", with: "  apply: [may_need_care]\n  requires: [bill_is_paid]")
        #expect(shop.faults("").first == "W171 world \"shop\" cannot begin: order.create is refused")
    }

    @Test mutating func `a move that would break what holds is reported`() {
        shop.order = shop.order.replacing(
            "dropped: Dropped", with: "dropped: { title: Dropped, holds: [bill_is_paid] }")
        #expect(
            shop.faults("").first
                == "W174 order.drop enters \"dropped\", where what holds is not true: order.create > order.drop")
    }

    // MARK: What happens by itself

    @Test func `a timer fires in its states, opens its task and closes it when they are left`() {
        #expect(shop.possible("order.drop", while: "order is late") == [])
        // The move of the same firing leaves the timer's states, so the task is closed with it.
        #expect(shop.never("hurry") == [])
    }

    @Test mutating func `a task of a timer stays open as long as its states hold`() {
        shop.order = shop.order.replacing("fires: delay", with: "only_if: [bill_is_free]")
        #expect(shop.never("hurry").contains("W170 Wrong: order.create > order.too_long"))
        #expect(!shop.never("hurry and order is dropped").contains { $0.hasPrefix("W170") })
    }

    @Test mutating func `a reaction that may be refused is noted, parked or fails with its cause`() {
        #expect(shop.never("order is dropped and bill is open") == ["W170 Wrong: order.create > order.drop"])
        #expect(shop.never("attention") == [])
        let noted = shop.bill

        shop.bill = noted.replacing("if_refused: note", with: "if_refused: park")
        #expect(shop.never("order is dropped and bill is open and not attention") == [])
        #expect(shop.never("attention") == ["W170 Wrong: order.create > order.drop"])

        shop.bill = noted.replacing("if_refused: note", with: "if_refused: fail")
        #expect(shop.never("order is dropped and bill is open") == [])
        #expect(shop.never("order is dropped and bill is void") == ["W170 Wrong: order.create > order.drop"])
    }

    @Test mutating func `what runs later may be behind, but not before its cause`() {
        shop.bill = shop.bill.replacing(
            "do: cancel\n", with: "do: cancel\n    run: later\n")
        #expect(shop.never("order is dropped and bill is open") == ["W170 Wrong: order.create > order.drop"])
        #expect(
            shop.never("order is dropped and bill is void")
                == ["W170 Wrong: order.create > order.drop > bill.cancel (dropped)"])
        #expect(shop.never("bill is void and not order is dropped", ", except: corrections") == [])
    }

    @Test mutating func `another record may follow a finished one where there are many`() {
        shop.bill = shop.bill.replacing("who: [system]\ntransitions", with: "who: [system, clerk]\ntransitions")
        #expect(shop.never("order is done and bill is open") == [])
        shop.world = "many: [bill]"
        #expect(shop.never("order is done and bill is open") == ["W170 Wrong: order.create > bill.pay > bill.create"])
        shop.world = "many: [bill]\n    only_made_by_reaction: [bill]"
        #expect(shop.never("order is done and bill is open") == [])
    }

    // MARK: Words of the vocabulary

    @Test mutating func `marks that may be set are so in one way and not in the other`() {
        #expect(shop.never("careful") == ["W170 Wrong: order.create"])
        #expect(shop.never("not careful") == ["W170 Wrong: order.create"])
        shop.vocabulary = shop.vocabulary.replacing("may_set", with: "sets")
        #expect(shop.never("not careful") == [])
        #expect(shop.report("").worlds.map(\.states) == [10], "what nothing depends on divides no states")
    }

    @Test mutating func `an assumption stands for what a guard says`() {
        shop.world = "assume: { bill_is_free: always }"
        #expect(shop.never("order is dropped and bill is open") == [])
        shop.world = "assume: { bill_is_free: never }"
        #expect(shop.never("bill is void") == ["W173 transition \"cancel\" of \"bill\" can never happen in any world"])
    }

    @Test mutating func `a factory makes none where its model says so, and sets its marks`() {
        shop.vocabulary = shop.vocabulary.replacing(
            "makes: bill }", with: "makes: bill, model: never, sets: [careful] }")
        #expect(shop.never("not careful").filter { $0.hasPrefix("W170") } == [])
        #expect(!shop.never("not bill is absent").contains { $0.hasPrefix("W170") })
    }

    @Test mutating func `a finder looks in its states alone`() {
        shop.vocabulary = shop.vocabulary.replacing("gives: bill }", with: "gives: bill, in: [paid] }")
        #expect(shop.never("bill is void") == ["W173 transition \"cancel\" of \"bill\" can never happen in any world"])
    }

    @Test mutating func `a reaction that never does anything is told, unless its model says that it does not`() {
        shop.order = shop.order.replacing("when: bill enters paid", with: "when: bill enters void")
        shop.vocabulary = shop.vocabulary.replacing("gives: order }", with: "gives: order, in: [late] }")
        shop.bill = shop.bill.replacing("when: order enters dropped", with: "when: order enters done")
        let told = ["W175 reaction \"bill_paid\" of \"order\" never makes \"finish\" in any world"]
        #expect(shop.never("never").filter { $0.hasPrefix("W175") } == told)
        shop.vocabulary = shop.vocabulary.replacing("in: [late] }", with: "in: [late], model: never }")
        #expect(shop.never("never").filter { $0.hasPrefix("W175") } == [])
    }
}
