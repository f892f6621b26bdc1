public import Database
public import Foundation

/// A schedule as it stands in the database.
public struct StoredSchedule: Sendable {
    /// What it is called.
    public let name: String
    /// When it fires, as cron has it.
    public let expression: String
    /// Whose clocks count, by its name in the tz database.
    public let zone: String
    /// What becomes of fires that were missed.
    public let catchUp: String
    /// The job that each fire asks for, as it was stored.
    public let request: JSON
    /// The moment that is next.
    public let nextFireAt: Date
    /// The last moment for which a job was asked for.
    public let lastFireAt: Date?
    /// The job of that moment, or the live one that had its unique key.
    public let lastJobID: JobID?
    /// Since when it is held.
    public let pausedAt: Date?
    /// Who holds it.
    public let pausedBy: String?
    /// Why it is held.
    public let pauseReason: String?

    /// Reads a row of ``Queue/schedules()`` or ``Queue/dueSchedules(at:)``.
    public init(row: Row) throws(DatabaseError) {
        name = try row.value("name")
        expression = try row.value("expression")
        zone = try row.value("zone")
        catchUp = try row.value("catch_up")
        request = try row.value("request")
        nextFireAt = try row.value("next_fire_at")
        lastFireAt = try row.optional("last_fire_at")
        lastJobID = try row.optional("last_job_id", as: Int64.self).map(JobID.init(rawValue:))
        pausedAt = try row.optional("paused_at")
        pausedBy = try row.optional("paused_by")
        pauseReason = try row.optional("pause_reason")
    }

    static let columns: SQL = """
        name, expression, zone, catch_up, request, next_fire_at, last_fire_at, last_job_id, paused_at, paused_by,
        pause_reason
        """

    /// The schedule as this program understands it.
    ///
    /// - Throws: ``UnreadableSchedule``: a newer program may have stored it.
    func understood() throws(UnreadableSchedule) -> Schedule {
        guard let zone = TimeZone(identifier: zone) else {
            throw UnreadableSchedule(name: name, problem: "the time zone \"\(self.zone)\" is unknown here")
        }
        guard let catchUp = CatchUp(rawValue: catchUp) else {
            throw UnreadableSchedule(name: name, problem: "\"\(self.catchUp)\" is no way to catch up")
        }
        guard let request = try? JSONDecoder().decode(JobRequest.self, from: Data(request.text.utf8)) else {
            throw UnreadableSchedule(name: name, problem: "its job cannot be read by this program")
        }
        do {
            return try Schedule(name, cron: expression, in: zone, catchUp: catchUp, enqueues: request)
        } catch {
            throw UnreadableSchedule(name: name, problem: error.description)
        }
    }
}

/// Why a schedule that is stored cannot be fired by this program.
public struct UnreadableSchedule: SafeTextError, Hashable, CustomStringConvertible {
    /// What it is called.
    public let name: String
    /// What is wrong with it.
    public let problem: String

    /// What is wrong, and what to do.
    public var description: String {
        "the schedule \"\(name)\" cannot be fired: \(problem); start a scheduler of the version that declares it"
    }
    /// The same.
    public var safeText: String { description }
}
