import enum Documents.TemplateValue
import Foundation
import Jobs
import WebAPI

/// What the queues hold, and how fast they are.
struct OverviewPage: Page {
    static let template = "ops"

    let look: OpsBoard.Look
    let time: OpsTime
    let mayAct: Bool
    let notice: OpsNotice?

    var title: String { "Ops" }

    /// A job that is ready for longer than this is worth an alert (O-22).
    private static let tooLong = Duration.seconds(300)

    var values: PageValues {
        [
            "figures": .list(figures), "queues": .list(look.queues.map(row)),
            "is_empty": .flag(look.queues.isEmpty), "may_act": .flag(mayAct),
            "unserved": .list(unserved.map { ["name": .text($0)] }), "has_unserved": .flag(!unserved.isEmpty),
            "pauses": .list(pauses), "has_pauses": .flag(!pauses.isEmpty),
        ].merging(OpsTab.overview.values) { $1 }.merging(OpsNotice.values(notice)) { $1 }
    }

    private var figures: [PageValues] {
        let oldest = look.queues.compactMap(\.oldestReadyAge).max()
        let dead = sum(\.dead)
        let jobs = OpsPages.root + "/jobs"
        func figure(_ label: String, _ figure: String, _ href: String, _ tone: String = "") -> PageValues {
            ["label": .text(label), "figure": .text(figure), "href": .text(href), "tone": .text(tone)]
        }
        return [
            figure("Ready", count(.ready, sum(\.ready)), jobs + "?place=ready"),
            figure("Running", count(.leased, sum(\.leased)), jobs + "?place=leased"),
            figure("Retrying", OpsTime.count(sum(\.retrying)), jobs + "?place=scheduled&retrying=true"),
            figure("Dead", count(.dead, dead), OpsPages.root + "/dead", dead > 0 ? "bad" : ""),
            figure(
                "Oldest ready", oldest.map(OpsTime.length) ?? "none", jobs + "?place=ready",
                oldest.map { $0 > Self.tooLong } == true ? "bad" : ""),
        ]
    }

    private func sum(_ count: (QueueOverview) -> Int) -> Int { look.queues.reduce(0) { $0 + count($1) } }

    private func count(_ place: JobPlace, _ number: Int) -> String {
        OpsTime.count(number) + (look.queues.contains { $0.overflows.contains(place) } ? "+" : "")
    }

    /// Queues with work that nobody does.
    private var unserved: [String] {
        look.queues.filter { $0.ready > 0 && !look.served.contains($0.queue) }.map(\.queue)
    }

    private func row(_ queue: QueueOverview) -> PageValues {
        let figures = look.throughput[queue.queue]
        func figure(_ place: JobPlace, _ number: Int) -> TemplateValue {
            .text(OpsTime.count(number) + (queue.overflows.contains(place) ? "+" : ""))
        }
        let jobs = "\(OpsPages.root)/jobs?queue=\(Address.part(queue.queue))"
        let waits = queue.waiting + queue.blocked + queue.held
        var values: PageValues = [
            "key": .text("queue-\(queue.queue)"), "name": .text(queue.queue),
            "href": .text("\(OpsPages.root)/queues/\(Address.part(queue.queue))"), "jobs": .text(jobs),
            "ready": figure(.ready, queue.ready), "running": figure(.leased, queue.leased),
            "scheduled": .text(
                OpsTime.count(queue.scheduled - queue.retrying) + (queue.overflows.contains(.scheduled) ? "+" : "")),
            "retrying": .text(OpsTime.count(queue.retrying)), "dead": figure(.dead, queue.dead),
            "has_dead": .flag(queue.dead > 0),
            "waits": waits == 0 ? .absent : .text(OpsTime.count(waits)),
            "per_minute_in": .text(Self.rate(figures?.enqueuedPerMinute)),
            "per_minute_out": .text(Self.rate(figures?.endedPerMinute)),
            "oldest": .text(queue.oldestReadyAge.map(OpsTime.length) ?? "–"),
            "is_slow": .flag(queue.oldestReadyAge.map { $0 > Self.tooLong } ?? false),
            "median": .text(figures?.runTime(0.5).map(OpsTime.length) ?? "–"),
            "slowest": .text(figures?.runTime(0.95).map(OpsTime.length) ?? "–"),
            "errors": .text(Self.percent(figures?.errorRate)), "has_errors": .flag((figures?.errorRate ?? 0) > 0),
            "spark": .one(Self.spark(figures, queue.queue)),
            "paused": .one(paused(queue)),
        ]
        values["deed"] = mayAct ? .one(deed(queue)) : .absent
        return values
    }

    private func paused(_ queue: QueueOverview) -> PageValues? {
        queue.pausedAt.map { since in
            [
                "by": .text(queue.pausedBy ?? "somebody"), "reason": .optional(queue.pauseReason),
                "badge": .one(Badge("Paused", .warning).values),
            ].merging(time.values("since", since)) { $1 }
        }
    }

    private func deed(_ queue: QueueOverview) -> PageValues {
        let isPaused = queue.pausedAt != nil
        let path = "\(OpsPages.root)/queues/\(Address.part(queue.queue))"
        return DeedForm(
            id: "hold-\(queue.queue)", label: isPaused ? "Resume" : "Pause",
            action: path + (isPaused ? "/resume" : "/pause"),
            about: isPaused
                ? "Jobs of \(queue.queue) begin again."
                : "No job of \(queue.queue) begins until it is resumed. Those that run end; new ones are still taken in.",
            key: "p"
        ).values
    }

    private var pauses: [PageValues] {
        look.pauses.compactMap { pause in
            guard pause.scope.noun != "queue" else { return nil }
            var values: PageValues = [
                "key": .text("pause-\(pause.scope.noun)-\(pause.scope.name)"), "noun": .text(pause.scope.noun),
                "name": .text(pause.scope.name), "by": .text(pause.name ?? "somebody"),
                "reason": .optional(pause.reason), "deed": .absent,
            ]
            values.merge(time.values("since", pause.pausedAt)) { $1 }
            if mayAct, pause.scope.noun == "kind" {
                values["deed"] = .one(
                    DeedForm(
                        id: "resume-\(pause.scope.name)", label: "Resume",
                        action: "\(OpsPages.root)/kinds/\(Address.part(pause.scope.name))/resume",
                        about: "Jobs of this kind begin again."
                    ).values)
            }
            return values
        }
    }

    static func rate(_ number: Double?) -> String {
        guard let number, number > 0 else { return "0" }
        return number < 9.95 ? Drawn.text(number) : OpsTime.count(Int(number.rounded()))
    }

    static func percent(_ share: Double?) -> String {
        guard let share else { return "–" }
        if share == 0 { return "0 %" }
        return share < 0.0095 ? "< 1 %" : "\(Int((share * 100).rounded())) %"
    }

    /// What ended in each minute as a line; in words for whoever cannot see it.
    static func spark(_ figures: QueueThroughput?, _ queue: String) -> PageValues {
        let ended = figures?.slices.map { Double($0.ended) } ?? Array(repeating: 0, count: 60)
        let (all, most) = (Int(ended.reduce(0, +)), Int(ended.max() ?? 0))
        let points = Drawn.points(ended, width: 160, height: 40, margin: 3, from: 0, to: max(1, ended.max() ?? 0))
        return [
            "spark_label": .text(
                "Jobs of \(queue) that ended in the last hour: \(all), at most \(most) in a minute"),
            "points": .text(points.map { "\(Drawn.text($0.x)),\(Drawn.text($0.y))" }.joined(separator: " ")),
        ]
    }
}
