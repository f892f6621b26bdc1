import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines
import WebAPI

/// `…/ops/jobs`: looking for jobs, one job, and what is done to one, to some, or to all that a search finds.
struct JobPages: Sendable {
    let ops: OpsPages
    private var desk: OpsDesk { ops.desk }
    private var pages: PortalPages { ops.pages }

    static let root = OpsPages.root + "/jobs"
    private static let listLength = 50

    var routes: [PageRoute] {
        [
            OpsPages.look(Self.root, "Looks for jobs", handler: list),
            OpsPages.look(
                Self.root + "/bulk", "Asks before something is done to many jobs", needs: .manageOps,
                handler: askForBulk),
            OpsPages.deed(Self.root + "/bulk", "Does something to everything that a search finds", handler: bulk),
            OpsPages.deed(Self.root + "/chosen", "Does something to the jobs that were chosen", handler: chosen),
            OpsPages.look(Self.root + "/{id}", "One job with all that happened to it", handler: show),
            OpsPages.deed(Self.root + "/{id}/edit", "Replaces a dead job by one with another payload", handler: edit),
            OpsPages.deed(Self.root + "/{id}/{deed}", "Does something to a job", handler: deed),
        ]
    }

    // MARK: Looking

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = JobQuery(visit.query, zone: pages.dependencies.zone)
        let search = JobSearch(query.asked)
        let (visitor, part) = try await desk.read(visit) { visitor, session in
            let part = try search.page(limit: Self.listLength, in: session)
            let names = try RecordNames(of: part?.jobs.compactMap(\.subject?.recordID) ?? [], in: session)
            return (visitor, part.map { ($0, names) })
        }
        let queues = try await pages.board.look().queues.map(\.queue)
        let page = JobListPage(
            query: query, part: part?.0, names: part?.1, queues: queues, time: OpsTime(pages),
            mayAct: visitor.may(.manageOps), notice: OpsNotice(visit))
        return try pages.show(page, to: visitor, visit)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response { try await page(visit, refused: nil) }

