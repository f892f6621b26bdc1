public import Foundation
public import Jobs

/// `deliver_webhook`: tells an endpoint of an event, or sends it a ping.
///
/// The trigger of `workflow_events` asks for these jobs too (`queue.enqueue_webhooks`), in the transaction of the event.
public struct DeliverWebhook: JobPayload {
    /// `deliver_webhook`.
    public static let kind = "deliver_webhook"
    /// A queue of their own: receivers that are slow hold up nothing but each other.
    public static let queue = "webhooks"
    /// Behind what people wait for.
    public static let priority = JobPriority.bulk
    /// The delivery's row.
    public var delivery: UUID

    /// Asks for a delivery.
    public init(delivery: UUID) {
        self.delivery = delivery
    }

    /// One job for a delivery at a time.
    public var uniqueKey: String? { delivery.uuidString.lowercased() }
}
