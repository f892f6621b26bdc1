public import Database
import Foundation
public import Jobs
public import Workflows

/// `deliver_webhook`: tells an endpoint of an event (docs/webhooks.md).
///
/// Anything but a 2xx is tried again. 410 switches the endpoint off, and so do days of nothing but failures: then a task
/// asks people to look at it.
public struct DeliverWebhookHandler: JobHandler {
    /// `deliver_webhook`.
    public static let kind = DeliverWebhook.kind
    /// Half a day of tries; then it is a dead letter, which can be sent again.
    public let retry = RetryPolicy.network
    /// A fetch ends by itself long before.
    public let timeLimit = Duration.seconds(30)
    /// How long an endpoint may take nothing before it is switched off.
    static let patience: TimeInterval = 3 * 86_400
    /// The longest that an endpoint may put the next try off.
    private static let mostDelay = Duration.seconds(3_600)
    private let door: OutboundDoor
    private let secrets: SecretBox
    private let pool: Pool

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - door: The way out.
    ///   - secrets: Opens the endpoints' secrets.
    ///   - pool: The database.
    public init(door: OutboundDoor, secrets: SecretBox, pool: Pool) {
        (self.door, self.secrets, self.pool) = (door, secrets, pool)
    }

    /// Makes one try.
    ///
    /// - Parameters:
    ///   - job: The delivery.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what the database throws.
    public func run(_ job: DeliverWebhook, in context: JobContext) async throws {
        guard let owed = try await pool.query(OwedWebhook.of(job.delivery)).first.map(OwedWebhook.init) else {
            return context.remark("no longer due: the endpoint was deleted")
        }
        guard !owed.isDelivered else { return context.remark("delivered already") }
        guard owed.isDue else {
            context.remark("no longer due: the endpoint is off, or may not be told of the record")
            try await context.transaction { session in try session.execute(WebhookTry.drop(owed.id)) }
            return
        }
        let (begun, now) = (ContinuousClock.now, context.now())
        let headers: [(name: String, value: String)]
        do { headers = try owed.headers(secrets, now: now) } catch { throw JobFailure.retry(error.description) }
        let answer: OutboundAnswer
        do {
            answer = try await door.fetch(.post(owed.url, owed.body, headers: headers))
        } catch {
            let failure = WebhookTry(
                error.isPermanent ? .failed : .pending, error: error.safeText, took: ContinuousClock.now - begun,
                at: now)
            try await fail(owed, failure, in: context)
            throw error.isPermanent ? JobFailure.discard(error.safeText) : JobFailure.retry(error.safeText)
        }
        let took = ContinuousClock.now - begun
        guard !(200..<300).contains(answer.status) else {
            let taken = WebhookTry(.delivered, status: answer.status, took: took, at: now)
            try await context.transaction { session in try session.execute(taken.keep(of: owed.id)) }
            return
        }
        let reason = "the endpoint answered \(answer.status)"
        guard answer.status != 410 else {
            context.remark("\(reason): it is gone, and was switched off")
            let last = WebhookTry(.failed, status: answer.status, error: reason, took: took, at: now)
            try await context.transaction { session in
                try session.pipeline([
                    last.keep(of: owed.id), WebhookEndpoint.disable(owed.endpoint, because: reason, now: now),
                ])
            }
            return
        }
        let failure = WebhookTry(.pending, status: answer.status, error: reason, took: took, at: now)
        try await fail(owed, failure, in: context)
        guard let delay = answer.retryAfter else { throw JobFailure.retry(reason) }
        throw JobFailure.retryAfter(min(delay, Self.mostDelay), reason)
    }

    /// Keeps a failed try, and switches the endpoint off when there was nothing else for too long.
    private func fail(_ owed: OwedWebhook, _ failure: WebhookTry, in context: JobContext) async throws {
        var kept = failure
        if context.attempt >= retry.attempts { kept.state = .failed }
        var statements = [kept.keep(of: owed.id)]
        if let since = owed.failingSince, failure.at.timeIntervalSince(since) > Self.patience {
            statements.append(
                WebhookEndpoint.disable(
                    owed.endpoint, because: "nothing was taken since \(since.ISO8601Format())", now: failure.at))
        }
        let all = statements
        _ = try await pool.run { session in try session.pipeline(all) }
    }
}