    private func page(_ visit: Visit, refused: RefusedEdit?) async throws -> Response {
        let id = try Self.job(visit)
        let (visitor, found) = try await desk.read(visit) { visitor, session in
            guard let details = try JobDetails(of: id, in: session) else { throw Problem.notFound("job") }
            return (
                visitor,
                (details, try ToldOfJob(of: id, in: session), try JobCause(of: details, in: session))
            )
        }
        let page = JobPage(
            details: found.0, told: found.1, cause: found.2, machines: pages.dependencies.engine, time: OpsTime(pages),
            mayAct: visitor.may(.manageOps), notice: OpsNotice(visit), refused: refused)
        return try pages.show(page, to: visitor, visit, status: refused == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func askForBulk(_ visit: Visit) async throws -> Response {
        let query = JobQuery(visit.query, zone: pages.dependencies.zone)
        guard let action = visit.query["action"].flatMap(BulkWish.Action.init) else { throw Problem.notFound("deed") }
        let search = JobSearch(query.asked)
        let (visitor, count) = try await desk.read(visit) { ($0, try search.count(in: $1)) }
        let page = BulkPage(query: query, action: action, count: search.isEmpty ? nil : count)
        return try pages.show(page, to: visitor, visit)
    }

    // MARK: Doing

    @Sendable private func bulk(_ visit: Visit) async throws -> Response {
        let (person, form) = try await ops.asked(visit)
        let query = JobQuery(form.values, zone: pages.dependencies.zone)
        let search = JobSearch(query.asked)
        guard let action = form["action"].flatMap(BulkWish.Action.init), !search.isEmpty else {
            throw Form.unreadable("The form does not say which jobs are meant. Search again.")
        }
        guard let filter = try await pages.dependencies.pool.run({ try search.resolved(in: $0) }),
            let placed = try await person.wish(action, for: filter)
        else { throw Problem.notFound("record") }
        return OpsNotice(.asked, of: "this").redirect(to: OpsPages.path(placed.jobID))
    }

    @Sendable private func chosen(_ visit: Visit) async throws -> Response {
        let (person, form) = try await ops.asked(visit)
        let prefix = "job."
        let jobs = form.values.keys.filter { $0.hasPrefix(prefix) }
            .compactMap { Int64($0.dropFirst(prefix.count)) }.sorted().map(JobID.init(rawValue:))
        let back = JobQuery(form.values, zone: pages.dependencies.zone).address()
        let outcomes: [OperatedJob]
        let deed: OpsNotice.Deed
        switch form["deed"] {
        case "retry": (deed, outcomes) = (.retried, jobs.isEmpty ? [] : try await person.retry(jobs))
        case "cancel": (deed, outcomes) = (.cancelled, jobs.isEmpty ? [] : try await person.cancel(jobs))
        default: throw Problem.notFound("deed")
        }
        await pages.board.forget()
        return OpsNotice(deed, done: outcomes.count(where: \.isDone), among: jobs.count).redirect(to: back)
    }

    @Sendable private func deed(_ visit: Visit) async throws -> Response {
        let (person, _) = try await ops.asked(visit)
        let id = try Self.job(visit)
        let outcomes: [OperatedJob]
        let done: OpsNotice.Deed
        switch visit.context.parameters.get("deed") {
        case "retry": (done, outcomes) = (.retried, try await person.retry([id]))
        case "cancel": (done, outcomes) = (.cancelled, try await person.cancel([id]))
        case "discard": (done, outcomes) = (.discarded, try await person.discard([id]))
        default: throw Problem.notFound("deed")
        }
        await pages.board.forget()
        guard let outcome = outcomes.first, outcome.isDone || outcome.place != nil else {
            throw Problem.notFound("job")
        }
        return OpsNotice(outcome.isDone ? done : .notDone).redirect(to: OpsPages.path(id))
    }

    /// Replaces a dead letter; what is no JSON object comes back beside its field.
    @Sendable private func edit(_ visit: Visit) async throws -> Response {
        let (person, form) = try await ops.asked(visit)
        let id = try Self.job(visit)
        let text = form["payload"] ?? ""
        let payload: JSON
        do {
            payload = try RefusedEdit.read(text)
        } catch {
            return try await page(
                visit, refused: RefusedEdit(payload: text, reason: form["reason"] ?? "", fault: error.sentence))
        }
        do {
            let outcome = try await person.replace(id, payload: payload, seal: pages.dependencies.seal)
            await pages.board.forget()
            guard let replacement = outcome.replacement else {
                return OpsNotice(.notDone).redirect(to: OpsPages.path(id))
            }
            return OpsNotice(.replaced, of: "job \(id)").redirect(to: OpsPages.path(replacement))
        } catch is PayloadSealError {
            let fault = "The payload is sealed, and this process has no key to seal another one with."
            return try await page(
                visit, refused: RefusedEdit(payload: text, reason: form["reason"] ?? "", fault: fault))
        }
    }

    private static func job(_ visit: Visit) throws -> JobID {
        let text = visit.context.parameters.get("id") ?? ""
        guard let number = Int64(text), String(number) == text else { throw Problem.notFound("job") }
        return JobID(rawValue: number)
    }
}

/// A payload that was not taken, as it was sent.
struct RefusedEdit {
    let payload: String
    let reason: String
    let fault: String

    /// Why a text is no payload.
    struct Fault: Error { let sentence: String }

    /// Reads a payload, which has to be an object.
    static func read(_ text: String) throws(Fault) -> JSON {
        do {
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            guard case .object = value else { throw Fault(sentence: "Write an object, in braces: { … }.") }
            return JSON(text: value.json)
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(sentence: "This is no JSON: \(place(of: error, in: text))")
        }
    }

    /// Where a reader stumbled, as far as it says so.
    private static func place(of error: any Error, in text: String) -> String {
        let told = (error as? DecodingError).flatMap { error -> String? in
            guard case .dataCorrupted(let context) = error else { return nil }
            return (context.underlyingError as? NSError)?.userInfo["NSDebugDescription"] as? String
        }
        return told ?? "look for a comma too many, or a quote that is missing."
    }
}
