import StateMachines
import Workflows

/// What a move would bring, in the words of people.
struct WhatIf {
    /// One thing that would happen, and to what kind it belongs.
    struct Line: Hashable {
        let icon: String
        let heading: String
        let text: String
    }

    let receipt: Receipt
    let machine: Machine
    /// What is armed now.
    let armed: [Receipt.Next]
    let vocabulary: Vocabulary
    let time: CompanyTime
    /// The definition of another machine, for its words.
    let definition: (String) -> Machine?
    /// The state that the record is in now.
    let before: String

    /// Every consequence, sorted by kind.
    var lines: [Line] { [stateLine] + mails + documents + timers + others + tasks + jobs + noted }

    private var stateLine: Line {
        let (old, new) = (machine.title(ofState: before), machine.title(ofState: receipt.state))
        return Line(
            icon: "arrow-right", heading: "State", text: before == receipt.state ? "stays \(old)" : "\(old) → \(new)")
    }

    private var mails: [Line] {
        receipt.jobs.filter { Self.mailKinds.contains($0.kind) }.map { job in
            Line(icon: "mail", heading: "Mails", text: Self.mail(job, vocabulary))
        }
    }

    private static let mailKinds: Set<String> = [
        "notify", "send_email", "send_invitation", "send_calendar_invite", "send_dunning_notice", "remind_meeting",
    ]

    private static func mail(_ job: Receipt.Job, _ vocabulary: Vocabulary) -> String {
        let who = (job.with["who"] ?? job.with["to"]).map { name in
            vocabulary.recipients.first { $0.name == name }?.says ?? Words.spelled(name)
        }
        let what =
            job.with["about"] ?? job.with["template"] ?? job.with["stage"].map { "reminder_\($0)" } ?? job.kind
        let copy = who.map { " to: \($0.prefix(1).lowercased() + $0.dropFirst())" } ?? ""
        return Words.spelled(what) + copy
    }

    private var documents: [Line] {
        receipt.jobs.filter { $0.kind == "generate_pdf" }.map { job in
            Line(icon: "file-text", heading: "Documents", text: Words.spelled(job.with["document"] ?? "document"))
        }
    }

    /// Timers of the record that would be called off, set, or moved.
    private var timers: [Line] {
        let now = Dictionary(armed.map { ($0.timer, $0) }) { first, _ in first }
        let then = Dictionary(receipt.next.map { ($0.timer, $0) }) { first, _ in first }
        let gone = armed.filter { then[$0.timer] == nil }.map { "\($0.will) on \(time.text($0.at)) is called off" }
        let set = receipt.next.filter { now[$0.timer] == nil }.map { "\($0.will) on \(time.text($0.at)) is set" }
        let moved = receipt.next.compactMap { next -> String? in
            guard let old = now[next.timer], old.at != next.at else { return nil }
            return "\(next.will) moves from \(time.text(old.at)) to \(time.text(next.at))"
        }
        return (gone + moved + set).map { Line(icon: "timer", heading: "Timers", text: $0) }
    }

    private var others: [Line] {
        receipt.caused.map { caused in
            let other = definition(caused.machine)
            let name = other?.title ?? Words.spelled(caused.machine)
            let to = other?.title(ofState: caused.to) ?? Words.spelled(caused.to)
            let text: String
            if let from = caused.from {
                text =
                    from == caused.to
                    ? "The \(name.lowercased()): \(other?.title(ofEvent: caused.move) ?? Words.spelled(caused.move))"
                    : "The \(name.lowercased()) moves to \(to)"
            } else {
                text = "A new \(name.lowercased()) is made, \(to.prefix(1).lowercased() + to.dropFirst())"
            }
            return Line(icon: "workflow", heading: "Other records", text: text)
        }
    }

    private var tasks: [Line] {
        receipt.opened.map { name in
            let title = vocabulary.tasks.first { $0.name == name }?.title ?? Words.spelled(name)
            return Line(icon: "list-checks", heading: "Waits for a person", text: title)
        }
    }

    private var jobs: [Line] {
        receipt.jobs.filter { !Self.mailKinds.contains($0.kind) && $0.kind != "generate_pdf" }.map { job in
            Line(icon: "zap", heading: "Jobs", text: vocabulary.job(named: job.kind)?.says ?? Words.spelled(job.kind))
        }
    }

    private var noted: [Line] {
        receipt.noted.flatMap(\.reasons).map { Line(icon: "info", heading: "Would not follow", text: $0.message) }
    }
}
