public import Jobs

/// A request to somebody else's web server.
public struct OutboundRequest: Sendable, Hashable {
    /// Where to.
    public var url: String
    /// What to send; nil asks for what is there (GET), anything else is posted.
    public var body: String?
    /// Headers, besides those that every request has.
    public var headers: [(name: String, value: String)] {
        get { lines.map { ($0.name, $0.value) } }
        set { lines = newValue.map { Line(name: $0.name, value: $0.value) } }
    }
    /// How many times it may be sent on to another address; what is posted is never.
    public var redirects: Int

    private struct Line: Sendable, Hashable {
        var name: String
        var value: String
    }
    private var lines: [Line] = []

    /// Asks for what is at an address.
    public static func get(_ url: String, redirects: Int = 3) -> OutboundRequest {
        OutboundRequest(url: url, body: nil, redirects: redirects)
    }

    /// Posts a body.
    public static func post(_ url: String, _ body: String, headers: [(name: String, value: String)]) -> OutboundRequest
    {
        var request = OutboundRequest(url: url, body: body, redirects: 0)
        request.headers = headers
        return request
    }

    private init(url: String, body: String?, redirects: Int) {
        (self.url, self.body, self.redirects) = (url, body, redirects)
    }
}

/// What a web server answered.
public struct OutboundAnswer: Sendable, Hashable {
    /// The HTTP status.
    public let status: Int
    /// The body.
    public let body: [UInt8]
    /// How long to wait before asking again, where the server said so.
    public let retryAfter: Duration?
}

/// Why a web server was not asked, or not heard to the end.
///
/// The texts hold no address: its path may be a secret.
public enum OutboundError: SafeTextError, Hashable {
    /// The address is no `http` or `https` one, or holds a name and a password.
    case badAddress
    /// It leads to a machine or network that is not for outsiders to name.
    case forbiddenAddress
    /// It was sent on too often.
    case tooManyRedirects
    /// The answer is longer than what is taken.
    case tooLarge(limit: Int)
    /// It took too long.
    case tooSlow(limit: Duration)
    /// No connection, or one that broke; with libcurl's words for it.
    case unreachable(String)

    /// What happened, safe for any eyes.
    public var safeText: String {
        switch self {
        case .badAddress: "the address is none of a web server"
        case .forbiddenAddress: "the address leads into a private network, which is not reached from here"
        case .tooManyRedirects: "the server sent on to other addresses too often"
        case .tooLarge(let limit): "the answer was longer than \(limit) bytes"
        case .tooSlow(let limit): "there was no answer within \(limit)"
        case .unreachable(let words): "the server could not be reached: \(words)"
        }
    }

    /// Whether another try will fail the same way, until somebody changes something.
    public var isPermanent: Bool {
        switch self {
        case .badAddress, .forbiddenAddress: true
        case .tooManyRedirects, .tooLarge, .tooSlow, .unreachable: false
        }
    }
}
