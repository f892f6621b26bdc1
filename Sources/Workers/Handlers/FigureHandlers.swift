import Database
public import Jobs
public import Workflows

/// `refresh_partner_figures`: works a partner's figures out anew (J-25, D-03).
public struct RefreshPartnerFiguresHandler: JobHandler {
    /// `refresh_partner_figures`.
    public static let kind = "refresh_partner_figures"
    /// Nothing but the database is asked.
    public let retry = RetryPolicy.database
    /// One statement.
    public let timeLimit = Duration.seconds(60)

    /// Makes a handler.
    public init() {}

    /// Works out the figures of the partner of a record and completes.
    ///
    /// - Parameters:
    ///   - job: The record.
    ///   - context: The job's context.
    /// - Throws: What the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        try await context.transaction { session in
            guard let partner = try Figures.counted(job, in: session).partner else { return }
            try session.execute(Figures.refresh(partner: partner))
        }
    }
}

/// `roll_up_sales`: works a rep's figures out anew (J-19, D-02).
public struct RollUpSalesHandler: JobHandler {
    /// `roll_up_sales`.
    public static let kind = "roll_up_sales"
    /// Nothing but the database is asked.
    public let retry = RetryPolicy.database
    /// One statement.
    public let timeLimit = Duration.seconds(60)

    /// Makes a handler.
    public init() {}

    /// Works out the figures of the rep of a record and completes.
    ///
    /// - Parameters:
    ///   - job: The record.
    ///   - context: The job's context.
    /// - Throws: What the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        try await context.transaction { session in
            guard let rep = try Figures.counted(job, in: session).rep else { return }
            try session.execute(Figures.refresh(rep: rep))
        }
    }
}
