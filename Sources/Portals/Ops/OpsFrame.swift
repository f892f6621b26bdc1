import enum Documents.TemplateValue
import Hummingbird
import HummingbirdCore
import HTTPTypes
import WebAPI

/// What the ops pages have in common: the way from one to the other.
enum OpsTab: String, CaseIterable {
    case overview = "Overview"
    case jobs = "Jobs"
    case dead = "Dead letters"
    case schedules = "Schedules"
    case timers = "Timers"
    case workers = "Workers"
    case lifecycles = "Lifecycles"
    case refusals = "Refusals"
    case mailbox = "Mailbox"

    private var path: String {
        switch self {
        case .overview: OpsPages.root
        case .jobs: OpsPages.root + "/jobs"
        case .dead: OpsPages.root + "/dead"
        case .schedules: OpsPages.root + "/schedules"
        case .timers: OversightPages.timers
        case .workers: OpsPages.root + "/workers"
        case .lifecycles: LifecyclePages.root
        case .refusals: OversightPages.refusals
        case .mailbox: OpsPages.root + "/mailbox"
        }
    }

    /// What the template `ops-tabs` shows.
    var values: PageValues {
        [
            "ops_tabs": .list(
                Self.allCases.map { tab in
                    [
                        "label": .text(tab.rawValue), "href": .text(tab.path), "is_current": .flag(tab == self),
                    ]
                })
        ]
    }
}

/// What was done, for the top of the page that comes after.
struct OpsNotice {
    enum Deed: String {
        case paused, resumed, drained, asked, retried, cancelled, discarded, replaced
        case runsAlready = "runs"
        case notDone = "not"
    }

    let deed: Deed
    let name: String
    private var counts: (done: Int, of: Int)?

    init(_ deed: Deed, of name: String = "", done: Int? = nil, among all: Int? = nil) {
        (self.deed, self.name) = (deed, name)
        counts = done.flatMap { done in all.map { (done, $0) } }
    }

    /// Reads what the address says.
    init?(_ visit: Visit) {
        guard let deed = visit.query["done"].flatMap(Deed.init) else { return nil }
        self.init(
            deed, of: String((visit.query["name"] ?? "").prefix(100)), done: visit.query["n"].flatMap { Int($0) },
            among: visit.query["all"].flatMap { Int($0) })
    }

    /// Leads to a page that tells of it.
    func redirect(to path: String) -> Response {
        var query = [("done", deed.rawValue)]
        if !name.isEmpty { query.append(("name", name)) }
        if let counts { query += [("n", "\(counts.done)"), ("all", "\(counts.of)")] }
        return Response(
            status: .seeOther, headers: [.location: Address.text(path, query.map { (name: $0.0, value: $0.1) })])
    }

    /// In words.
    var text: String {
        let what = name.isEmpty ? "" : " \(name)"
        let jobs = counts.map { "\(OpsTime.count($0.done)) of \(OpsTime.count($0.of)) jobs" } ?? "the job"
        return switch deed {
        case .paused: "Paused\(what). What runs goes on; nothing new begins."
        case .resumed: "Resumed\(what)."
        case .drained: "Drained\(what). What it runs goes on to its end; it takes nothing new."
        case .asked: "Asked for a run of\(what)."
        case .runsAlready: "A run of\(what) was there already; this is it."
        case .retried: "Retried \(jobs)."
        case .cancelled: "Cancelled \(jobs)."
        case .discarded: "Discarded \(jobs)."
        case .replaced: "This job runs in place of\(what)."
        case .notDone: "Nothing was done: the job is no longer where it was."
        }
    }

    /// Whether all of it was done.
    var isWhole: Bool { deed != .notDone && counts.map { $0.done == $0.of } ?? true }

    /// What the template `ops-notice` shows.
    static func values(_ notice: OpsNotice?) -> PageValues {
        [
            "ops_notice": .one(
                notice.map { notice in
                    ["text": .text(notice.text), "tone": .text(notice.isWhole ? "success" : "warning")]
                })
        ]
    }
}

/// A deed that asks to be confirmed, with a reason.
struct DeedForm {
    let id: String
    let label: String
    let action: String
    let about: String
    var isDanger = false
    /// The key that opens it.
    var key: String?
    var fields: [(String, String)] = []

    /// What the template `ops-deed` shows.
    var values: PageValues {
        [
            "deed_id": .text(id), "deed_label": .text(label), "deed_action": .text(action), "deed_about": .text(about),
            "is_danger": .flag(isDanger), "press": .optional(key),
            "deed_fields": .list(fields.map { ["field_name": .text($0.0), "field_value": .text($0.1)] }),
        ]
    }
}
