import Jobs

/// The state of a job as people call it.
struct JobState {
    let word: String
    let tone: Badge.Tone

    init(_ job: JobSummary) {
        self = job.place == .scheduled && job.attempts > 0 ? JobState("Retrying", .warning) : JobState(job.place)
    }

    init(_ place: JobPlace) {
        self =
            switch place {
            case .ready: JobState("Ready", .info)
            case .leased: JobState("Running", .info)
            case .scheduled: JobState("Scheduled", .neutral)
            case .waiting: JobState("Waits for a slot", .neutral)
            case .blocked: JobState("Waits for others", .neutral)
            case .held: JobState("Paused", .warning)
            case .finished: JobState("Succeeded", .success)
            case .cancelled: JobState("Cancelled", .neutral)
            case .dead: JobState("Dead", .error)
            }
    }

    private init(_ word: String, _ tone: Badge.Tone) { (self.word, self.tone) = (word, tone) }

    var badge: Badge { Badge(word, tone) }
}

extension JobPlace {
    /// Whether nothing more happens to a job there.
    var isOver: Bool { [.finished, .cancelled, .dead].contains(self) }
}
