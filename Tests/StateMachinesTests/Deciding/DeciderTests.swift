import Foundation
import StateMachines
import Testing

@Suite struct DeciderTests {
    @Test func `a move changes facts and state, and says which open states it passed over`() throws {
        let change = try #require(try VisitBed.decide("begin", from: "planned").change)
        #expect(change.standing.state == "running")
        #expect(change.standing.seq == 2)
        #expect(change.standing.since == VisitBed.time("2026-03-03T18:00:00Z"))
        #expect(change.events.map(\.skipped) == [["confirmed"]])
        #expect(change.events.first?.changes == ["visits": .array([0, 1])])
    }

    @Test func `a late request is answered "already", and changes nothing`() throws {
        #expect(try VisitBed.decide("begin", from: "running").isAlready)
    }

    @Test func `a refusal fills in its values`() throws {
        let decision = try VisitBed.decide("begin", from: "planned", .init(isWanted: false))
        guard case .refused(let refusal) = decision else { throw Unexpected() }
        #expect(refusal.reasons.map(\.message) == ["Nobody wants it since Monday."])
        #expect(refusal.codes == ["unwanted"])
        #expect(refusal.status == 409)
    }

    @Test func `the first outcome that holds is taken, with its own jobs`() throws {
        let visited = try #require(try VisitBed.decide("end", from: "running", .init(visits: 1)).change)
        #expect(visited.standing.state == "ended")
        #expect(visited.events.flatMap(\.jobs).map(\.kind.text) == ["thank"])
        #expect(visited.facts.endedAt == VisitBed.time("2026-03-03T18:00:00Z"))
        let unwanted = try #require(
            try VisitBed.decide("end", from: "running", .init(isWanted: false, visits: 1)).change)
        #expect(unwanted.events.flatMap(\.jobs).isEmpty)
        let dropped = try #require(try VisitBed.decide("end", from: "running").change)
        #expect(dropped.standing.state == "dropped")
    }

    @Test func `a state that is entered though it may not hold stops everything`() {
        #expect(throws: DecisionFault.brokenHold(machine: "visit", state: "ended", hold: "was_visited")) {
            try VisitBed.decide("force", from: "planned")
        }
    }

    @Test func `separation of duties is refused by name, and to the right person alone`() throws {
        #expect(try VisitBed.decide("force", from: "planned", by: VisitBed.owner).codes == ["not_by_owner"])
        #expect(try VisitBed.decide("force", from: "planned", .init(visits: 1)).change != nil)
    }

    @Test func `a correction leads back to the state before, and gives its reason`() throws {
        let change = try #require(try VisitBed.decide("undo", from: "ended", .init(visits: 1)).change)
        #expect(change.standing.state == "running")
        #expect(change.events.map(\.kind) == [.correction])
        #expect(change.events.first?.inputs == ["reason": "wrong"])
    }

    @Test func `what cannot be done from here says what can`() throws {
        guard case .refused(let refusal) = try VisitBed.decide("end", from: "ended") else { throw Unexpected() }
        #expect(refusal.codes == ["not_from_here"])
        #expect(refusal.reasons.first?.from == ["planned", "running"])
        #expect(refusal.possible == ["undo"])
    }

    struct Unexpected: Error {}
}
