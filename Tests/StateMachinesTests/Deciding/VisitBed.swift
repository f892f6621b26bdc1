import Foundation
import StateMachines

/// A small machine with one timer of each manner, decided without any database.
struct VisitBed {
    struct Facts: Governed {
        var plannedAt: Date?
        var isWanted = true
        var visits = 0
        var endedAt: Date?
        var zoneName = "America/New_York"

        func value(ofFact name: String) -> FactValue? { plannedAt.map(FactValue.instant) }
        func zone(named name: String) -> TimeZone? { TimeZone(identifier: zoneName) }
        var columns: [String: JSONValue] { ["visits": .integer(Int64(visits))] }
        mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) { endedAt = moment }
    }

    static let machine = Machine(
        name: "visit", version: 1, title: "Visit", entity: "visits", field: "status", initial: "planned",
        final: ["ended", "dropped"],
        states: [
            State(name: "planned", title: "Planned"), State(name: "confirmed", title: "Confirmed"),
            State(name: "running", title: "Running"),
            State(name: "ended", title: "Ended", stamps: "ended_at", holds: ["was_visited"]),
            State(name: "dropped", title: "Dropped"),
        ],
        facts: [Fact(name: "planned_at", kind: .time, setBy: ["create"])],
        create: Move(name: "create", kind: .create, title: "Plan", from: [], target: .state("planned"), who: ["rep"]),
        transitions: [
            Move(
                name: "begin", title: "Begin", button: "Begin", from: ["planned", "confirmed"],
                target: .state("running"),
                already: ["running"], who: ["rep", "system"], requires: ["is_wanted"], apply: ["count_visit"]),
            Move(
                name: "end", title: "End", button: "End", from: ["planned", "running"],
                target: .outcomes([
                    OutcomeRule(
                        to: "ended", when: ["was_visited"], jobs: [JobCall(kind: "thank", onlyIf: "is_wanted")]),
                    OutcomeRule(to: "dropped"),
                ]), who: ["rep"]),
            Move(
                name: "force", title: "Force", button: "Force", from: ["planned"], target: .state("ended"),
                who: ["rep"],
                notBy: ["owner"]),
        ],
        corrections: [
            Move(
                name: "undo", kind: .correction, title: "Undo", button: "Undo", from: ["ended"],
                target: .previous("previous"), who: ["rep"])
        ],
        timers: [
            TimerRule(
                name: "remind", title: "Remind", states: ["planned"],
                when: RelativeMoment(distance: Span(60, .minute), isBefore: true, anchor: "planned_at"),
                ifMissed: .fire, firesWhenLate: true, jobs: [JobCall(kind: "remind")]),
            TimerRule(
                name: "nag", title: "Nag", states: ["planned"],
                when: RelativeMoment(distance: Span(1, .day), anchor: "entering"), at: TimeOfDay(hour: 9, zone: "rep"),
                repeats: Repeat(every: Span(1, .day), atMost: 10), ifMissed: .fire, jobs: [JobCall(kind: "nag")]),
            TimerRule(
                name: "digest", title: "Digest", states: ["planned"],
                when: RelativeMoment(distance: Span(2, .hour), anchor: "entering"), ifMissed: .skip,
                jobs: [JobCall(kind: "digest")]),
            TimerRule(
                name: "start", title: "Starts by itself", states: ["confirmed"],
                when: RelativeMoment(distance: nil, anchor: "planned_at"), ifMissed: .fire, fires: "begin",
                ifRefused: .park),
        ])

    static let vocabulary = Vocabulary(
        roles: [.init(name: "rep", title: "A rep", kind: .person)],
        separations: [.init(name: "owner", says: "Whoever owns it")],
        guards: [
            .init(name: "is_wanted", says: "It is wanted", refusal: "Nobody wants it since {day}.", code: "unwanted"),
            .init(name: "was_visited", says: "There was a visit", refusal: "There was none."),
        ])

    static let owner = Actor(kind: .salesRep, id: UUID(), role: "rep")
    static let rep = Actor(kind: .salesRep, id: UUID(), role: "rep")

    static let decider = Decider(
        machine: machine, vocabulary: vocabulary,
        rules: Rules<Facts>(
            guards: [
                "is_wanted": .init { facts, _ in facts.isWanted ? .yes : .no(["day": "Monday"]) },
                "was_visited": .init { facts, _ in facts.visits > 0 ? .yes : .no() },
            ],
            applies: ["count_visit": { facts, _ in facts.visits += 1 }],
            separations: ["owner": { _, actor in actor == owner }]),
        calendar: CompanyCalendar(zone: TimeZone(identifier: "America/Los_Angeles") ?? .gmt))

    static func time(_ text: String) -> Date {
        guard let date = try? Date(text, strategy: .iso8601) else { preconditionFailure("no time: \(text)") }
        return date
    }

    static func standing(_ state: String, seq: Int = 1, since: String = "2026-03-02T18:00:00Z") -> RecordStanding {
        RecordStanding(id: UUID(), state: state, seq: seq, since: time(since), previous: "running")
    }

    static func decide(
        _ move: String, from state: String, _ facts: Facts = Facts(), by actor: Actor = rep
    ) throws -> Decision<Facts> {
        let request = MoveRequest(
            move: move, inputs: move == "undo" ? ["reason": "wrong"] : [:], actor: actor,
            now: time("2026-03-03T18:00:00Z"))
        return try decider.decide(request, on: standing(state), facts: facts)
    }
}

extension Decision {
    var change: Change<Facts>? { if case .done(let change) = self { change } else { nil } }
    var codes: [String] { if case .refused(let refusal) = self { refusal.codes } else { [] } }
    var isAlready: Bool { if case .already = self { true } else { false } }
}
