public import Foundation

/// A job that is asked for again and again, as the program declares it.
///
/// The job's payload, when it is an object, gets the member `scheduled_for` with the moment it was meant for, in ISO 8601
/// and UTC: a job that runs late, or is tried again, knows for which day it is. Everything else of the request holds at
/// every fire; with a unique key, a fire while the job before is alive makes none.
public struct Schedule: Sendable {
    /// What it is called, stable for ever: under another name it is another schedule.
    public let name: String
    /// When it fires.
    public let cron: CronExpression
    /// Whose clocks count.
    public let zone: TimeZone
    /// What becomes of fires that were missed.
    public let catchUp: CatchUp
    /// The job that each fire asks for.
    public let request: JobRequest

    /// Describes a schedule.
    ///
    /// - Parameters:
    ///   - name: What it is called, 1 to 100 bytes.
    ///   - cron: When it fires; see ``CronExpression``.
    ///   - zone: Whose clocks count.
    ///   - catchUp: What becomes of fires that were missed.
    ///   - request: The job that each fire asks for, at once; its ``JobRequest/runAt`` is not looked at.
    /// - Throws: ``CronError`` when the expression is wrong, or would never fire.
    public init(
        _ name: String, cron: String, in zone: TimeZone, catchUp: CatchUp, enqueues request: JobRequest
    ) throws(CronError) {
        self.name = name
        self.cron = try CronExpression(cron)
        self.zone = zone
        self.catchUp = catchUp
        self.request = request
    }
}
