import Chaos
import Testing

@Suite struct ChaosPlanTests {
    @Test func `the same seed plans the same disasters, and another seed others`() {
        let settings = ChaosSettings(seconds: 60, seed: 42)
        let plan = ChaosPlan(settings, kinds: Disaster.allCases)
        #expect(plan == ChaosPlan(settings, kinds: Disaster.allCases))
        #expect(plan != ChaosPlan(ChaosSettings(seconds: 60, seed: 43), kinds: Disaster.allCases))
    }

    @Test(arguments: 1...50) func `each kind of disaster comes, in order, and meets somebody who is there`(
        _ seed: UInt64
    ) {
        let settings = ChaosSettings(seconds: 20, seed: seed, workers: 3)
        let disasters = ChaosPlan(settings, kinds: Disaster.allCases).disasters
        #expect(Set(disasters.map(\.disaster)) == Set(Disaster.allCases))
        #expect(disasters.map(\.moment) == disasters.map(\.moment).sorted())
        #expect(disasters.allSatisfy { (0..<5).contains($0.victim) })
        #expect(disasters.last.map { $0.moment < .seconds(20) } == true)
    }

    @Test func `what may not be done is not planned`() {
        let kinds = Disaster.allCases.filter { $0 != .crash }
        let disasters = ChaosPlan(ChaosSettings(seconds: 60, seed: 1), kinds: kinds).disasters
        #expect(!disasters.isEmpty)
        #expect(!disasters.contains { $0.disaster == .crash })
    }
}
