import Database
import Foundation
import StateMachines

/// Who works at the company.
struct DemoPeople: Codable, Sendable {
    struct Admin: Codable, Sendable {
        var key: String
        var email: String
        var first: String
        var last: String
        var role: String
        var permissions: [String]
    }

    struct Rep: Codable, Sendable {
        var key: String
        var email: String
        var first: String
        var last: String
        var phone: String
        var employee: String
        var title: String
        var role: String
        var territory: String
        var states: [String]
        var zone: String
        var hired: String
        var manager: String?
        /// The first days of the months that have a quota.
        var quotaMonths: [String]
        var goals: [String: Int]?
        var home: [Double]?
    }

    /// Before anything else happens.
    var begins: String
    /// When what was earned in the month before is paid.
    var paydays: [String]
    var payer: String
    var team: String
    var quotaCents: Int64
    /// The next number of each series.
    var numbers: [String: Int64]
    var holidays: [String: String]
    var admins: [Admin]
    var reps: [Rep]

    /// The rows, and the monthly payments.
    func steps(_ calendar: DemoCalendar) throws -> [DemoStep] {
        let admins = admins.map { admin in
            DemoRow(
                """
                INSERT INTO admins (id, email, first_name, last_name, role, permissions)
                VALUES (\(DemoNames.id("admin:\(admin.key)")), \(admin.email), \(admin.first), \(admin.last),
                    \(admin.role), \(admin.permissions))
                ON CONFLICT DO NOTHING
                """)
        }
        let numbers = numbers.sorted { $0.key < $1.key }.map { series, next in
            DemoRow("UPDATE number_series SET next = \(next) WHERE series = \(series) AND next < \(next)")
        }
        let days = try holidays.sorted { $0.key < $1.key }.map { day, name in
            // Holidays are days of the calendar; they do not move with the day as of which is planted.
            guard let day = CalendarDay(day) else { throw DemoCalendar.NoMoment(text: day) }
            return DemoRow("INSERT INTO company_holidays (day, name) VALUES (\(day), \(name)) ON CONFLICT DO NOTHING")
        }
        let all = try admins + reps.flatMap { try rows($0, calendar) } + numbers + days
        return [DemoStep(at: begins, action: .rows(all))]
            + paydays.map { DemoStep(at: $0, action: .payroll(by: payer)) }
    }

    private func rows(_ rep: Rep, _ calendar: DemoCalendar) throws -> [DemoRow] {
        let id = DemoNames.id("rep:\(rep.key)")
        let manager = rep.manager.map { DemoNames.id("rep:\($0)") }
        let month = calendar.today.adding(days: 1 - calendar.today.parts.day)
        let row: SQL = """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title, role,
                team_name, territory, territory_states, manager_id, hire_date, availability, home_latitude,
                home_longitude)
            VALUES (\(id), \(rep.email), \(rep.first), \(rep.last), \(rep.phone), \(rep.zone), \(rep.employee),
                \(rep.title), \(rep.role), \(team), \(rep.territory), \(rep.states), \(manager),
                \(try calendar.day(rep.hired)),
                \(JSON(text: #"{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "18:00"}"#)),
                \(rep.home?.first), \(rep.home?.last))
            ON CONFLICT DO NOTHING
            """
        let quotas = try rep.quotaMonths.map { text -> SQL in
            let day = try calendar.day(text)
            let start = day.adding(days: 1 - day.parts.day)
            return """
                INSERT INTO quota_periods (id, sales_rep_id, period_kind, period_start, amount_cents)
                VALUES (\(DemoNames.id("quota:\(rep.key):\(text)")), \(id), 'month', \(start), \(quotaCents))
                ON CONFLICT DO NOTHING
                """
        }
        let goals = (rep.goals ?? [:]).sorted { $0.key < $1.key }.map { kind, goal -> SQL in
            """
            INSERT INTO activity_goals (id, sales_rep_id, activity_type, period_start, goal)
            VALUES (\(DemoNames.id("goal:\(rep.key):\(kind)")), \(id), \(kind), \(month), \(goal))
            ON CONFLICT DO NOTHING
            """
        }
        return ([row] + quotas + goals).map(DemoRow.init)
    }
}
