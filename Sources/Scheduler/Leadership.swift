internal import Database
internal import Jobs
internal import Logging
internal import Synchronization

/// Whether this process leads, by its own monotonic clock: it stops believing so before anybody else may begin.
final class Leadership: Sendable {
    private struct State {
        var term: Int64?
        /// The moment, before its end in the database, at which the term ends for us.
        var end: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let pool: Pool
    private let name: String
    private let holder = Int64.random(in: 1...Int64.max)
    private let settings: LeadershipSettings
    private let logger: Logger

    /// Takes a pool of its own, so that no duty can keep it from being renewed.
    init(pool: Pool, name: String, settings: LeadershipSettings, logger: Logger) {
        self.pool = pool
        self.name = name
        self.settings = settings
        self.logger = logger
    }

    /// When the present term ends; `nil` when it has ended, or there is none.
    func end(after instant: ContinuousClock.Instant = .now) -> ContinuousClock.Instant? {
        state.withLock { state in state.end.flatMap { $0 > instant ? $0 : nil } }
    }

    /// Asks for leadership, or for more of it.
    func renew() async throws {
        // Counted from before the question: the database's answer cannot have begun the term earlier.
        let asked = ContinuousClock.now
        let row = try await pool.query(Queue.lead(name, holder: holder, for: settings.term)).first
        let term: Int64? = try row?.value("term")
        let before = state.withLock { state in
            defer {
                state.term = term
                state.end = term == nil ? nil : asked + settings.term - settings.margin
            }
            return state.term
        }
        guard term != before else { return }
        if let term {
            logger.info("leads", metadata: ["term": "\(term)"])
        } else {
            logger.warning("leads no more")
        }
    }

    /// Renews until cancelled, and asks again while somebody else leads.
    func keepRenewing() async {
        while !Task.isCancelled {
            do {
                try await renew()
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("leadership not renewed", metadata: ["reason": "\(SafeText.of(error))"])
            }
            try? await Task.sleep(for: settings.renewal)
        }
    }

    /// Gives leadership up, so that the next process need not wait.
    func stepDown() async {
        let wasLeading = state.withLock { state in
            defer { state = State() }
            return state.term != nil
        }
        guard wasLeading else { return }
        do {
            _ = try await pool.query(Queue.stepDown(name, holder: holder))
        } catch {
            // The term runs out by itself.
            logger.warning("leadership runs out by itself", metadata: ["reason": "\(SafeText.of(error))"])
        }
    }
}

/// How leadership is held.
public struct LeadershipSettings: Sendable {
    /// How long a term lasts in the database, unless renewed.
    public var term: Duration = .seconds(10)
    /// How long before its end the holder stops acting as leader.
    public var margin: Duration = .seconds(3)
    /// How often it is renewed, or asked for.
    public var renewal: Duration = .seconds(2)

    /// Settings as in production.
    public init() {}
}
