internal import Database
internal import Foundation
internal import Jobs
internal import Workers

/// What a job of the play carries.
struct DeedPayload: Codable, Sendable {
    /// The number that its request had; 0 for what a handler asked for.
    var number = 0
    /// How long it takes, in milliseconds.
    var pause = 0
    /// How many jobs are to follow one after the other.
    var depth = 0
    /// The job that asked for it.
    var parent: Int64?
    /// The number of the request whose job has to succeed before.
    var after: Int?
    /// The number of the batch whose end this is told.
    var batch: Int?
}

/// The handler of one kind of job: it notes that it began, and then does as its kind does.
struct Deed<Manner: DeedManner>: JobHandler {
    typealias Payload = DeedPayload
    static var kind: String { Manner.kind }
    let retry = RetryPolicy(name: "chaos", attempts: 100, backoff: .steps([.milliseconds(200)]))
    let timeLimit = Manner.timeLimit
    let ledger: Ledger

    func run(_ payload: DeedPayload, in context: JobContext) async throws {
        let run = try await ledger.begin(context)
        do {
            try await Manner.perform(payload, run, context, ledger)
        } catch let error as LeaseLost {
            await ledger.refusal(of: run)
            throw error
        }
    }
}

/// How a kind of job behaves.
protocol DeedManner: Sendable {
    static var kind: String { get }
    static var timeLimit: Duration { get }
    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws
}

extension DeedManner {
    static var timeLimit: Duration { .seconds(30) }

    static func pause(_ payload: DeedPayload) async throws {
        try await Task.sleep(for: .milliseconds(payload.pause))
    }
}
