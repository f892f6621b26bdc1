/// What is going to be done, worked out from the seed before anything begins.
public struct ChaosPlan: Sendable, Equatable {
    /// The disasters in the order of their moments.
    public let disasters: [PlannedDisaster]

    /// Works a plan out.
    ///
    /// The same arguments give the same plan. Each kind of disaster comes once, the first ones to workers, before any
    /// comes again.
    ///
    /// - Parameters:
    ///   - settings: How long, how many processes, and the seed.
    ///   - kinds: What may be done.
    public init(_ settings: ChaosSettings, kinds: [Disaster]) {
        var dice = SeededGenerator(seed: settings.seed)
        var upcoming = kinds.shuffled(using: &dice)
        var disasters: [PlannedDisaster] = []
        var moment = Duration.milliseconds(1_500)
        var nextCrash = Duration.zero
        let end = Duration.seconds(settings.seconds) - .milliseconds(500)
        while moment < end, !kinds.isEmpty {
            let isFirstRound = !upcoming.isEmpty
            var disaster = upcoming.popLast() ?? kinds.randomElement(using: &dice) ?? .kill
            // A server that is down most of the time shows little else.
            if disaster == .crash, moment < nextCrash { disaster = .kill }
            if disaster == .crash { nextCrash = moment + .seconds(12) }
            // Mostly workers: they have more to lose.
            let isWorkers = isFirstRound || Int.random(in: 0..<4, using: &dice) > 0
            let processes = isWorkers ? settings.workers : settings.workers + settings.schedulers
            disasters.append(
                PlannedDisaster(
                    moment: moment, disaster: disaster, victim: Int.random(in: 0..<processes, using: &dice),
                    measure: Self.measure(of: disaster, settings, using: &dice)))
            moment += .milliseconds(Int.random(in: 500...1_700, using: &dice))
        }
        self.disasters = disasters
    }

    /// Milliseconds, or for cuts a share in a hundred.
    private static func measure(
        of disaster: Disaster, _ settings: ChaosSettings, using dice: inout SeededGenerator
    ) -> Int {
        switch disaster {
        case .kill, .shutdown: 0
        case .stop: Int((settings.life / .milliseconds(1)).rounded()) + Int.random(in: 2_000...5_000, using: &dice)
        case .cut: Int.random(in: 10...100, using: &dice)
        case .crash: Int.random(in: 0...1_500, using: &dice)
        }
    }
}
