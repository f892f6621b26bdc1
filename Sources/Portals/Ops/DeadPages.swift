import Accounts
import Database
import enum Documents.TemplateValue
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import WebAPI

/// `…/ops/dead`: dead letters by what they died of (O-12).
struct DeadPages: Sendable {
    let ops: OpsPages

    static let root = OpsPages.root + "/dead"
    private static let most = 200

    var routes: [PageRoute] {
        [
            OpsPages.look(Self.root, "Dead letters by kind and error", handler: list),
            OpsPages.deed(Self.root + "/{deed}", "Retries or discards a group of dead letters", handler: deed),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (visitor, groups) = try await ops.desk.read(visit) { visitor, session in
            (visitor, try session.query(Queue.deadGroups(limit: Self.most)).map(DeadGroup.init(row:)))
        }
        let page = DeadPage(
            groups: groups, time: OpsTime(ops.pages), mayAct: visitor.may(.manageOps), notice: OpsNotice(visit))
        return try ops.pages.show(page, to: visitor, visit)
    }

    @Sendable private func deed(_ visit: Visit) async throws -> Response {
        let (person, form) = try await ops.asked(visit)
        guard let kind = form["kind"], let cause = form["cause"], let error = form["error"],
            ![kind, cause, error].contains(where: { $0.contains("\0") })
        else { throw Form.unreadable("The form does not say which letters are meant. Load the page again.") }
        var filter = DeadFilter()
        (filter.kind, filter.reason, filter.error) = (kind, cause, error)
        let notice: OpsNotice
        switch visit.context.parameters.get("deed") {
        case "retry":
            let progress = try await person.redrive(filter)
            notice = OpsNotice(.retried, done: progress.raised, among: progress.raised + progress.left)
        case "discard":
            let discarded = try await person.discard(filter)
            notice = OpsNotice(.discarded, done: discarded, among: discarded)
        default: throw Problem.notFound("deed")
        }
        await ops.pages.board.forget()
        return notice.redirect(to: Self.root)
    }
}

/// The dead letters, a group a row.
struct DeadPage: Page {
    static let template = "ops-dead"

    let groups: [DeadGroup]
    let time: OpsTime
    let mayAct: Bool
    let notice: OpsNotice?

    var title: String { "Dead letters" }

    var values: PageValues {
        let letters = groups.reduce(0) { $0 + $1.letters }
        return [
            "groups": .list(groups.enumerated().map { row($1, $0) }), "is_empty": .flag(groups.isEmpty),
            "letters": .text(OpsTime.count(letters) + (letters == 1 ? " dead letter" : " dead letters")),
            "kinds": .text("\(groups.count)" + (groups.count == 1 ? " group" : " groups")),
            "may_act": .flag(mayAct), "jobs": .text(JobPages.root + "?place=finished"),
        ].merging(OpsTab.dead.values) { $1 }.merging(OpsNotice.values(notice)) { $1 }
    }

    private func row(_ group: DeadGroup, _ index: Int) -> PageValues {
        var values: PageValues = [
            "key": .text("group-\(group.kind)-\(group.reason)-\(group.error)"),
            "kind": .text(Words.spelled(group.kind)),
            "jobs_href": .text(Address.text(JobPages.root, ["kind": group.kind, "place": "dead"])),
            "cause": .text(Self.words(group.reason)), "detail": .text(group.detail ?? "nothing was said"),
            "letters": .text(OpsTime.count(group.letters)), "example_href": .text(OpsPages.path(group.example)),
            "deeds": mayAct ? .list(deeds(group, index)) : .absent,
        ]
        values.merge(time.values("first", group.firstAt)) { $1 }
        values.merge(time.values("last", group.lastAt)) { $1 }
        return values
    }

    private func deeds(_ group: DeadGroup, _ index: Int) -> [PageValues] {
        let count = group.letters == 1 ? "The letter runs" : "All \(OpsTime.count(group.letters)) letters run"
        let fields = [("kind", group.kind), ("cause", group.reason), ("error", group.error)]
        return [
            DeedForm(
                id: "retry-\(index)", label: "Retry", action: DeadPages.root + "/retry",
                about: "\(count) at once, with all attempts anew.", key: "r", fields: fields),
            DeedForm(
                id: "discard-\(index)", label: "Discard", action: DeadPages.root + "/discard",
                about: "They are given up for good. Their rows are kept, marked as cancelled, with this reason.",
                isDanger: true, key: "d", fields: fields),
        ].map(\.values)
    }

    private static func words(_ reason: String) -> String {
        switch reason {
        case "attempts": "All attempts failed"
        case "discarded": "Its handler gave up"
        case "worker_lost": "Workers were lost"
        case "undecodable": "Payload unreadable"
        default: Words.spelled(reason)
        }
    }
}
