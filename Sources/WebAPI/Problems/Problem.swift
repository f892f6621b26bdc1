public import HTTPTypes
public import StateMachines

/// What a request is answered with when it is not done: a problem detail (RFC 9457).
///
/// Nothing in it quotes SQL, a token or the inside of the program; what it says may be shown to whoever asked.
public struct Problem: Error, Sendable, Equatable {
    /// The HTTP status.
    public var status: HTTPResponse.Status
    /// The stable word for programs, and the end of the problem's `type`.
    public var code: String
    /// The kind of problem, in a few words.
    public var title: String
    /// What happened this time, and what to do.
    public var detail: String
    /// Every fault or reason, the headline first; empty when `detail` says it all.
    public var errors: [Refusal.Reason]
    /// The state of the record, where there is one.
    public var state: String?
    /// The moves that its state allows, where that is the reason.
    public var possible: [String]
    /// Headers that go with it, such as `Allow`.
    public var headers: HTTPFields

    /// Makes a problem.
    public init(
        _ status: HTTPResponse.Status, code: String, title: String, detail: String, errors: [Refusal.Reason] = [],
        state: String? = nil, possible: [String] = [], headers: HTTPFields = [:]
    ) {
        (self.status, self.code, self.title, self.detail) = (status, code, title, detail)
        (self.errors, self.state, self.possible, self.headers) = (errors, state, possible, headers)
    }

    /// Makes a problem of faults in what was sent, which stand in `errors`.
    init(_ status: HTTPResponse.Status, faults: [Refusal.Reason]) {
        self.init(
            status, code: faults.first?.code ?? "invalid", title: Self.title(of: status),
            detail: faults.map(\.message).joined(separator: " "), errors: faults)
    }

    /// The same problem with one header more.
    func with(_ name: HTTPField.Name, _ value: String) -> Problem {
        var problem = self
        problem.headers[name] = value
        return problem
    }

    /// What a status means here.
    ///
    /// Source: `docs/api.md`, "Problems".
    static func title(of status: HTTPResponse.Status) -> String {
        switch status.code {
        case 400: "The request cannot be read"
        case 401: "Sign in first"
        case 403: "This is not allowed"
        case 404: "Not found"
        case 405: "This method is not offered here"
        case 409: "It conflicts with the present state"
        case 408: "The request took too long"
        case 413: "The request is too large"
        case 412: "It was changed meanwhile"
        case 415: "This kind of content is not taken"
        case 426: "This asks for another protocol"
        case 422: "The request is readable but wrong"
        case 428: "Say which version you saw"
        case 429: "Too many requests"
        case 503: "Not available at the moment"
        default: "Something went wrong here"
        }
    }
}
