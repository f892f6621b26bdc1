import Accounts
public import Database
public import Foundation

/// Tells the streams of this process what has changed.
///
/// One connection listens and one reader reads for all of them, while there are any. What a stream is told comes in the
/// order of the numbers and without a gap; a stream for which that can no longer be is cut, and its client comes back
/// with the last number that it has.
public actor LiveHub {
    /// How long a change may wait that nobody has notified.
    static let lookInterval = Duration.milliseconds(250)
    static let heartbeatInterval = Duration.seconds(15)
    /// How often it is looked whether those who listen would still be let in, beside when it is notified.
    static let checkInterval = Duration.seconds(30)
    /// How many messages wait for a slow reader; then it is cut.
    static let mailboxSize = 256
    private static let portion = 500

    private let pool: Pool
    private let now: @Sendable () -> Date
    private let sight: LiveSight
    private var members: [Int: LiveMember] = [:]
    private var lastMember = 0
    /// The last change that the members are told of, or are just about to be; nil while nobody listens.
    private var position: Int64?
    private var beginning: Task<Void, any Error>?
    private var running: Task<Void, Never>?
    private var suspects: Set<LiveViewer> = []
    private var suspectsAll = false

    /// Makes a hub; nothing is connected before somebody listens.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - now: The present, UTC.
    public init(pool: Pool, now: @escaping @Sendable () -> Date) {
        (self.pool, self.now) = (pool, now)
        sight = LiveSight(pool: pool)
    }

    /// How many streams there are.
    public var streams: Int { members.count }

    /// Begins to tell somebody of changes.
    ///
    /// - Parameters:
    ///   - viewer: Who.
    ///   - credential: What they have shown at the door.
    ///   - cut: Is told why, and ends the stream, if need be while it waits for its client.
    /// - Returns: The stream: what comes after its `from`.
    /// - Throws: `DatabaseError`.
    func join(
        as viewer: LiveViewer, with credential: Credential, cut: @escaping @Sendable (LiveEnd) -> Void
    ) async throws -> LiveMembership {
        while position == nil { try await begin() }
        let (messages, mailbox) = AsyncStream.makeStream(
            of: LiveMessage.self, bufferingPolicy: .bufferingOldest(Self.mailboxSize))
        lastMember += 1
        members[lastMember] = LiveMember(viewer: viewer, credential: credential, mailbox: mailbox, cut: cut)
        return LiveMembership(id: lastMember, from: position ?? 0, messages: messages, mailbox: mailbox)
    }

    /// Forgets a stream that has ended.
    func leave(_ id: Int) {
        members.removeValue(forKey: id)?.mailbox.finish()
        guard members.isEmpty else { return }
        running?.cancel()
        (running, position) = (nil, nil)
    }

    /// What somebody has missed, page by page.
    ///
    /// - Parameters:
    ///   - number: The last change that they know.
    ///   - end: The last one that they are not told of otherwise.
    ///   - viewer: Who.
    /// - Returns: Changes that they may see, and from where to go on; nil when this was the last page.
    /// - Throws: `DatabaseError`; `CancellationError` when they are no longer active.
    nonisolated func missed(
        after number: Int64, through end: Int64, by viewer: LiveViewer
    ) async throws -> (changes: [LiveChange], next: Int64?) {
        let changes = try await pool.query(
            LiveChange.after(number, through: end, limit: Self.portion)
        ).map(LiveChange.init)
        guard !changes.isEmpty else { return ([], nil) }
        guard let seen = try await sight.seen(changes, by: [viewer])[viewer] else { throw CancellationError() }
        let next = changes.count < Self.portion ? nil : changes.last?.number
        return (changes.filter { seen.contains($0.number) }, next)
    }

    /// Whether what comes after a number is all still there.
    nonisolated func remembers(_ number: Int64) async throws -> Bool {
        guard let row = try await pool.query(LiveChange.ends).first else { return false }
        return try row.value("pruned") <= number && number <= row.value("last")
    }
}

extension LiveHub {
    private func begin() async throws {
        // Of several that come at once, one begins for all.
        if let beginning { return try await beginning.value }
        let task = Task.detached { try await self.start() }
        beginning = task
        defer { beginning = nil }
        try await task.value
    }

