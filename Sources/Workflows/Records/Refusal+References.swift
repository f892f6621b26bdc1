import StateMachines

extension Refusal {
    /// Something that a body names does not exist.
    static func unknownReference(_ field: String, _ what: String) -> Refusal {
        Refusal(status: 422, code: "unknown_reference", message: "There is no such \(what).", field: field)
    }
}

extension Inputs {
    /// The texts of a list; what is none is left out.
    func texts(_ name: String) -> [String] {
        (lines(name) ?? []).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
}
