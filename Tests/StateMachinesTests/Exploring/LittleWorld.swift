@testable import StateMachines

/// Two small machines: an order with a bill that follows it.
///
/// Tests change a line and say what is demanded.
struct LittleWorld {
    var order = """
        machine: order
        version: 1
        title: Order
        entity: orders
        field: status
        initial: open
        final: [done, dropped]
        states:
          open: Open
          late: Late
          done: Done
          dropped: Dropped
        create:
          title: Place
          who: [clerk]
          apply: [may_need_care]
        transitions:
          finish:
            title: Finish
            from: [open, late]
            to: done
            who: [clerk, system]
            requires: [bill_is_paid]
          drop:
            title: Drop
            from: [open, late]
            to: dropped
            who: [clerk]
          delay:
            title: Delay
            from: [open]
            to: late
            who: [system]
        corrections:
          reopen:
            title: Reopen
            from: [dropped]
            to: open
            who: [clerk]
        timers:
          too_long:
            title: Too long
            while: [open]
            when: 3 days after entering
            if_missed: fire
            fires: delay
            opens: [hurry]
        reacts_to:
          bill_paid:
            title: Finished when its bill is paid
            when: bill enters paid
            find: order_of_bill
            do: finish
            if_refused: note

        """
    var bill = """
        machine: bill
        version: 1
        title: Bill
        entity: bills
        field: status
        locks_with: order
        initial: open
        final: [paid, void]
        states:
          open: Open
          paid: Paid
          void: Void
        create:
          title: Issue
          who: [system]
        transitions:
          pay:
            title: Pay
            from: [open]
            to: paid
            who: [clerk]
          cancel:
            title: Cancel
            from: [open]
            to: void
            who: [system]
            requires: [bill_is_free]
        reacts_to:
          placed:
            title: Billed when placed
            when: order does create
            create: bill_of_new_order
          dropped:
            title: Cancelled with its order
            when: order enters dropped
            find: bill_of_order
            do: cancel
            if_refused: note

        """
    var vocabulary = """
        locks: [order, bill]
        roles:
          clerk: { title: A clerk, kind: person }
          system: { title: The machine, kind: system }
        tasks:
          hurry: { title: Hurry, for: orders.manage }
        marks:
          careful: It needs care
        guards:
          bill_is_paid: { says: Paid, refusal: Not paid., model: bill is paid }
          bill_is_free: { says: Free, refusal: Not free. }
        applies:
          may_need_care: { says: Looks, may_set: [careful] }
        finders:
          order_of_bill: { says: The order, gives: order }
          bill_of_order: { says: The bill, gives: bill }
        factories:
          bill_of_new_order: { says: A bill, makes: bill }

        """
    /// Keys of the world besides the needed ones.
    var world = ""

    /// The files without demands.
    var files: WorkflowFiles {
        WorkflowFiles.load(texts: [("bill.yaml", bill), ("order.yaml", order), ("vocabulary.yaml", vocabulary)]).files
    }

    /// What is wrong when this is demanded, a line each, without the place.
    func faults(_ demands: String) -> [String] {
        report(demands).faults.map { "\($0.code) \($0.message)" }
    }

    /// What reading and checking say before anything is explored.
    func staticFaults(_ demands: String) -> [Fault] {
        let loaded = loaded(demands)
        return loaded.faults + Checker().check(loaded.files)
    }

    func report(_ demands: String) -> ProductReport {
        let loaded = loaded(demands)
        return loaded.faults.isEmpty
            ? ProductCheck(loaded.files).run() : ProductReport(worlds: [], faults: loaded.faults)
    }

    private func loaded(_ demands: String) -> WorkflowFiles.Loaded {
        let properties = """
            worlds:
              shop:
                says: An order with its bill
                machines: [order, bill]
                starts:
                  - { move: order.create }
            \(world.isEmpty ? "" : "    " + world + "\n")\(demands)

            """
        return WorkflowFiles.load(texts: [
            ("bill.yaml", bill), ("order.yaml", order), ("vocabulary.yaml", vocabulary),
            ("properties.yaml", properties),
        ])
    }

    func never(_ condition: String, _ except: String = "") -> [String] {
        faults("never:\n  - { world: shop, says: Wrong, that: \"\(condition)\"\(except) }")
    }

    func neverDoes(_ move: String, while condition: String) -> [String] {
        faults("never_does:\n  - { world: shop, says: Wrong, while: \"\(condition)\", move: \(move) }")
    }

    func possible(_ move: String, while condition: String) -> [String] {
        faults("possible:\n  - { world: shop, says: Wished, while: \"\(condition)\", move: \(move) }")
    }

    func alwaysCanReach(_ condition: String) -> [String] {
        faults("always_can_reach:\n  - { world: shop, says: Wished, that: \"\(condition)\" }")
    }
}
