/// Why a move is not made: an ordinary answer, with every reason.
public struct Refusal: Error, Sendable, Hashable {
    /// One reason.
    public struct Reason: Sendable, Hashable, Codable {
        /// For programs; stable.
        public var code: String
        /// For people.
        public var message: String
        /// The input it is about.
        public var field: String?
        /// The states from which the move can be made.
        public var from: [String]?
        /// The move that would take the reason away.
        public var unblocks: String?

        /// Makes a reason.
        public init(
            code: String, message: String, field: String? = nil, from: [String]? = nil, unblocks: String? = nil
        ) {
            (self.code, self.message, self.field, self.from, self.unblocks) = (code, message, field, from, unblocks)
        }
    }

    /// The HTTP status that fits: 403, 404, 409 or 422.
    public var status: Int
    /// All reasons, the headline first; never empty.
    public var reasons: [Reason]
    /// The state of the record, where there is one and the actor may know it.
    public var state: String?
    /// The moves that its state allows, where that is the reason.
    public var possible: [String]

    /// Makes a refusal.
    public init(status: Int, reasons: [Reason], state: String? = nil, possible: [String] = []) {
        (self.status, self.reasons, self.state, self.possible) = (status, reasons, state, possible)
    }

    /// Makes a refusal of one reason.
    public init(status: Int, code: String, message: String, field: String? = nil, state: String? = nil) {
        self.init(status: status, reasons: [Reason(code: code, message: message, field: field)], state: state)
    }

    /// The codes of all reasons.
    public var codes: [String] { reasons.map(\.code) }
}
