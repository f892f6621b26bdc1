import HTTPTypes

extension HTTPField.Name {
    /// `Sec-Fetch-Site`: from which site the page is that makes the request.
    static let secFetchSite = known("Sec-Fetch-Site")
    /// `Idempotency-Key`: the id of a command.
    static let idempotencyKey = known("Idempotency-Key")
    /// `X-CSRF-Token`: the session's token against forged requests.
    static let forgeryGuard = known("X-CSRF-Token")
    /// `X-Drizzl-Portal`: which of several sessions is meant.
    static let portal = known("X-Drizzl-Portal")
    /// `X-Request-Id`: the id under which the log knows a request.
    static let requestID = known("X-Request-Id")
    /// `Last-Event-ID`: the last event of a stream that its client has.
    static let lastEventID = known("Last-Event-ID")
    /// `X-Forwarded-For`: through whom a request came, as proxies have written it.
    static let forwardedFor = known("X-Forwarded-For")
    /// The code with which a WebSocket is to close; it goes from an answer to its connection, and never over the wire.
    static let socketCloseCode = known("X-WebSocket-Close")
    /// `traceparent`: the W3C trace context of whoever asks.
    static let traceParent = known("traceparent")
    /// `X-Frame-Options`, for browsers that do not know `frame-ancestors`.
    static let frameOptions = known("X-Frame-Options")
    /// `Referrer-Policy`.
    static let referrerPolicy = known("Referrer-Policy")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) cannot name a header") }
        return field
    }
}
