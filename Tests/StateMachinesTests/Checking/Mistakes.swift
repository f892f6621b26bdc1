extension Mistake {
    static let all = names + words + graph + moves + timers + resting + inputs + reactions + vocabulary

    private static let names = [
        Mistake("W001", "parcel", "entity: parcels", "entity: orders", at: "field: status").reported(in: "parcel"),
        Mistake("W010", "order", "initial: open", "initial: opened", at: "initial: opened")
            .and("- { to: open }", "- { to: opened }"),
        Mistake("W010", "order", "final: [done, dropped]", "final: [done, dropped, gone]", at: "gone"),
        Mistake("W010", "order", "to: open\n", "to: opne\n", at: "to: opne"),
        Mistake("W010", "order", "already: [dropped]", "already: [dropped, gone]", at: "gone"),
        Mistake("W010", "order", "missing_in: [late]", "missing_in: [late, gone]", at: "promised_at:"),
        Mistake("W010", "order", "- { to: done, when", "- { to: don, when", at: "to: don,"),
        Mistake("W010", "order", "while: [open]", "while: [open, gone]", at: "gone"),
        Mistake("W010", "order", "  late: Somebody", "  gone: Far away.\n  late: Somebody", at: "  gone:"),
        Mistake("W010", "order", "to: late\n    who: [system]", "to: previous\n    who: [system]", at: "to: previous"),
        Mistake("W011", "parcel", "final: [given, lost]", "final: [given, lost, packed]", at: "initial: packed")
            .also("W031", "W072"),
        Mistake("W012", "order", "  reopen:", "  promise: # again", at: "promise: # again"),
        Mistake("W012", "parcel", "  waiting:", "  lose: # again", at: "  lose: # again"),
        Mistake("W012", "order", "from: [done]", "from: [done, done]", at: "from: [done, done]"),
        Mistake("W013", "order", "already: [dropped]", "already: [dropped, late]", at: "already: [dropped, late]"),
        Mistake("W014", "order", "- { to: open }", "- { to: dropped }", at: "- { to: dropped }"),
        Mistake("W130", "parcel", "reacts_to:", "was: { states: { box: packt } }\nreacts_to:", at: "was:"),
        Mistake("W130", "parcel", "reacts_to:", "was: { transitions: { hand: gve } }\nreacts_to:", at: "was:"),
        Mistake("W130", "parcel", "reacts_to:", "was: { timers: { wait: waitin } }\nreacts_to:", at: "was:"),
    ]

    private static let words = [
        Mistake("W020", "order", "who: [clerk, bank]", "who: [clerk, bank, boss]", at: "boss"),
        Mistake("W020", "order", "not_by: [creator]", "not_by: [creator, earner]", at: "earner"),
        Mistake("W020", "order", "orders.manage\n    not_by", "orders.mange\n    not_by", at: "mange"),
        Mistake("W021", "order", "[amount_is_positive]", "[amount_is_positive, is_nice]", at: "is_nice"),
        Mistake("W021", "order", "apply: [take_money]", "apply: [take_money, run]", at: "run"),
        Mistake(
            "W021", "order", "who: admins, about: money_came, only", "who: all, about: money_came, only", at: "all"),
        Mistake("W021", "order", "money_came, only_if: is_late", "money_cam, only_if: is_late", at: "money_cam,"),
        Mistake("W021", "order", "only_if: is_late }", "only_if: is_lat }", at: "is_lat }"),
        Mistake("W021", "order", "at: 9am home time", "at: 9am hone time", at: "hone time").also("W024"),
        Mistake("W021", "order", "locks_with: order", "locks_with: orders", at: "locks_with: orders"),
        Mistake("W021", "order", "opens: [call_them]", "opens: [call_them, call_me]", at: "call_me").also("W120"),
        Mistake("W022", "parcel", "who: [clerk]", "who: [clerk, admin]", at: "who: [clerk, admin]"),
        Mistake("W023", "parcel", "who: [clerk]", "who: [clerk]\n    permission: orders.manage", at: "orders.manage"),
        Mistake("W025", "parcel", "about: money_came }", "about: money_came, when: never }", at: "when: never"),
        Mistake("W025", "parcel", "{ who: admins, about: money_came }", "{ about: money_came }", at: "- notify"),
        Mistake("W040", "parcel", "    button: Lose\n", "", at: "  lose:"),
        Mistake("W041", "order", "who: [clerk]\n    closes", "who: [bank, clerk]\n    closes", at: "who: [bank, clerk]")
            .and("    already: [late]\n", ""),
        Mistake("W042", "order", "    already: [dropped]\n", "", at: "  parcel_lost:")
            .and("who: [clerk, system, bank]", "who: [clerk, system]"),
        Mistake("W120", "order", "    closes: [call_them]\ncorrections:", "corrections:", at: "opens:")
            .and("    closes: [call_them]\ntimers:", "timers:"),
        Mistake("W121", "order", "    opens: [call_them]\n", "", at: "closes:"),
    ]

    private static let graph = [
        Mistake("W030", "parcel", "  lost: Lost", "  lost: Lost\n  shut: Shut", at: "shut: Shut")
            .and("[given, lost]", "[given, lost, shut]"),
        Mistake(
            "W031", "parcel", "[packed]\n    to: given", "[packed, lost]\n    to: given", at: "from: [packed, lost]"),
        Mistake("W032", "order", "from: [done]\n", "from: [done, open]\n", at: "from: [done, open]"),
        Mistake("W033", "order", "  dropped: Dropped", "  dropped: Dropped\n  stuck: Stuck", at: "  stuck: Stuck")
            .and("  late: Somebody", "  stuck: So it is.\n  late: Somebody").and(
                "to: late\n    al", "to: stuck\n    al"),
        Mistake("W034", "order", "  dropped: Dropped", "  dropped: Dropped\n  one: One\n  two: Two", at: "  one: One")
            .and("  late: Somebody", "  one: So it is.\n  two: So it is.\n  late: Somebody")
            .and("to: late\n    already", "to: one\n    already").and("  drop:\n", turnAndBack + "  drop:\n"),
        Mistake("W035", "parcel", "to: given\n", "to: same\n", at: "final:").and("to: lost", "to: same")
            .also("W033", "W104"),
        Mistake("W037", "parcel", "[packed]\n    to: lost", "[packed, lost]\n    to: lost", at: "from: [packed, lost]"),
    ]

    private static let turnAndBack = """
          turn: { title: Turn, button: Turn, from: [one], to: two, who: [clerk] }
          back: { title: Back, button: Back, from: [two], to: one, who: [clerk] }

        """

    private static let moves = [
        Mistake("W050", "order", "- { to: done, when: [is_paid] }", "- { to: done }", at: "- { to: done }"),
        Mistake("W051", "order", "- { to: same }", "- { to: same, when: [is_late] }", at: "to: same, when"),
        Mistake(
            "W052", "order", "- { to: same }", "- { to: late, when: [is_late, is_paid] }\n      - { to: same }",
            at: "late, is"),
        Mistake(
            "W053", "order", "- { to: late, when: [is_late] }", "- { to: open, when: [is_late] }", at: "to: open, when"),
        Mistake("W090", "order", "    fires: be_late", "    opens: [call_them]", at: "who: [system]"),
        Mistake("W091", "parcel", "who: [clerk]", "who: [system, clerk]", at: "who: [system, clerk]"),
        Mistake("W092", "parcel", "who: [system]", "who: [clerk]\n  button: Pack", at: "  ordered:"),
        Mistake(
            "W093", "order", "who: [clerk, admin]", "who: [clerk, admin, system]", at: "who: [clerk, admin, system]"),
        Mistake(
            "W096", "order", "already: [late]", "already: [late]\n    asks: { reason: { type: text } }", at: "asks: {"),
    ]
}
