/// Compares the keys of one thing that stands in both files, and says each difference in a sentence.
struct PartComparison {
    private let subject: DefinitionChange.Subject
    private let name: String
    /// The states in which records feel a change of it.
    private let states: [String]
    private(set) var changes: [DefinitionChange] = []

    init(_ subject: DefinitionChange.Subject, _ name: String, states: [String]) {
        (self.subject, self.name, self.states) = (subject, name, states)
    }

    private var title: String { subject == .machine ? "the machine" : "the \(subject.rawValue) \"\(name)\"" }

    private mutating func add(_ part: String, _ says: String, states: [String]?) {
        changes.append(
            DefinitionChange(subject, name, .changed, part: part, says: says, states: states ?? self.states))
    }

    /// A key with one value.
    mutating func one(_ part: String, _ older: String?, _ newer: String?, states: [String]? = nil) {
        guard older != newer else { return }
        func shown(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "not given" }
        add(part, "\"\(part)\" of \(title) is now \(shown(newer)), and was \(shown(older))", states: states)
    }

    /// A key with several values; `more` and `less` say what one more and one less of them means.
    mutating func many(
        _ part: String, _ older: [String], _ newer: [String], more: String, less: String, isOrdered: Bool = false,
        states: [String]? = nil
    ) {
        let added = newer.filter { !older.contains($0) }
        let gone = older.filter { !newer.contains($0) }
        var phrases: [String] = []
        if !added.isEmpty { phrases.append("\(more) \(added.joined(separator: ", "))") }
        if !gone.isEmpty { phrases.append("\(less) \(gone.joined(separator: ", "))") }
        if phrases.isEmpty, isOrdered, older != newer { phrases.append("has its \"\(part)\" in another order") }
        guard !phrases.isEmpty else { return }
        add(part, "\(title) \(phrases.joined(separator: " and "))", states: states)
    }

    /// What people read; no record feels it.
    mutating func words(_ older: [String?], _ newer: [String?]) {
        if older != newer { add("title", "\(title) is worded or shown differently", states: []) }
    }

    mutating func jobs(_ older: [JobCall], _ newer: [JobCall]) {
        many("jobs", older.map(\.phrase), newer.map(\.phrase), more: "also queues", less: "no longer queues")
    }

    mutating func tasks(opens older: [Word], _ newer: [Word]) {
        many("opens", older.map(\.text), newer.map(\.text), more: "also opens", less: "no longer opens")
    }
}

extension JobCall {
    /// `notify(who: admins, about: large_order) if order_is_large`.
    var phrase: String {
        let with = parameters.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
        return "\(kind)\(with.isEmpty ? "" : "(\(with))")\(onlyIf.map { " if \($0)" } ?? "")"
    }
}

extension Ask {
    /// `amount (money, required)`.
    var phrase: String {
        let kind =
            if case .choice(let values) = type { "one of " + values.map(\.text).joined(separator: " | ") } else {
                "\(type)"
            }
        return "\(name) (\(kind)\(isRequired ? ", required" : ""))"
    }
}

extension TimeOfDay {
    /// `09:00 partner time`.
    var phrase: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(hour)):\(two(minute)) \(zone?.text ?? "company") time"
    }
}

extension Span {
    /// `3 days`.
    var phrase: String { "\(count) \(unit.rawValue)\(count == 1 ? "" : "s")" }
}
