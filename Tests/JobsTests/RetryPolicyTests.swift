import Jobs
import Testing

@Suite struct RetryPolicyTests {
    @Test func `the policies are those of the product, to the second`() {
        func delays(_ policy: RetryPolicy) -> [Int64] {
            guard policy.attempts > 1 else { return [] }
            return (2...policy.attempts).map { policy.delay(beforeAttempt: $0).components.seconds }
        }
        #expect(delays(.database) == [2, 4, 8, 16])
        #expect(delays(.document) == [10, 20, 40, 80, 160])
        #expect(delays(.bestEffort) == [5, 30])
        #expect(delays(.network).prefix(9) == [20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600])
        #expect(delays(.network).count == 19)
        // About twelve hours in all.
        #expect((11 * 3_600...13 * 3_600).contains(delays(.network).reduce(0, +)))
        #expect(
            [RetryPolicy.database, .network, .document, .bestEffort].map(\.name) == ["db", "net", "doc", "try"])
    }

    @Test func `jitter is a fifth at most, and the same chance gives the same delay`() {
        var (one, same) = (Dice(state: 7), Dice(state: 7))
        for attempt in 2...20 {
            let exact = RetryPolicy.network.delay(beforeAttempt: attempt)
            let delay = RetryPolicy.network.delay(beforeAttempt: attempt, using: &one)
            #expect(delay >= exact * 0.8 && delay <= exact * 1.2)
            #expect(delay == RetryPolicy.network.delay(beforeAttempt: attempt, using: &same))
        }
    }

    @Test func `the first attempt rests not, and a late one does not overflow`() {
        #expect(RetryPolicy.database.delay(beforeAttempt: 1) == .zero)
        #expect(RetryPolicy.database.delay(beforeAttempt: 0) == .zero)
        #expect(RetryPolicy.database.delay(beforeAttempt: 32_767) == .seconds(60))
        #expect(RetryPolicy.bestEffort.delay(beforeAttempt: 99) == .seconds(30))
        #expect(RetryPolicy(name: "none", attempts: 0, backoff: .steps([])).attempts == 1)
    }
}

/// Chance that can be repeated (SplitMix64).
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
