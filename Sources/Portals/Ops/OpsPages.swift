import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Jobs
import StateMachines
import WebAPI
import struct WebAPI.Operation

/// `/admin/command-center/ops`: what the machinery does, and what is done to it (O-01 to O-15).
struct OpsPages: Sendable {
    let pages: PortalPages
    let desk: OpsDesk

    static let root = "/admin/command-center/ops"

    init(pages: PortalPages) {
        self.pages = pages
        desk = OpsDesk(pages.dependencies)
    }

    /// The page of a job.
    static func path(_ job: JobID) -> String { "\(root)/jobs/\(job)" }

    var routes: [PageRoute] {
        [
            Self.look(
                Self.root, "What the queues hold, and how fast they are",
                menu: MenuEntry(group: "System", title: "Ops", icon: "gauge", count: "dead_jobs"), handler: overview),
            Self.look(Self.root + "/queues/{name}", "What a queue took in and gave out", handler: queue),
            Self.deed(Self.root + "/queues/{name}/{deed}", "Pauses or resumes a queue", handler: hold),
            Self.deed(Self.root + "/kinds/{name}/{deed}", "Pauses or resumes a kind of job", handler: holdKind),
            Self.look(Self.root + "/workers", "The processes that work", handler: workers),
            Self.deed(Self.root + "/workers/{id}/{deed}", "Drains a worker or lets it take jobs again", handler: drain),
            Self.look(Self.root + "/schedules", "What is enqueued by the clock", handler: schedules),
            Self.deed(Self.root + "/schedules/{name}/{deed}", "Holds, lets go or runs a schedule", handler: schedule),
        ] + JobPages(ops: self).routes + DeadPages(ops: self).routes + MailboxPages(ops: self).routes
    }

    private static let scope = RowScope.none("jobs, queues and mails are the company's; ops.read shows them all")

    /// A page that shows something to whoever may look.
    static func look(
        _ path: String, _ summary: String, needs permission: Permission = .readOps, menu entry: MenuEntry? = nil,
        handler: @escaping Operation.Handler
    ) -> PageRoute {
        .get(path, summary, for: [.admin], needs: permission, rows: scope, menu: entry, handler: handler)
    }

    /// Something that a form asks for, of whoever may act.
    static func deed(_ path: String, _ summary: String, handler: @escaping Operation.Handler) -> PageRoute {
        .post(path, summary, for: [.admin], needs: .manageOps, rows: scope, handler: handler)
    }

    // MARK: Looking

    @Sendable private func overview(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let look = try await pages.board.look()
        let page = OverviewPage(
            look: look, time: OpsTime(pages), mayAct: visitor.may(.manageOps), notice: OpsNotice(visit))
        return try pages.show(page, to: visitor, visit)
    }

    @Sendable private func queue(_ visit: Visit) async throws -> Response {
        let name = try Self.name(visit, of: "queue")
        let span: QueuePage.Stretch = visit.query["last"].flatMap(QueuePage.Stretch.init) ?? .hour
        let (visitor, all, kinds) = try await desk.read(visit) { visitor, session in
            (
                visitor, try QueueThroughput.read(.queues, by: span.span, last: span.count, in: session),
                try QueueThroughput.read(.kinds(ofQueue: name), by: span.span, last: span.count, in: session)
            )
        }
        let look = try await pages.board.look()
        guard let held = look.queues.first(where: { $0.queue == name }) else { throw Problem.notFound("queue") }
        let page = QueuePage(
            queue: held, whole: all.first { $0.name == name }, kinds: kinds, stretch: span, time: OpsTime(pages),
            pauses: look.pauses, mayAct: visitor.may(.manageOps), notice: OpsNotice(visit))
        return try pages.show(page, to: visitor, visit)
    }

    @Sendable private func workers(_ visit: Visit) async throws -> Response {
        let (visitor, workers) = try await desk.read(visit) { visitor, session in
            (visitor, try session.query(Queue.workers()).map(QueueWorker.init(row:)))
        }
        return try pages.show(
            WorkersPage(
                workers: workers, time: OpsTime(pages), databaseNow: try await databaseNow(),
                mayAct: visitor.may(.manageOps), notice: OpsNotice(visit)), to: visitor, visit)
    }

    @Sendable private func schedules(_ visit: Visit) async throws -> Response {
        let (visitor, schedules) = try await desk.read(visit) { ($0, try ScheduleStanding.all(in: $1)) }
        let page = SchedulesPage(
            schedules: schedules, time: OpsTime(pages), mayAct: visitor.may(.manageOps), notice: OpsNotice(visit))
        return try pages.show(page, to: visitor, visit)
    }

