import Database
import Foundation
import StateMachines
import Testing
import Workflows

/// What reps get at the end of a month, whoever looks after it and when (J-18, R-16 to R-18).
@Suite struct PaydayTests {
    @Test func `a month is closed on the 3rd at six of the company's morning, and once`() async throws {
        try await CompanyBed.with { bed in
            try await bed.plantQuota(5_000_000, credited: 6_200_000, of: bed.sarah, month: "2026-03")
            try await bed.plantQuota(5_000_000, credited: 4_999_999, of: bed.mike, month: "2026-03")
            try await bed.payday(at: CompanyBed.at("2026-04-03", 5, 59))
            #expect(try await bed.bonuses() == [])
            for (day, hour) in [("2026-04-03", 6), ("2026-04-03", 7), ("2026-04-30", 12)] {
                try await bed.payday(at: CompanyBed.at(day, hour))
                #expect(try await bed.bonuses() == ["2026-03 Sarah 310000 pending"])
            }
            // Nobody has approved it, so nobody is paid.
            #expect(try await bed.payouts() == [])
        }
    }

    @Test func `what was approved in time is paid on the 5th at six, what comes later with the next month`()
        async throws
    {
        try await CompanyBed.with { bed in
            try await bed.approved(38_500, of: bed.sarah, at: CompanyBed.at("2026-03-20", 9))
            try await bed.approved(-50_000, of: bed.sarah, at: CompanyBed.at("2026-04-05", 5, 59))
            try await bed.payday(at: CompanyBed.at("2026-04-05", 5, 59))
            #expect(try await bed.payouts() == [])
            try await bed.approved(29_000, of: bed.sarah, at: CompanyBed.at("2026-04-05", 6))
            try await bed.approved(700, of: bed.mike, at: CompanyBed.at("2026-04-05", 6))
            for minute in [0, 1, 30] {
                try await bed.payday(at: CompanyBed.at("2026-04-05", 6, minute))
                #expect(try await bed.payouts() == ["2026-03 Sarah 0 -11500 paid"])
            }
            // 2026-05-05 is a Tuesday, 2026-04-05 a Sunday: no shift for either.
            try await bed.payday(at: CompanyBed.at("2026-05-05", 6))
            #expect(
                try await bed.payouts() == [
                    "2026-03 Sarah 0 -11500 paid", "2026-04 Mike 700 0 paid", "2026-04 Sarah 17500 0 paid",
                ])
        }
    }

    @Test func `schedulers that come to it at once pay everybody once`() async throws {
        try await CompanyBed.with { bed in
            try await bed.plantQuota(5_000_000, credited: 5_000_000, of: bed.mike, month: "2026-03")
            for cents in 1...6 as ClosedRange<Int64> {
                let rep = cents.isMultiple(of: 2) ? bed.sarah : bed.mike
                try await bed.approved(cents, of: rep, at: CompanyBed.at("2026-03-20", 9))
            }
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 {
                    group.addTask { try await bed.payday(at: CompanyBed.at("2026-04-05", 6)) }
                }
                try await group.waitForAll()
            }
            #expect(try await bed.payouts() == ["2026-03 Mike 9 0 paid", "2026-03 Sarah 12 0 paid"])
            #expect(try await bed.bonuses() == ["2026-03 Mike 250000 pending"])
            let paid = try await bed.texts(
                "SELECT count(*) || ' of ' || count(DISTINCT record_id) AS text FROM workflow_events WHERE move = 'pay'"
            )
            #expect(paid == ["6 of 6"])
            let statements = try await bed.texts(
                "SELECT count(*)::text AS text FROM queue.jobs WHERE kind = 'send_statement'")
            #expect(statements == ["2"])
        }
    }

    @Test func `months in which nobody was there are closed and paid when somebody is there again`() async throws {
        try await CompanyBed.with { bed in
            for month in ["2026-01", "2026-02", "2026-03", "2026-04"] {
                try await bed.plantQuota(5_000_000, credited: 5_000_000, of: bed.sarah, month: month)
            }
            try await bed.approved(500, of: bed.sarah, at: CompanyBed.at("2026-03-04", 9))
            try await bed.approved(70, of: bed.mike, at: CompanyBed.at("2026-03-20", 9))
            // Back before March is due: February is still done, as it would have been done in time.
            try await bed.payday(at: CompanyBed.at("2026-04-02", 12))
            #expect(
                try await bed.bonuses() == ["2026-01 Sarah 250000 pending", "2026-02 Sarah 250000 pending"])
            #expect(try await bed.payouts() == ["2026-02 Sarah 500 0 paid"])
            // Away over two paydays: both months are closed, and what waits is paid in one sum.
            try await bed.payday(at: CompanyBed.at("2026-05-20", 12))
            #expect(
                try await bed.bonuses() == [
                    "2026-01 Sarah 250000 pending", "2026-02 Sarah 250000 pending", "2026-03 Sarah 250000 pending",
                    "2026-04 Sarah 250000 pending",
                ])
            #expect(try await bed.payouts() == ["2026-02 Sarah 500 0 paid", "2026-04 Mike 70 0 paid"])
        }
    }

    @Test func `a payout that was cut short is completed as it was begun`() async throws {
        try await CompanyBed.with { bed in
            let first = try await bed.approved(500, of: bed.sarah, at: CompanyBed.at("2026-03-20", 9))
            try await bed.approved(60, of: bed.sarah, at: CompanyBed.at("2026-03-21", 9))
            // The scheduler dies after the first row.
            let service = Actor(kind: .service, role: "payout_run")
            let payday = CompanyBed.at("2026-04-05", 6)
            try await bed.perform("pay", on: first, ["payout": "2026-03"], by: service, at: payday)
            #expect(try await bed.payouts() == ["2026-03 Sarah 0 0 draft"])
            #expect(try await bed.texts("SELECT kind AS text FROM queue.jobs WHERE kind = 'send_statement'") == [])
            try await bed.approved(7, of: bed.sarah, at: CompanyBed.at("2026-04-07", 9))
            try await bed.payday(at: CompanyBed.at("2026-04-08", 9))
            #expect(try await bed.payouts() == ["2026-03 Sarah 560 0 paid"])
        }
    }

    @Test func `a payout that was cut short is completed also when the next one is due`() async throws {
        try await CompanyBed.with { bed in
            let first = try await bed.approved(-500, of: bed.sarah, at: CompanyBed.at("2026-03-20", 9))
            let service = Actor(kind: .service, role: "payout_run")
            let payday = CompanyBed.at("2026-04-05", 6)
            try await bed.perform("pay", on: first, ["payout": "2026-03"], by: service, at: payday)
            try await bed.approved(700, of: bed.sarah, at: CompanyBed.at("2026-04-07", 9))
            try await bed.payday(at: CompanyBed.at("2026-05-09", 9))
            #expect(try await bed.payouts() == ["2026-03 Sarah 0 -500 paid", "2026-04 Sarah 200 0 paid"])
        }
    }

    @Test func `a quota that is lowered after its month was closed pays nothing`() async throws {
        try await CompanyBed.with { bed in
            try await bed.plantQuota(5_000_000, credited: 4_000_000, of: bed.sarah, month: "2026-03")
            try await bed.payday(at: CompanyBed.at("2026-04-03", 6))
            _ = try await bed.pool.query("UPDATE quota_periods SET amount_cents = 3000000")
            try await bed.payday(at: CompanyBed.at("2026-04-04", 6))
            try await bed.payday(at: CompanyBed.at("2026-05-04", 6))
            #expect(try await bed.bonuses() == [])
        }
    }

    @Test func `the days of closing and paying are settings, which take effect at once`() async throws {
        try await CompanyBed.with { bed in
            try await bed.plantQuota(5_000_000, credited: 5_000_000, of: bed.mike, month: "2026-03")
            try await bed.approved(500, of: bed.sarah, at: CompanyBed.at("2026-03-20", 9))
            _ = try await bed.owner.query(
                """
                UPDATE settings SET value = CASE key WHEN 'commission.close_day' THEN '6'::jsonb ELSE '9'::jsonb END
                WHERE key IN ('commission.close_day', 'commission.payout_day')
                """)
            try await bed.payday(at: CompanyBed.at("2026-04-06", 5, 59))
            #expect(try await bed.bonuses() == [])
            try await bed.payday(at: CompanyBed.at("2026-04-06", 6))
            #expect(try await bed.bonuses() == ["2026-03 Mike 250000 pending"])
            #expect(try await bed.payouts() == [])
            try await bed.payday(at: CompanyBed.at("2026-04-09", 6))
            #expect(try await bed.payouts() == ["2026-03 Sarah 500 0 paid"])
            #expect(try await bed.texts("SELECT pay_on::text AS text FROM payouts") == ["2026-04-09"])
        }
    }

    @Test func `a statement is asked for once, also when its job is long forgotten`() async throws {
        try await CompanyBed.with { bed in
            try await bed.approved(500, of: bed.sarah, at: CompanyBed.at("2026-03-20", 9))
            for minute in 0..<3 { try await bed.payday(at: CompanyBed.at("2026-04-05", 6, minute)) }
            let jobs: SQL = """
                SELECT j.kind || ' for ' || r.first_name AS text FROM queue.jobs j JOIN payouts p ON p.id = j.record_id
                JOIN sales_reps r ON r.id = p.sales_rep_id
                """
            #expect(try await bed.texts(jobs) == ["send_statement for Sarah"])
            // Its job came to an end, whatever end, and was forgotten.
            try await bed.plant([
                "DELETE FROM queue.ready", "DELETE FROM queue.unique_keys", "DELETE FROM queue.jobs",
            ])
            try await bed.payday(at: CompanyBed.at("2026-04-06", 6))
            #expect(try await bed.texts(jobs) == [])
        }
    }
}
