import enum Documents.TemplateValue
import Foundation
import Jobs
import StateMachines
import WebAPI

/// What one queue took in and gave out, and each of its kinds (O-21).
struct QueuePage: Page {
    static let template = "ops-queue"

    /// The times that can be looked at.
    enum Stretch: String, CaseIterable {
        case hour, day, month

        var span: QueueThroughput.Span { self == .month ? .hour : .minute }
        var count: Int { self == .hour ? 60 : self == .day ? 1_440 : 720 }
        var title: String { self == .hour ? "60 minutes" : self == .day ? "24 hours" : "30 days" }
        /// How many stretches make one point of the drawing, which has room for some hundred.
        var step: Int { self == .hour ? 1 : self == .day ? 20 : 12 }
        var unit: String { self == .hour ? "minute" : self == .day ? "20 minutes" : "12 hours" }
    }

    let queue: QueueOverview
    let whole: QueueThroughput?
    let kinds: [QueueThroughput]
    let stretch: Stretch
    let time: OpsTime
    /// The kinds that are paused, in whatever queue.
    let pauses: [JobPause]
    let mayAct: Bool
    let notice: OpsNotice?

    var title: String { "Queue \(queue.queue)" }

    var values: PageValues {
        let path = "\(OpsPages.root)/queues/\(Address.part(queue.queue))"
        return [
            "name": .text(queue.queue), "jobs": .text("\(OpsPages.root)/jobs?queue=\(Address.part(queue.queue))"),
            "stretches": .list(
                Stretch.allCases.map { choice in
                    [
                        "label": .text(choice.title), "href": .text(path + "?last=\(choice.rawValue)"),
                        "is_current": .flag(choice == stretch),
                    ]
                }),
            "chart": .one(chart), "kinds": .list(kinds.map(row)), "is_empty": .flag(kinds.isEmpty),
            "ready": .text(OpsTime.count(queue.ready)), "running": .text(OpsTime.count(queue.leased)),
            "paused": .one(queue.pausedAt == nil ? nil : Badge("Paused", .warning).values),
            "may_act": .flag(mayAct),
        ].merging(OpsTab.overview.values) { $1 }.merging(OpsNotice.values(notice)) { $1 }
    }

    private var chart: PageValues {
        let slices = whole?.slices ?? []
        let groups = stride(from: 0, to: slices.count, by: stretch.step).map {
            Array(slices[$0..<min($0 + stretch.step, slices.count)])
        }
        func figures(_ count: (QueueThroughput.Slice) -> Int) -> [Double] {
            groups.map { group in Double(group.reduce(0) { $0 + count($1) }) }
        }
        return LineChart(
            id: "throughput", title: "Jobs in each \(stretch.unit)", labels: groups.map { label($0[0].at) },
            series: [
                .init(name: "In", figures: figures(\.enqueued)), .init(name: "Out", figures: figures(\.ended)),
            ]
        ).values
    }

    private func label(_ moment: Date) -> String {
        let text = time.time.text(moment)
        let parts = text.split(separator: ", ").map(String.init)
        return stretch == .month ? parts.first ?? text : parts.last ?? text
    }

    private func row(_ kind: QueueThroughput) -> PageValues {
        let slices = kind.slices
        func sum(_ count: (QueueThroughput.Slice) -> Int) -> TemplateValue {
            .text(OpsTime.count(slices.reduce(0) { $0 + count($1) }))
        }
        return [
            "kind": .text(Words.spelled(kind.name)), "key": .text("kind-\(kind.name)"),
            "href": .text(Address.text(JobPages.root, ["kind": kind.name, "queue": queue.queue])),
            "enqueued": sum(\.enqueued),
            "succeeded": sum(\.succeeded), "cancelled": sum(\.cancelled), "failed": sum(\.failed),
            "errors": .text(OverviewPage.percent(kind.errorRate)),
            "median": .text(kind.runTime(0.5).map(OpsTime.length) ?? "–"),
            "slowest": .text(kind.runTime(0.95).map(OpsTime.length) ?? "–"), "paused": .one(paused(kind.name)),
            "deed": mayAct ? .one(deed(kind.name)) : .absent,
        ]
    }

    private func pause(of kind: String) -> JobPause? { pauses.first { $0.scope == .kind(kind) } }

    private func paused(_ kind: String) -> PageValues? {
        pause(of: kind).map { pause in
            [
                "by": .text(pause.name ?? "somebody"), "reason": .optional(pause.reason),
                "badge": .one(Badge("Paused", .warning).values),
            ].merging(time.values("since", pause.pausedAt)) { $1 }
        }
    }

    private func deed(_ kind: String) -> PageValues {
        let isPaused = pause(of: kind) != nil
        return DeedForm(
            id: "hold-\(kind)", label: isPaused ? "Resume" : "Pause",
            action: "\(OpsPages.root)/kinds/\(Address.part(kind))/" + (isPaused ? "resume" : "pause"),
            about: isPaused
                ? "Jobs of this kind begin again."
                : "No job of this kind begins until it is resumed, in whatever queue. Those that run end; new ones are "
                    + "still taken in.",
            key: "p", fields: [("queue", queue.queue)]
        ).values
    }
}
