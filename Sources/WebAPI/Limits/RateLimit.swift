/// How many requests may come from one place.
public struct RateLimit: Sendable, Hashable {
    /// How many in a second, for any length of time.
    public var perSecond: Int
    /// How many at once, after a pause.
    public var atOnce: Int

    /// Makes a limit; at once may come what else comes in five seconds.
    ///
    /// - Parameter perSecond: How many in a second.
    public init(perSecond: Int) {
        (self.perSecond, atOnce) = (perSecond, perSecond * 5)
    }

    /// Makes a limit.
    public init(perSecond: Int, atOnce: Int) {
        (self.perSecond, self.atOnce) = (perSecond, atOnce)
    }
}

/// What the door needs to know of the world before it, beside who is let in.
public struct DoorSettings: Sendable {
    /// What may come from one address; nil: anything.
    public var perAddress: RateLimit?
    /// What may come with one session or token; nil: anything.
    public var perCredential: RateLimit?
    /// How many proxies of our own stand before the door, each of which adds to `X-Forwarded-For`.
    public var proxies: Int
    /// Whether browsers reach us by TLS, and are to do so from now on (HSTS).
    public var isBehindTLS: Bool

    /// Gathers them; without any, nothing is limited.
    public init(
        perAddress: RateLimit? = nil, perCredential: RateLimit? = nil, proxies: Int = 0, isBehindTLS: Bool = false
    ) {
        (self.perAddress, self.perCredential) = (perAddress, perCredential)
        (self.proxies, self.isBehindTLS) = (proxies, isBehindTLS)
    }
}
