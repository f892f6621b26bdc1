/// What happens by itself, and the words of it.
extension Mistake {
    static let timers = [
        Mistake("W060", "order", "  promise_broken:\n", pushTimer + "  promise_broken:\n", at: "  pushing:")
            .and("  promise:\n", pushMove + "  promise:\n"),
        Mistake("W062", "order", "fire\n    fires: be_late", "each\n    fires: be_late", at: "  too_late:"),
        Mistake("W063", "order", "set_by: [promise]", "set_by: [promise, drop]", at: "promised_at:"),
        Mistake("W064", "order", "set_by: [create, extend]", "set_by: [create]", at: "  extend:"),
        Mistake("W070", "order", "set_by: [promise]", "set_by: [promise, promis]", at: "promised_at:"),
        Mistake(
            "W071", "parcel", "create:\n  t", "facts: { sent_on: { type: date, set_by: [edit] } }\ncreate:\n  t",
            at: "sent_on"),
        Mistake(
            "W072", "order", "[late]\n    when: 1 hour", "[late, done]\n    when: 1 hour", at: "while: [late, done]"),
        Mistake("W073", "parcel", "after entering", "before entering", at: "before entering"),
        Mistake("W074", "order", "after promised_at", "after promisd_at", at: "promisd_at").also("W071"),
        Mistake(
            "W075", "order", "[late]\n    when: 1 hour", "[late, open]\n    when: 1 hour", at: "while: [late, open]"
        )
        .and("from: [open, late]\n    to: open\n", "from: [open]\n    to: open\n"),
        Mistake("W076", "order", "fires: be_late", "fires: be_lat", at: "fires: be_lat").also("W081")
            .and("who: [system]", "who: [clerk]").and("title: Be late", "title: Be late\n    button: Be late"),
        Mistake("W077", "order", "while: [open]", "while: [open, late]", at: "while: [open, late]"),
        Mistake("W078", "order", "who: [system]", "who: [clerk]", at: "fires: be_late")
            .and("title: Be late", "title: Be late\n    button: Be late"),
    ]

    private static let pushMove = """
          push: { title: Push, from: [late], to: same, who: [system] }

        """
    private static let pushTimer = """
          pushing:
            title: Push
            while: [late]
            when: 60 days after due_on
            at: 9am home time
            if_missed: fire
            only_if: [is_late]
            fires: push

        """

    static let resting = [
        Mistake("W080", "order", "  late: Somebody", "  done: It is.\n  late: Somebody", at: "  done: It is."),
        Mistake("W081", "order", "may_rest_in:\n  late: Somebody has been told.\n", "", at: "  late: {"),
        Mistake("W081", "parcel", "if_missed: fire", "if_missed: skip", at: "  packed:"),
        Mistake("W081", "parcel", "if_missed: fire", "if_missed: fire\n    only_if: [is_late]", at: "  packed:"),
        Mistake("W081", "parcel", "about: money_came }", "about: money_came, only_if: is_late }", at: "  packed:"),
        Mistake(
            "W081", "order", "to: late\n    who: [system]", "to: late\n    who: [system]\n    requires: [is_late]",
            at: "  open:"),
        Mistake("W082", "parcel", "create:\n  t", "may_rest_in: { packed: It may. }\ncreate:\n  t", at: "may_rest_in"),
    ]

    static let inputs = [
        Mistake("W079", "order", "drop\n    with: { reason: lost }\n  promise", "drop\n  promise", at: "fires: drop"),
        Mistake("W094", "order", "{ reason: lost }\n  promise", "{ reason: lost, note: x }\n  promise", at: "note: x"),
        Mistake("W094", "order", "fires: be_late", "fires: be_late\n    with: { note: x }", at: "note: x"),
        Mistake("W094", "parcel", "do: give\n", "do: give\n    with: { note: x }\n", at: "note: x"),
        Mistake("W095", "order", "{ reason: lost }\n  promise", "{ reason: lots }\n  promise", at: "lots"),
        Mistake("W095", "order", "{ reason: lost }\n    if", "{ reason: lots }\n    if", at: "lots"),
        Mistake("W105", "order", "{ reason: lost }\n    if", "{ reason: order.reason }\n    if", at: "order.reason"),
        Mistake("W108", "order", "    with: { reason: lost }\n    if_refused", "    if_refused", at: "do: drop"),
    ]

    static let reactions = [
        Mistake("W061", "parcel", "reacts_to:\n", "reacts_to:\n" + again, at: "  order_done:"),
        Mistake("W100", "order", "parcel enters lost", "parcle enters lost", at: "parcle"),
        Mistake("W101", "parcel", "order does promise", "order does promis", at: "order does promis"),
        Mistake("W102", "order", "parcel enters lost", "parcel enters losd", at: "losd"),
        Mistake("W104", "order", "parcel enters lost", "parcel leaves lost", at: "leaves lost"),
        Mistake("W106", "parcel", "do: give", "do: gve", at: "do: gve").and("who: [clerk, system]", "who: [clerk]"),
        Mistake("W107", "parcel", "who: [clerk, system]", "who: [clerk]", at: "do: give"),
        Mistake("W109", "parcel", "    if_refused: note\n", "", at: "  order_done:"),
    ]

    private static let again = """
          again:
            title: Again
            when: order enters done
            find: parcels_of_order
            do: give
            if_refused: note

        """

    static let vocabulary = [
        Mistake(
            "W024", "vocabulary", "  is_paid: {", "  is_nice: { says: Nice, refusal: No. }\n  is_paid: {", at: "is_nice"
        ),
        Mistake("W024", "vocabulary", "settled: Paid", "settled: Paid\n  spoiled: Bad", at: "spoiled"),
        Mistake("W024", "vocabulary", "locks: [order]", "locks: [order, lead]", at: "lead"),
        Mistake("W113", "vocabulary", "gives: parcel, in: [packed]", "gives: order", at: "find:").reported(
            in: "parcel"),
        Mistake("W114", "vocabulary", "makes: parcel", "makes: order", at: "create: parcel").reported(in: "parcel"),
        Mistake("W140", "vocabulary", "model: settled", "model: settled and", at: "settled and"),
        Mistake("W140", "vocabulary", "model: settled", "model: setled", at: "setled"),
        Mistake("W140", "vocabulary", "one of late, open", "one of late, opened", at: "opened"),
        Mistake("W140", "vocabulary", "not parcel is absent", "not parcels is absent", at: "parcels is"),
        Mistake("W140", "vocabulary", "model: maybe", "model: (maybe", at: "(maybe"),
        Mistake("W141", "vocabulary", "in: [packed]", "in: [packed, packt]", at: "packt"),
        Mistake("W142", "vocabulary", "may_set: [settled]", "may_set: [settled, setled]", at: "setled"),
        Mistake("W142", "vocabulary", "facts: [due_on]", "facts: [due_on, due_at]", at: "due_at"),
        Mistake("W143", "vocabulary", "status: 422", "status: 404", at: "status: 404"),
    ]
}
