internal import Database
internal import Foundation
internal import Jobs
internal import Logging
internal import Synchronization

/// Writes what one running job tells of itself: at once, then at most once a second, and the rest before the job ends.
final class JobReporter: Sendable {
    private struct State {
        var pending = JobReport()
        var lines = 0
        var writer: Task<Void, Never>?
        /// Nobody may begin to write: the job is being ended, or was.
        var isHeld = false
    }

    /// How many lines of one attempt are kept.
    static let lineLimit = 1_000

    private let lease: JobLease
    private let pause: Duration
    private let logger: @Sendable () -> Logger
    private let write: @Sendable (SQL) async throws -> Void
    private let bell = Bell()
    private let state = Mutex(State())

    /// Makes a reporter; nothing is written for a job that tells nothing.
    ///
    /// - Parameters:
    ///   - lease: Of which job; what is told after the lease was lost is not written.
    ///   - pause: How long to rest between two writes.
    ///   - logger: Where failures are said; they are tried again.
    ///   - write: Sends a statement on a connection that no handler holds.
    init(
        lease: JobLease, pause: Duration = .seconds(1), logger: @autoclosure @escaping @Sendable () -> Logger,
        write: @escaping @Sendable (SQL) async throws -> Void
    ) {
        (self.lease, self.pause, self.logger, self.write) = (lease, pause, logger, write)
    }

    func tell(progress: JobReport.Progress) { tell { $0.pending.progress = progress } }

    func tell(output: JSON) { tell { $0.pending.output = output } }

    func tell(line text: String, level: Logger.Level, at moment: Date) {
        tell { state in
            state.lines += 1
            guard state.lines <= Self.lineLimit else { return }
            let isLast = state.lines == Self.lineLimit
            state.pending.lines.append(
                JobReport.Line(
                    number: state.lines, moment: moment, level: isLast ? "warning" : level.rawValue,
                    text: isLast ? "there is more, which is only in the log of the process" : text))
        }
    }

    private func tell(_ change: (inout sending State) -> Void) {
        state.withLock { state in
            change(&state)
            begin(&state)
        }
    }

    private func begin(_ state: inout State) {
        guard state.writer == nil, !state.isHeld, !state.pending.isEmpty else { return }
        state.writer = Task { await self.writeAgainAndAgain() }
    }

    private func writeAgainAndAgain() async {
        while let report = next() {
            await send(report)
            await bell.wait(atMost: pause)
        }
    }

    private func next() -> JobReport? {
        state.withLock { state in
            guard !state.isHeld, !state.pending.isEmpty else {
                state.writer = nil
                return nil
            }
            defer { state.pending = JobReport() }
            return state.pending
        }
    }

    /// Sends a report; one that fails is kept for the next time.
    @discardableResult
    private func send(_ report: JobReport) async -> Bool {
        do {
            try await write(Queue.report(report, of: lease))
            return true
        } catch {
            logger().warning("a job's report is not written yet", metadata: ["reason": "\(SafeText.of(error))"])
            putBack(report)
            return false
        }
    }

    /// Waits until nothing is on its way, and lets nothing leave until ``release()``.
    func hold() async {
        let writer = state.withLock { state in
            state.isHeld = true
            return state.writer
        }
        guard let writer else { return }
        bell.ring()
        await writer.value
    }

    /// Takes what was told, to be written with the job's completion.
    func take() -> JobReport {
        state.withLock { state in
            defer { state.pending = JobReport() }
            return state.pending
        }
    }

    /// Gives back what was taken and not written.
    func putBack(_ report: JobReport) {
        state.withLock { state in
            var all = report
            all.add(state.pending)
            state.pending = all
        }
    }

    /// Lets reports leave again.
    func release() {
        state.withLock { state in
            state.isHeld = false
            begin(&state)
        }
    }

    /// Writes the rest, before the job's end is recorded; what is told afterwards is lost.
    ///
    /// - Parameter isOurs: Whether the job may still be ours; tried again for as long.
    func finish(while isOurs: @escaping @Sendable () -> Bool) async {
        await hold()
        guard state.withLock({ !$0.pending.isEmpty }) else { return }
        // The handler's task may be cancelled; writing what it told is not.
        await Task {
            var rest = Duration.milliseconds(100)
            while await !send(take()), isOurs() {
                try? await Task.sleep(for: rest)
                rest = min(rest * 2, .seconds(5))
            }
        }.value
    }
}
