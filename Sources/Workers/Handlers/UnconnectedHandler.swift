public import Jobs
public import Workflows

/// Something outside the house that jobs need, and to which nothing connects yet.
public protocol UnconnectedService: Sendable {
    /// The kind of job.
    static var kind: String { get }
    /// What is missing, and what to do meanwhile.
    static var missing: String { get }
}

/// Ends the jobs of a service that is not connected as failed for good, so that people see it and act.
public struct UnconnectedHandler<Service: UnconnectedService>: JobHandler {
    /// The service's kind.
    public static var kind: String { Service.kind }
    /// Trying again is no use.
    public let retry = RetryPolicy.database
    /// It does nothing.
    public let timeLimit = Duration.seconds(10)

    /// Makes a handler.
    public init() {}

    /// Fails.
    ///
    /// - Parameters:
    ///   - job: The record.
    ///   - context: The job's context.
    /// - Throws: `JobFailure.discard`, always.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        throw JobFailure.discard(Service.missing)
    }
}

/// `charge_payment`: a payment gateway.
public enum PaymentCharge: UnconnectedService {
    /// `charge_payment`.
    public static let kind = "charge_payment"
    /// No gateway.
    public static let missing = "No payment gateway is set up. Record the payment by hand when it arrives."
}

/// `send_refund`: a payment gateway.
public enum GatewayRefund: UnconnectedService {
    /// `send_refund`.
    public static let kind = "send_refund"
    /// No gateway.
    public static let missing = "No payment gateway is set up. Return the money by hand."
}

/// `sync_integration`: a connector to the partner's system.
public enum IntegrationSync: UnconnectedService {
    /// `sync_integration`.
    public static let kind = "sync_integration"
    /// No connector.
    public static let missing = "No connector to this platform is set up. Nothing was synced."
}

/// `refresh_integration_token`: a connector to the partner's system.
public enum TokenRefresh: UnconnectedService {
    /// `refresh_integration_token`.
    public static let kind = "refresh_integration_token"
    /// No connector.
    public static let missing = "No connector to this platform is set up. The access token was not refreshed."
}
