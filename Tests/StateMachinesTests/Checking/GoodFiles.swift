import StateMachines

/// Three small files without a fault, in which each test seeds its own.
enum GoodFiles {
    static let texts = ["order.yaml": order, "parcel.yaml": parcel, "vocabulary.yaml": vocabulary]

    /// Loads the files, some of them with another text.
    static func load(_ changed: [String: String] = [:]) -> WorkflowFiles.Loaded {
        let all = texts.merging(changed) { $1 }.sorted { $0.key < $1.key }
        return WorkflowFiles.load(texts: all.map { ($0.key, $0.value) })
    }

    static let order = """
        machine: order
        version: 1
        title: Order
        entity: orders
        field: status
        locks_with: order
        initial: open
        final: [done, dropped]
        states:
          open: Open
          late: { title: Late, tone: danger, holds: [is_late] }
          done: { title: Done, tone: success, stamps: done_at, holds: [is_paid] }
          dropped: Dropped
        may_rest_in:
          late: Somebody has been told.
        facts:
          due_on: { type: date, set_by: [create, extend] }
          promised_at: { type: time, set_by: [promise], may_be_missing_in: [late] }
        create:
          title: Place an order
          button: Place order
          who: [clerk, admin]
          permission: orders.manage
          outcomes:
            - { to: late, when: [is_late] }
            - { to: open }
          apply: [set_due]
        transitions:
          pay:
            title: Take money
            button: Pay
            from: [open, late]
            who: [clerk, bank]
            asks:
              amount: { type: money, required: true }
              kind: { type: choice, of: [cash, card] }
            requires: [amount_is_positive]
            apply: [take_money]
            outcomes:
              - { to: done, when: [is_paid] }
              - { to: same }
            jobs:
              - notify: { who: admins, about: money_came, only_if: is_late }
          extend:
            title: Give more time
            button: Extend
            from: [open, late]
            to: open
            who: [admin]
            permission: orders.manage
            not_by: [creator]
            asks:
              reason: { type: text, required: true }
            apply: [set_due]
          promise:
            title: Note a promise
            button: Promise
            from: [late]
            to: same
            who: [clerk]
            apply: [set_promise]
          be_late:
            title: Be late
            from: [open]
            to: late
            who: [system]
            opens: [call_them]
          drop:
            title: Drop
            button: Drop
            from: [open, late]
            to: dropped
            already: [dropped]
            who: [clerk, system, bank]
            asks:
              reason: { type: choice, of: [lost, other], required: true }
            closes: [call_them]
        corrections:
          reopen:
            title: Reopen
            button: Reopen
            from: [done]
            to: late
            already: [late]
            who: [clerk]
            closes: [call_them]
        timers:
          too_late:
            title: The day has passed
            while: [open]
            when: 1 day after due_on
            if_missed: fire
            fires: be_late
          give_up:
            title: Nobody pays
            while: [late]
            when: 30 days after due_on
            at: 9am home time
            repeat: { every: 30 days, at_most: 3 }
            if_missed: each
            only_if: [is_late]
            fires: drop
            with: { reason: lost }
          promise_broken:
            title: A promise was broken
            while: [late]
            when: 1 hour after promised_at
            if_missed: fire
            jobs:
              - notify: { who: admins, about: money_came }
        reacts_to:
          parcel_lost:
            title: Dropped with its parcel
            when: parcel enters lost
            find: order_of_parcel
            do: drop
            with: { reason: lost }
            if_refused: park

        """

    static let parcel = """
        machine: parcel
        version: 1
        title: Parcel
        entity: parcels
        field: status
        locks_with: order
        initial: packed
        final: [given, lost]
        states:
          packed: Packed
          given: Given
          lost: Lost
        create:
          title: Pack
          who: [system]
        transitions:
          give:
            title: Give
            button: Give
            from: [packed]
            to: given
            already: [given]
            who: [clerk, system]
          lose:
            title: Lose
            button: Lose
            from: [packed]
            to: lost
            who: [clerk]
            asks:
              reason: { type: text }
        timers:
          waiting:
            title: Still here
            while: [packed]
            when: 2 business days after entering
            if_missed: fire
            jobs:
              - notify: { who: admins, about: money_came }
        reacts_to:
          ordered:
            title: Each order gets a parcel
            when: order does create
            create: parcel_of_order
          order_done:
            title: Given when the order is done
            when:
              - order enters done
              - order does promise
            find: parcels_of_order
            do: give
            if_refused: note

        """

    static let vocabulary = """
        locks: [order]
        roles:
          admin: { title: An admin, kind: person }
          clerk: { title: A clerk, kind: person }
          bank: { title: The bank, kind: service, repeats: true }
          system: { title: The machine, kind: system }
        separations:
          creator: Whoever made it
        permissions: [orders.manage]
        zones:
          company: Here
          home: At home
        recipients:
          admins: All of them
        tasks:
          call_them: { title: Call them, for: orders.manage }
        marks:
          settled: Paid
        guards:
          is_paid: { says: It is paid, refusal: "{due} is due.", model: settled }
          is_late: { says: It is late, refusal: Not late., status: 422, model: "order is one of late, open and not parcel is absent" }
          amount_is_positive: { says: Above zero, refusal: Not above zero. }
        applies:
          set_due: { says: Sets the day, facts: [due_on] }
          set_promise: { says: Sets the promise, facts: [promised_at] }
          take_money: { says: Takes money, may_set: [settled] }
        jobs:
          notify: { says: Tells, with: [who, about], key: notice, is: J-07 }
        notices:
          money_came: N-01
        finders:
          order_of_parcel: { says: The order, gives: order }
          parcels_of_order: { says: The parcels, gives: parcel, in: [packed] }
        factories:
          parcel_of_order: { says: A parcel, makes: parcel, model: maybe }

        """
}
