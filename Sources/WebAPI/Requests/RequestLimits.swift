/// How much of a request is taken.
enum RequestLimits {
    /// The largest body.
    ///
    /// The longest text that an input takes is 2,000 characters, so this is plenty.
    static let bodyBytes = 64 * 1024
    /// How long a body may take to arrive; the connection's own limit begins anew with each byte.
    static let bodyTime = Duration.seconds(30)
    /// How deep JSON may be nested; nothing here needs more than four.
    static let jsonDepth = 32
    /// The longest list.
    static let listLength = 100
    /// The list without a `limit`.
    static let usualListLength = 50
}
