import Foundation
import StateMachines
import Testing
import Workflows

/// The judge alone, on histories made by hand.
@Suite("a record's history, judged by its definition")
struct TraceJudgeTests {
    private static let door = Machine(
        name: "door", version: 2, title: "Door", entity: "doors", field: "state", initial: "open", final: ["gone"],
        states: [
            State(name: "open", title: "Open"), State(name: "shut", title: "Shut"), State(name: "gone", title: "Gone"),
        ],
        create: Move(name: "create", kind: .create, title: "Make", from: [], target: .state("open"), who: ["admin"]),
        transitions: [
            Move(name: "shut", title: "Shut", from: ["open"], target: .state("shut"), who: ["admin", "system"]),
            Move(name: "paint", title: "Paint", from: ["open", "shut"], target: .same("same"), who: ["admin"]),
            Move(
                name: "remove", title: "Remove", from: ["open", "shut"],
                target: .outcomes([OutcomeRule(to: "gone", when: ["loose"]), OutcomeRule(to: "same")]), who: ["admin"]),
        ],
        corrections: [
            Move(
                name: "restore", kind: .correction, title: "Restore", from: ["gone"], target: .previous("previous"),
                who: ["admin"])
        ],
        timers: [
            TimerRule(
                name: "draught", title: "Draught", states: ["open"],
                when: RelativeMoment(distance: Span(1, .hour), anchor: "entering"), ifMissed: .fire, fires: "shut")
        ], renames: Renames(states: [NamedValue(name: "closed", value: "shut")]))

    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private static func event(
        _ kind: EventDraft.Kind, _ move: String, _ seq: Int, _ from: String?, _ to: String, by role: String = "admin",
        _ change: (inout TracedEvent) -> Void = { _ in }
    ) -> TracedEvent {
        var event = TracedEvent(
            kind, move, seq: seq, from: from, to: to, role: role, asOf: start.addingTimeInterval(Double(seq)))
        change(&event)
        return event
    }

    /// What is wrong with the last of some events, after all before it were found right.
    private func faults(_ events: [TracedEvent]) -> [String] {
        var judge = TraceJudge()
        for event in events.dropLast() {
            let faults = judge.judge(event, by: Self.door)
            #expect(faults.isEmpty)
        }
        return events.last.map { judge.judge($0, by: Self.door) } ?? []
    }

    private static let made = event(.create, "create", 1, nil, "open")
    private static let shut = event(.move, "shut", 2, "open", "shut")
    private static let removed = event(.move, "remove", 3, "shut", "gone")

    @Test("is right where every event is a move of the file, whatever its kind")
    func path() {
        let fired = Self.event(.timer, "draught", 2, "open", "open", by: "system") { event in
            (event.timer, event.countedFrom, event.occurrence) = ("draught", Self.start, 1)
        }
        let calledOff = Self.event(.timerCancelled, "draught", 2, "open", "open") { event in
            (event.timer, event.countedFrom, event.occurrence) = ("draught", Self.start, 1)
            event.reason = "the room is warm"
        }
        let restored = Self.event(.correction, "restore", 4, "gone", "shut") { $0.reason = "by mistake" }
        let repaired = Self.event(.repair, "repair", 2, "open", "gone") { event in
            (event.reason, event.second) = ("burnt", "Olivia Grant")
        }
        #expect(faults([Self.made, Self.shut, Self.removed, restored]) == [])
        #expect(faults([Self.made, Self.event(.move, "paint", 2, "open", "open")]) == [])
        #expect(faults([Self.made, Self.event(.move, "remove", 2, "open", "open")]) == [])
        #expect(faults([Self.made, fired]) == [])
        #expect(faults([Self.made, calledOff]) == [])
        #expect(faults([Self.made, repaired]) == [])
    }

