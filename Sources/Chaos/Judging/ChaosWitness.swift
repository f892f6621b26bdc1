/// What the play itself saw, beside what stands in the database.
struct ChaosWitness: Sendable {
    /// The numbers of the requests whose transaction was acknowledged.
    var acknowledged: [Int]
    /// How many requests got no answer.
    var unanswered: Int
    /// Whom the others lost, and when.
    var losses: [Crew.Loss]
    /// What should not have happened: refused requests, processes that ended by themselves.
    var faults: [String]
    /// What the processes said of deadlocks.
    var deadlocks: [String]
    /// Whether everything was worked off in time.
    var isDrained: Bool
}
