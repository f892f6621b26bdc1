import StateMachines
import Testing

/// What is told of properties and cascades before anything is explored.
@Suite struct PropertiesFaultTests {
    private var shop = LittleWorld()

    /// The codes, with the line where each stands.
    private func codes(_ demands: String) -> [String] {
        shop.staticFaults(demands).filter {
            ["W110", "W111", "W112", "W115", "W15"].contains(where: $0.code.hasPrefix)
        }
        .map { "\($0.code) \($0.location.file)" }
    }

    @Test(arguments: [
        ("world: shopp, says: Wrong, that: order is done", "W150"),
        ("world: shop, says: Wrong, that: parcel is done", "W150"),
        ("world: shop, says: Wrong, that: order is finished", "W151"),
        ("world: shop, says: Wrong, that: order is", "W151"),
        ("world: shop, says: Wrong, that: carefull", "W151"),
    ])
    func `a condition about what is not there is told with its line`(entry: String, code: String) throws {
        let fault = try #require(shop.staticFaults("never:\n  - { \(entry) }").first { $0.code.hasPrefix("W15") })
        #expect(fault.code == code)
        #expect(fault.location.file == "properties.yaml")
        #expect(fault.location.line == 8)
    }

    @Test(arguments: [("order.finnish", "W152"), ("finish", "W152"), ("parcel.finish", "W150")])
    func `a move that is not there is told`(move: String, code: String) {
        let entry = "possible:\n  - { world: shop, says: Wished, while: careful, move: \(move) }"
        #expect(codes(entry) == ["\(code) properties.yaml"])
    }

    @Test mutating func `a world with a machine that is not there is told`() {
        shop.world = "many: [parcel]"
        #expect(codes("") == ["W150 properties.yaml"])
    }

    @Test func `an unknown key is told`() {
        let faults = shop.staticFaults("never:\n  - { world: shop, says: Wrong, that: careful, whil: careful }")
        #expect(faults.map(\.code).contains("W000"))
    }

    @Test mutating func `reactions that go round in a circle are told`() {
        #expect(codes("") == [])
        shop.bill += """
              finished:
                title: Paid with its order
                when: order does finish
                find: bill_of_order
                do: pay
                if_refused: note

            """
        #expect(codes("") == ["W110 bill.yaml"])
    }

    @Test mutating func `a reaction against the order of locks has to run later`() {
        #expect(codes("") == [])
        shop.bill = shop.bill.replacing("locks_with: order\n", with: "")
        #expect(codes("") == ["W111 order.yaml"], "the order's lock comes after the bill's")
        let together = shop.order
        shop.order = together.replacing("do: finish\n", with: "do: finish\n    run: later\n")
        #expect(codes("") == [])
        shop.order = together
        shop.vocabulary = shop.vocabulary.replacing("[order, bill]", with: "[bill, order]")
        #expect(codes("") == ["W111 bill.yaml", "W111 bill.yaml"])
    }

    @Test mutating func `a finder that reaches other locks has to be asked later`() {
        shop.vocabulary = shop.vocabulary.replacing("gives: bill }", with: "gives: bill, crosses: true }")
        #expect(codes("") == ["W112 bill.yaml"])
        shop.bill = shop.bill.replacing("do: cancel\n", with: "do: cancel\n    run: later\n")
        #expect(codes("") == [])
    }

    @Test mutating func `a cascade of more than eight is told`() {
        var (moves, reactions) = ("", "")
        for number in 1...9 {
            moves += "  step\(number):\n    title: Step\n    from: [open]\n    to: same\n    who: [system]\n"
            let cause = number == 1 ? "order does drop" : "bill does step\(number - 1)"
            reactions += "  then\(number):\n    title: Then\n    when: \(cause)\n    find: bill_of_order\n"
            reactions += "    do: step\(number)\n    if_refused: note\n"
        }
        let text = shop.bill
        shop.bill = text.replacing("reacts_to:\n", with: moves + "reacts_to:\n") + reactions
        #expect(codes("") == ["W115 bill.yaml"])
        shop.bill = shop.bill.replacing("when: order does drop", with: "when: bill does cancel")
        #expect(codes("") == ["W115 bill.yaml"], "the cause of a cause counts as well")
        shop.bill = text.replacing("reacts_to:\n", with: moves + "reacts_to:\n")
        #expect(codes("") == [])
    }
}
