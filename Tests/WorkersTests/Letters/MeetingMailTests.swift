import Database
import Foundation
import Jobs
import TestSupport
import Testing

@Suite struct MeetingMailTests {
    @Test func `an invitation, its change and its end reach the guest's calendar under one UID`() async throws {
        try await LetterBed.with { bed in
            let demo = try await bed.demo()
            let planned = try await bed.event("activity", demo, seq: 1, "create")
            try await bed.doing("send_calendar_invite", "activity", demo, event: planned, ["method": "request"])
            let moved = try await bed.event("activity", demo, seq: 2, "reschedule")
            try await bed.change(demo, start: 86_400, sequence: 1)
            try await bed.doing("send_calendar_invite", "activity", demo, event: moved, ["method": "update"])
            let off = try await bed.event("activity", demo, seq: 3, "cancel")
            try await bed.change(demo, start: 86_400, sequence: 2, state: "cancelled")
            try await bed.doing("send_calendar_invite", "activity", demo, event: off, ["method": "cancel"])

            let mails = try await bed.server.messages()
            #expect(
                mails.map(\.subject) == [
                    "Invitation: Product demo, Sunday, March 17, 2030, 11:31 AM PDT",
                    "New time: Product demo, Monday, March 18, 2030, 10:46 AM PDT",
                    "Cancelled: Product demo, Monday, March 18, 2030, 10:46 AM PDT",
                ])
            for (mail, (method, sequence, start)) in zip(
                mails,
                [
                    ("REQUEST", 0, "20300317T183140Z"), ("REQUEST", 1, "20300318T174640Z"),
                    ("CANCEL", 2, "20300318T174640Z"),
                ])
            {
                #expect(mail.recipients == ["jennifer@wholefoods.example"])
                #expect(
                    mail.structure == [
                        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
                    ])
                #expect(mail.source.contains("Content-Type: text/calendar; charset=utf-8; method=\(method)\r\n"))
                for line in [
                    "METHOD:\(method)", "UID:demo-1@drizzl.example", "SEQUENCE:\(sequence)", "DTSTART:\(start)",
                    "SUMMARY:Product demo",
                ] { #expect(mail.source.contains("\r\n\(line)\r\n"), "\(line)") }
            }
        }
    }

    @Test func `an invitation that was overtaken is not sent, the change says it all`() async throws {
        try await LetterBed.with { bed in
            let demo = try await bed.demo()
            let planned = try await bed.event("activity", demo, seq: 1, "create")
            let moved = try await bed.event("activity", demo, seq: 2, "reschedule")
            try await bed.change(demo, start: 86_400, sequence: 1)
            let first = try await bed.doing(
                "send_calendar_invite", "activity", demo, event: planned, ["method": "request"])
            #expect(first.ending == "finished: no longer due")
            try await bed.doing("send_calendar_invite", "activity", demo, event: moved, ["method": "update"])
            // Asked once more, the same sequence does not go out again.
            try await bed.doing("send_calendar_invite", "activity", demo, event: moved, ["method": "update"])
            let mails = try await bed.server.messages()
            #expect(mails.count == 1)
            #expect(mails.first?.source.contains("SEQUENCE:1") == true)
        }
    }

    @Test func `nobody is told that a meeting is off of which they never heard`() async throws {
        try await LetterBed.with { bed in
            let demo = try await bed.demo()
            let off = try await bed.event("activity", demo, seq: 2, "cancel")
            try await bed.change(demo, sequence: 1, state: "cancelled")
            let job = try await bed.doing("send_calendar_invite", "activity", demo, event: off, ["method": "cancel"])
            #expect(job.ending == "finished: no longer due")
            #expect(try await bed.server.messages().isEmpty)
        }
    }

    @Test func `a reminder moves with its meeting`() async throws {
        try await LetterBed.with { bed in
            let demo = try await bed.demo()
            let early = try await bed.event("activity", demo, seq: 2, "reminder")
            _ = try await bed.event("activity", demo, seq: 3, "reschedule")
            try await bed.change(demo, start: 55 * 60, sequence: 1)
            let job = try await bed.doing("remind_meeting", "activity", demo, event: early)
            #expect(job.ending == "finished: no longer due")
            #expect(try await bed.server.messages().isEmpty)

            let late = try await bed.event("activity", demo, seq: 4, "reminder")
            try await bed.doing("remind_meeting", "activity", demo, event: late)
            let mail = try #require(try await bed.server.messages().first)
            #expect(mail.recipients == ["sarah@drizzl.example"])
            #expect(
                mail.subject
                    == "Product demo with Jennifer Smith, Whole Foods Market, Sunday, March 17, 2030, 11:41 AM PDT")
            #expect(mail.text.contains("2001 15th Avenue, Seattle"))
            let notices = try await bed.owner.query(
                "SELECT title FROM notifications WHERE recipient_id = \(bed.rep) AND type = 'meeting_reminder'")
            #expect(notices.count == 1)
        }
    }

    @Test func `a meeting that was called off or has begun is not reminded of`() async throws {
        try await LetterBed.with { bed in
            let demo = try await bed.demo()
            let event = try await bed.event("activity", demo, seq: 2, "reminder")
            try await bed.change(demo, start: 0, sequence: 0)
            let begun = try await bed.doing("remind_meeting", "activity", demo, event: event)
            #expect(begun.ending == "finished: missed: the meeting has begun")
            try await bed.change(demo, start: 3_600, sequence: 1, state: "cancelled")
            let off = try await bed.doing("remind_meeting", "activity", demo, event: event)
            #expect(off.ending == "finished: no longer due")
            #expect(try await bed.server.messages().isEmpty)
        }
    }
}