    private func start() async throws {
        let results = try await pool.run { try $0.pipeline([LiveFeed.number, LiveChange.ends]) }
        position = try results.last?.rows.first?.value("last")
        running?.cancel()
        running = Task.detached { await self.run() }
    }

    /// Looks when it is told to, and four times a second.
    private func run() async {
        let (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let listening = pool.notifications(of: [LiveFeed.channel])
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await notification in listening {
                    await self.note(notification)
                    ring.yield()
                }
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.lookInterval)) != nil { ring.yield() }
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.heartbeatInterval)) != nil { await self.tellAll(.heartbeat) }
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.checkInterval)) != nil { await self.suspectAll() }
            }
            for await _ in bell {
                await checkSuspects()
                await look()
            }
            group.cancelAll()
        }
    }

    private func note(_ notification: DatabaseNotification) {
        switch notification {
        case .reconnected: suspectsAll = true
        case .notified(_, let payload): if let viewer = LiveViewer(notified: payload) { suspects.insert(viewer) }
        }
    }

    private func suspectAll() { suspectsAll = true }

    /// Reads what is new and hands it out.
    private func look() async {
        while let from = position {
            // Not read: it is tried again at once, and nobody has missed anything.
            guard let changes = try? await read(after: from), let last = changes.last?.number, position == from else {
                return
            }
            // Whoever joins from here on reads these from the table.
            position = last
            let present = members
            let told = changes.map { ($0.number, LiveMessage($0)) }
            let seen = try? await sight.seen(changes, by: Set(present.values.map(\.viewer)))
            for (id, member) in present {
                guard let numbers = seen?[member.viewer] else {
                    cut(id, seen == nil ? .behind : .unwelcome)
                    continue
                }
                for (number, message) in told where numbers.contains(number) { tell(message, id) }
            }
            if changes.count < Self.portion { return }
        }
    }

    private func read(after number: Int64) async throws -> [LiveChange] {
        let results = try await pool.run { session in
            try session.pipeline([LiveFeed.number, LiveChange.after(number, limit: Self.portion)])
        }
        return try results.last?.rows.map(LiveChange.init) ?? []
    }

    /// Cuts those who would no longer be let in.
    private func checkSuspects() async {
        guard suspectsAll || !suspects.isEmpty else { return }
        let asked = members.filter { suspectsAll || suspects.contains($0.value.viewer) }
        (suspectsAll, suspects) = (false, [])
        let (ids, moment) = (asked.keys.sorted(), now())
        for start in stride(from: 0, to: ids.count, by: 100) {
            let some = ids[start..<min(start + 100, ids.count)]
            let questions = some.compactMap { asked[$0]?.credential.stands(now: moment) }
            guard let results = try? await pool.run({ try $0.pipeline(questions) }) else {
                // The database is away: asked again as soon as it is back.
                suspectsAll = true
                return
            }
            for (id, result) in zip(some, results) {
                let stands: Bool? = try? result.rows.first?.value("stands")
                if stands != true { cut(id, .unwelcome) }
            }
        }
    }

    private func tellAll(_ message: LiveMessage) {
        for id in members.keys { tell(message, id) }
    }

    private func tell(_ message: LiveMessage, _ id: Int) {
        guard case .enqueued = members[id]?.mailbox.yield(message) else { return cut(id, .behind) }
    }

    private func cut(_ id: Int, _ end: LiveEnd) {
        // Its reason first: the stream looks for it as soon as its mailbox is closed.
        members[id]?.cut(end)
        leave(id)
    }
}

/// A stream, as the hub keeps it.
private struct LiveMember {
    let viewer: LiveViewer
    let credential: Credential
    let mailbox: AsyncStream<LiveMessage>.Continuation
    let cut: @Sendable (LiveEnd) -> Void
}

/// A stream, as its connection has it.
struct LiveMembership: Sendable {
    let id: Int
    /// What comes after this is in `messages`.
    let from: Int64
    let messages: AsyncStream<LiveMessage>
    let mailbox: AsyncStream<LiveMessage>.Continuation
}
