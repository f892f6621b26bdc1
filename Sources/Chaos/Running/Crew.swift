internal import Foundation
internal import Synchronization

/// The processes of a play: each place is filled again as soon as its process has ended, as an init system would.
actor Crew {
    /// When which process was lost to the others: killed, or stopped.
    struct Loss: Sendable {
        let label: String
        let moment: Date
    }

    private struct Member {
        let process: ChaosProcess
        let label: String
        /// Whether its end is our doing.
        var isExpected = false
        var isStopped = false
    }

    /// What was done to processes so far.
    private(set) var losses: [Loss] = []
    /// Ends that nobody had asked for, other than by SIGKILL, which is how a job kills its worker.
    private(set) var unexpectedEnds: [String] = []
    private var members: [Int: Member] = [:]
    private var starts = 0
    private var isClosing = false
    private let program: String
    private let url: String
    private let settings: ChaosSettings
    private let logs: URL
    private let now: @Sendable () -> Date

    init(program: String, url: String, settings: ChaosSettings, logs: URL, now: @escaping @Sendable () -> Date) {
        (self.program, self.url, self.settings, self.logs, self.now) = (program, url, settings, logs, now)
    }

    /// How many places there are, workers first.
    nonisolated var places: Int { settings.workers + settings.schedulers }

    /// Keeps a place filled until the crew is closed.
    func keep(_ place: Int) async throws {
        while !isClosing {
            let member = try start(place)
            members[place] = member
            let status = await member.process.waitForExit()
            let ended = members[place]
            members[place] = nil
            // SIGKILL without our doing is what a job does that kills its worker.
            if ended?.isExpected != true, status != 128 + SIGKILL {
                unexpectedEnds.append("\(member.label) ended by itself with status \(status)")
            } else if ended?.isExpected != true {
                losses.append(Loss(label: member.label, moment: now()))
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Kills a process; nothing when there is none at this moment.
    func kill(_ place: Int) -> Bool {
        guard let member = members[place], !member.isExpected else { return false }
        members[place]?.isExpected = true
        losses.append(Loss(label: member.label, moment: now()))
        member.process.signal(SIGKILL)
        return true
    }

    /// Asks a process to end.
    func shutDown(_ place: Int) -> Bool {
        guard let member = members[place], !member.isExpected, !member.isStopped else { return false }
        members[place]?.isExpected = true
        member.process.signal(SIGTERM)
        return true
    }

    /// Stops a process for a while; then it goes on as if nothing had been.
    func stop(_ place: Int, for time: Duration) async -> Bool {
        guard let member = members[place], !member.isExpected, !member.isStopped else { return false }
        members[place]?.isStopped = true
        losses.append(Loss(label: member.label, moment: now()))
        member.process.signal(SIGSTOP)
        try? await Task.sleep(for: time)
        member.process.signal(SIGCONT)
        if members[place]?.label == member.label { members[place]?.isStopped = false }
        return true
    }

    /// Ends all processes, and fills no place again.
    ///
    /// - Parameter limit: How long they may take to end well; those that take longer are killed.
    func close(within limit: Duration) async {
        isClosing = true
        for place in members.keys {
            members[place]?.isExpected = true
            members[place]?.process.signal(SIGCONT)
            members[place]?.process.signal(limit > .zero ? SIGTERM : SIGKILL)
        }
        let processes = members.values.map(\.process)
        let impatience = Task {
            try await Task.sleep(for: limit)
            for process in processes { process.signal(SIGKILL) }
        }
        for process in processes { _ = await process.waitForExit() }
        impatience.cancel()
    }

    private func start(_ place: Int) throws -> Member {
        starts += 1
        let isWorker = place < settings.workers
        let label = "\(isWorker ? "worker" : "scheduler") \(place + 1), start \(starts)"
        let orders = ChaosOrders(role: isWorker ? .worker : .scheduler, label: label, url: url, settings: settings)
        let path = logs.appending(path: "\(starts).log").path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let log = FileHandle(forWritingAtPath: path)
        else { throw ChaosProcess.NotStarted(description: "\(path) cannot be written") }
        let process = try ChaosProcess(
            [program, "chaos-part"], orders: try JSONEncoder().encode(orders) + Data("\n".utf8), log: log)
        return Member(process: process, label: label)
    }
}