    /// The present by the clock that leases go by.
    private func databaseNow() async throws -> Date {
        let row = try await pages.dependencies.pool.query("SELECT clock_timestamp() AS now").first
        return try row?.value("now") ?? pages.dependencies.now()
    }

    // MARK: Doing

    @Sendable private func hold(_ visit: Visit) async throws -> Response {
        let (person, _) = try await asked(visit)
        return try await hold(visit, .queue(try await desk.queue(visit)), person, backTo: Self.root)
    }

    @Sendable private func holdKind(_ visit: Visit) async throws -> Response {
        let (person, form) = try await asked(visit)
        let queue = form["queue"].map { "\(Self.root)/queues/\(Address.part($0))" }
        return try await hold(visit, .kind(try await desk.kind(visit)), person, backTo: queue ?? Self.root)
    }

    private func hold(
        _ visit: Visit, _ scope: PauseScope, _ person: JobOperator, backTo page: String
    ) async throws -> Response {
        let deed = visit.context.parameters.get("deed")
        switch deed {
        case "pause": _ = try await person.pause(scope)
        case "resume": _ = try await person.resume(scope)
        default: throw Problem.notFound("deed")
        }
        await pages.board.forget()
        return OpsNotice(deed == "pause" ? .paused : .resumed, of: scope.name).redirect(to: page)
    }

    @Sendable private func drain(_ visit: Visit) async throws -> Response {
        let (person, _) = try await asked(visit)
        let worker = try OpsDesk.worker(visit)
        let (isDone, deed): (Bool, OpsNotice.Deed)
        switch visit.context.parameters.get("deed") {
        case "drain": (isDone, deed) = (try await person.drain(worker), .drained)
        case "resume": (isDone, deed) = (try await person.resume(worker), .resumed)
        default: throw Problem.notFound("deed")
        }
        await pages.board.forget()
        // One that is gone, or that somebody else was quicker with, is as the page says by now.
        let page = Self.root + "/workers"
        return isDone
            ? OpsNotice(deed, of: "worker \(worker)").redirect(to: page)
            : Response(status: .seeOther, headers: [.location: page])
    }

    @Sendable private func schedule(_ visit: Visit) async throws -> Response {
        let (person, _) = try await asked(visit)
        let name = try Self.name(visit, of: "schedule")
        let root = Self.root + "/schedules"
        switch visit.context.parameters.get("deed") {
        case "pause":
            guard try await person.pauseSchedule(name) else { throw Problem.notFound("schedule") }
            return OpsNotice(.paused, of: name).redirect(to: root)
        case "resume":
            guard try await person.resumeSchedule(name) else { throw Problem.notFound("schedule") }
            return OpsNotice(.resumed, of: name).redirect(to: root)
        case "run":
            guard let placed = try await person.runSchedule(name) else { throw Problem.notFound("schedule") }
            return OpsNotice(placed.isCreated ? .asked : .runsAlready, of: name).redirect(to: Self.path(placed.jobID))
        default: throw Problem.notFound("deed")
        }
    }

    /// Whoever sends a form of ours, with their reason.
    ///
    /// - Throws: `Problem` 403 for a form of another page; 422 without a reason.
    func asked(_ visit: Visit) async throws -> (person: JobOperator, form: Form) {
        let visitor = try await visit.visitor()
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        let form = try Form(try await visit.request.formBytes())
        let reason = (form["reason"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty, reason.unicodeScalars.count <= 500, !reason.contains("\0") else {
            throw Problem(
                .unprocessableContent, code: "reason_missing", title: "Nothing was done",
                detail:
                    "Say why, in up to 500 characters: it is kept with what was done, in the audit log. Go back and "
                    + "fill in the reason.")
        }
        return (desk.person(visitor, reason: reason), form)
    }

    static func name(_ visit: Visit, of what: String) throws -> String {
        guard let name = visit.context.parameters.get("name")?.removingPercentEncoding, !name.contains("\0"),
            (1...100).contains(name.utf8.count)
        else { throw Problem.notFound(what) }
        return name
    }
}

extension Visit {
    /// The query; what stands there empty is not there.
    var query: [String: String] {
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters where !value.isEmpty && !value.contains("\0") {
            query[String(name)] = String(value)
        }
        return query
    }
}
