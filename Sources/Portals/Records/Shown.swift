import Documents
import Foundation
import StateMachines
import WebAPI

/// A field of a record as people read it: what it is called, and how it is written.
struct Shown: Sendable {
    /// How a field is written.
    enum Form: Sendable {
        /// As it stands there.
        case text
        /// A word of the program.
        case word
        /// Cents.
        case money
        /// Basis points.
        case share
        /// A count, or any other number.
        case number
        /// Degrees Fahrenheit.
        case fahrenheit
        case day
        case moment
        case flag
        /// The state of a machine, as a badge.
        case state(String)
        /// The same, leading to the record which the other field names.
        case standing(String, of: String, by: String)
        /// A name that leads to the record which the other field names.
        case link(to: String, by: String)
        /// Whatever badges a record has.
        case badges(@Sendable (StoredRecord) -> [Badge])
        /// A sentence that is made of the record.
        case made(@Sendable (StoredRecord, Looks) -> String?)
    }

    let label: String
    let field: String
    var form: Form = .text
    /// Whether lists can be sorted by it.
    var isSortable = false
    /// Whether a fact without a value is left out.
    var isOptional = true

    init(_ label: String, _ field: String, _ form: Form = .text, sort isSortable: Bool = false) {
        (self.label, self.field, self.form, self.isSortable) = (label, field, form, isSortable)
    }

    /// Something that is made of several fields.
    init(_ label: String, _ form: Form) { self.init(label, "", form) }
}

/// What it takes to write fields: the time, the machines, and which records the visitor can open.
struct Looks: Sendable {
    let time: CompanyTime
    let today: CalendarDay
    let now: Date
    let machine: @Sendable (String) -> Machine?
    /// The address of a record, by what the API calls its kind; nil: it has no page in this portal.
    let address: @Sendable (String, UUID) -> String?
}

/// A field of one record, written.
struct Cell {
    var text: String?
    var href: String?
    var iso: String?
    var badges: [Badge] = []
    var isNumber = false

    var isEmpty: Bool { text == nil && badges.isEmpty }

    /// - Parameters:
    ///   - shown: The field.
    ///   - record: The record.
    ///   - looks: What it takes to write it.
    ///   - isBrief: Whether the day of a moment is enough.
    init(_ shown: Shown, of record: StoredRecord, _ looks: Looks, isBrief: Bool = false) {
        let field = shown.field
        switch shown.form {
        case .text: text = record.text(field)
        case .word: text = record.text(field).map(Words.spelled)
        case .money:
            text = record.integer(field).map(MoneyText.dollars)
            isNumber = true
        case .share:
            text = record.integer(field).map { MoneyText.percent(Int($0)) }
            isNumber = true
        case .number:
            text = record.integer(field).map { MoneyText.whole(Int($0)) } ?? record.number(field).map { "\($0)" }
            isNumber = true
        case .fahrenheit:
            text = record.number(field).map { "\(Self.tenths($0)) °F" }
            isNumber = true
        case .day:
            guard let day = record.day(field) else { return }
            (text, iso) = (looks.time.text(day), day.description)
        case .moment:
            guard let moment = record.moment(field) else { return }
            let day = CalendarDay(moment, in: looks.time.zone)
            (text, iso) = (isBrief ? looks.time.text(day) : looks.time.text(moment), Timestamp.text(moment))
        case .flag: text = record.fields[field].map { $0 == true ? "Yes" : "No" }
        case .state(let name): badges = Self.badges(of: record.text(field), name, looks)
        case .standing(let name, let kind, let named):
            badges = Self.badges(of: record.text(field), name, looks)
            href = badges.isEmpty ? nil : record.id(named).flatMap { looks.address(kind, $0) }
        case .link(let kind, let named):
            text = record.text(field)
            href = text == nil ? nil : record.id(named).flatMap { looks.address(kind, $0) }
        case .badges(let make): badges = make(record)
        case .made(let make): text = make(record, looks)
        }
        if text?.isEmpty == true { text = nil }
    }

    /// What the template `cell` shows.
    var values: PageValues {
        [
            "text": .optional(text), "cell_href": .optional(href), "iso": .optional(iso),
            "cell_badges": .list(badges.map(\.values)), "is_number": .flag(isNumber), "is_bare": .flag(isEmpty),
        ]
    }

    private static func badges(of state: String?, _ machine: String, _ looks: Looks) -> [Badge] {
        guard let state else { return [] }
        return [looks.machine(machine)?.badge(ofState: state) ?? Badge(Words.spelled(state), .neutral)]
    }

    private static func tenths(_ number: Double) -> String {
        let tenths = Int((abs(number) * 10).rounded())
        return "\(number < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }
}
