import StateMachines

/// Names of the program as people read them.
enum Words {
    /// `bank_transfer` as `Bank transfer`.
    static func spelled(_ name: String) -> String {
        let words = name.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// `10,000`.
    static func counted(_ number: Int) -> String {
        let digits = String(abs(number))
        let groups = stride(from: digits.count, to: 0, by: -3).map { end in
            String(digits.prefix(end).suffix(3))
        }
        return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// Who did something, by the role.
    static func doer(role: String) -> String { role == "system" ? "Drizzl, by itself" : spelled(role) }

    /// The look of a state's badge.
    ///
    /// Source: design-system.md, "Components".
    static func tone(_ state: State) -> Badge.Tone {
        if ["pending", "held", "partial", "waiting"].contains(state.name.text) { return .warning }
        switch state.tone {
        case .success: return .success
        case .danger: return .error
        case .muted: return .neutral
        case .neutral: return .info
        }
    }
}

extension Machine {
    /// What people call a state.
    func title(ofState name: String) -> String { state(named: name)?.title ?? Words.spelled(name) }

    /// A state's badge.
    func badge(ofState name: String) -> Badge {
        Badge(title(ofState: name), state(named: name).map(Words.tone) ?? .neutral)
    }

    /// What people call a move, a timer or the making of a record.
    func title(ofEvent name: String) -> String {
        if name == "create" { return create.title }
        return move(named: name)?.title ?? timer(named: name)?.title ?? Words.spelled(name)
    }
}