    @Test("is wrong at a gap, a jump, and a beginning that makes nothing")
    func chain() {
        #expect(
            faults([Self.made, Self.event(.move, "shut", 3, "open", "shut")]) == ["its seq is 3, but 2 comes next"])
        #expect(
            faults([Self.made, Self.event(.move, "remove", 2, "shut", "gone")])
                == ["it starts from shut, but the record was in open"])
        #expect(faults([Self.event(.move, "shut", 1, "open", "shut")]).contains("a history begins with create"))
    }

    @Test("is wrong where a move starts, leads, is made or is given otherwise than its file says")
    func moves() {
        #expect(
            faults([Self.made, Self.shut, Self.event(.move, "shut", 3, "shut", "shut")])
                == ["shut does not start from shut"])
        #expect(faults([Self.made, Self.event(.move, "shut", 2, "open", "gone")]) == ["shut does not lead to gone"])
        #expect(faults([Self.made, Self.event(.move, "paint", 2, "open", "shut")]) == ["paint does not lead to shut"])
        #expect(
            faults([Self.made, Self.event(.move, "shut", 2, "open", "shut", by: "rep")]) == [
                "the role rep may not shut"
            ])
        #expect(
            faults([Self.made, Self.event(.move, "fly", 2, "open", "open")]) == ["its definition has no transition fly"]
        )
        #expect(
            faults([Self.made, Self.event(.move, "shut", 2, "open", "ajar")]) == ["its definition has no state ajar"])
        let restored = Self.event(.correction, "restore", 4, "gone", "open")
        #expect(
            faults([Self.made, Self.shut, Self.removed, restored])
                == ["restore does not lead to open", "a correction has a reason"])
        #expect(
            faults([Self.made, Self.shut, Self.removed, Self.event(.move, "restore", 4, "gone", "shut")])
                == ["its definition has no transition restore"])
    }

    @Test("is wrong where a timer fires in a state in which it does not wait, or too often, or moves the record itself")
    func timers() {
        let fired = Self.event(.timer, "draught", 3, "shut", "open", by: "system") { event in
            (event.timer, event.countedFrom, event.occurrence) = ("draught", Self.start, 2)
        }
        #expect(
            faults([Self.made, Self.shut, fired])
                == ["a timer's event moves nothing", "the timer draught fires at most 1 times"])
        let elsewhere = Self.event(.timer, "draught", 3, "shut", "shut", by: "system") { event in
            (event.timer, event.countedFrom, event.occurrence) = ("draught", Self.start, 1)
        }
        #expect(faults([Self.made, Self.shut, elsewhere]) == ["the timer draught does not wait in shut"])
    }

    @Test("is wrong where a repair has no second person, or a state is renamed that the file does not rename")
    func operators() {
        let repaired = Self.event(.repair, "repair", 2, "open", "gone") { $0.reason = "burnt" }
        #expect(faults([Self.made, repaired]) == ["a repair names a second person"])
        let migrated = Self.event(.migration, "migration", 2, "open", "shut", by: "system")
        #expect(faults([Self.made, migrated]) == ["its definition does not rename open to shut"])
    }

    @Test("goes on under the new name of a state that a later version renamed")
    func renamed() {
        var old = Self.door
        old.states[1].name = "closed"
        old.transitions[0].target = .state("closed")
        old.transitions[2].from = ["open", "closed"]
        old.renames = Renames()
        var judge = TraceJudge()
        let before = [
            Self.made, Self.event(.move, "shut", 2, "open", "closed"), Self.event(.move, "remove", 3, "closed", "gone"),
        ]
        for event in before { #expect(judge.judge(event, by: old) == []) }
        let restored = Self.event(.correction, "restore", 4, "gone", "shut") { event in
            (event.reason, event.definition) = ("by mistake", [1])
        }
        #expect(judge.judge(restored, by: Self.door) == [])
    }

    @Test("is wrong where the event that caused it came later, or sets nothing off here")
    func causes() {
        var shut = Self.shut
        shut.causedBy = UUID()
        #expect(faults([Self.made, shut]).first?.hasSuffix("that caused it does not exist") == true)
        shut.cause = TracedEvent.Cause(
            machine: "window", record: UUID(), seq: 1, kind: .move, move: "break", from: "whole", to: "broken",
            command: shut.command, at: shut.at.addingTimeInterval(1))
        let found = faults([Self.made, shut])
        #expect(found.first?.hasSuffix("which came later") == true)
        #expect(found.last == "nothing says that it follows from window.break")
    }

    @Test("ends in what the row says: state, seq and since")
    func rows() {
        var judge = TraceJudge()
        for event in [Self.made, Self.shut, Self.event(.move, "paint", 3, "shut", "shut")] {
            #expect(judge.judge(event, by: Self.door) == [])
        }
        let since = Self.start.addingTimeInterval(2)
        #expect(judge.judge(TracedRow(state: "shut", seq: 3, since: since)) == [])
        #expect(judge.judge(nil) == ["it has events but no row"])
        #expect(judge.judge(TracedRow(state: "open", seq: 3, since: since)).count == 1)
        #expect(judge.judge(TracedRow(state: "shut", seq: 2, since: since)).count == 1)
        #expect(judge.judge(TracedRow(state: "shut", seq: 3, since: since.addingTimeInterval(1))).count == 1)
        #expect(judge.judge(TracedRow(state: nil, seq: nil, since: nil)).count == 3)
    }

    @Test("has timers only where they wait, and none in the end")
    func armed() {
        func faults(_ timers: [TracedTimer], in state: String) -> [String] {
            TracedTimer.faults(timers, in: state, of: Self.door)
        }
        #expect(faults([TracedTimer("draught")], in: "open") == [])
        #expect(
            faults([TracedTimer("draught")], in: "shut") == [
                "the timer draught is armed in shut, where it does not wait"
            ])
        #expect(faults([TracedTimer("draught")], in: "gone") == ["the timer draught is armed in the final state gone"])
        #expect(faults([TracedTimer("moon")], in: "open") == ["the timer moon is armed, which the file does not know"])
        #expect(
            faults([TracedTimer("draught", hasFired: true)], in: "open")
                == ["the timer draught is armed for a firing that has been"])
        #expect(faults([TracedTimer("moon"), TracedTimer("*")], in: "gone") == [])
    }
}
