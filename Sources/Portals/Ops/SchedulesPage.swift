import enum Documents.TemplateValue
import Foundation
import Jobs
import StateMachines
import WebAPI

/// What is enqueued by the clock (O-13, O-14).
struct SchedulesPage: Page {
    static let template = "ops-schedules"

    let schedules: [ScheduleStanding]
    let time: OpsTime
    let mayAct: Bool
    let notice: OpsNotice?

    var title: String { "Schedules" }

    var values: PageValues {
        [
            "schedules": .list(schedules.enumerated().map { row($1, $0) }), "is_empty": .flag(schedules.isEmpty),
            "may_act": .flag(mayAct),
        ].merging(OpsTab.schedules.values) { $1 }.merging(OpsNotice.values(notice)) { $1 }
    }

    private func row(_ standing: ScheduleStanding, _ index: Int) -> PageValues {
        let schedule = standing.schedule
        let isPaused = schedule.pausedAt != nil
        var values: PageValues = [
            "key": .text("schedule-\(schedule.name)"), "name": .text(schedule.name),
            "rule": .text(CronWords.text(schedule.expression)), "cron": .text(schedule.expression),
            "zone": .text(schedule.zone.replacing("_", with: " ")),
            "catch_up": .text(Self.words(schedule.catchUp)),
            "state": .one((isPaused ? Badge("Off", .warning) : Badge("On", .success)).values),
            "is_paused": .flag(isPaused), "by": .text(schedule.pausedBy ?? "somebody"),
            "reason": .optional(schedule.pauseReason), "last": .one(last(standing)),
            "deeds": mayAct ? .list(deeds(schedule, index)) : .absent,
        ]
        values.merge(time.values("next", isPaused ? nil : schedule.nextFireAt)) { $1 }
        values.merge(time.values("since", schedule.pausedAt)) { $1 }
        return values
    }

    private func last(_ standing: ScheduleStanding) -> PageValues? {
        standing.lastJob.map { job in
            [
                "href": .text(OpsPages.path(job.id)),
                "place": .one(JobState(job).badge.values),
                "took": standing.runTime.map { .text(OpsTime.length($0)) } ?? .absent,
                "late": standing.lateness.map { .text(OpsTime.length($0)) } ?? .absent,
            ].merging(time.values("at", standing.beganAt ?? job.createdAt)) { $1 }
        }
    }

    private func deeds(_ schedule: StoredSchedule, _ index: Int) -> [PageValues] {
        let path = "\(OpsPages.root)/schedules/\(Address.part(schedule.name))"
        let isPaused = schedule.pausedAt != nil
        return [
            DeedForm(
                id: "run-\(index)", label: "Run now", action: path + "/run",
                about: "One run besides those of its moments; its next run stays as it is.", key: "r"),
            DeedForm(
                id: "hold-\(index)", label: isPaused ? "Turn on" : "Turn off",
                action: path + (isPaused ? "/resume" : "/pause"),
                about: isPaused
                    ? "It runs at its next moment; what it missed meanwhile is not made up for."
                    : "It does not run until it is turned on again.", key: "p"),
        ].map(\.values)
    }

    private static func words(_ catchUp: String) -> String {
        switch catchUp {
        case "last": "Missed runs are made up for once"
        case "all": "Every missed run is made up for"
        default: "Missed runs are left out"
        }
    }
}
