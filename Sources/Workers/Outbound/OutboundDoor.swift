import Foundation

/// The one way to web servers outside.
///
/// Whoever names an address here may be anybody, and this program stands where they do not: in the company's network. So
/// what counts is not the name but the address that a connection is opened to, after it was looked up and at each hop:
/// one of the internet at large, or one that the settings name. Every fetch has connections of its own, no proxy, and an
/// end in time and size. Source: SEC-12.
public struct OutboundDoor: Sendable {
    /// Where connections may lead.
    public let rules: OutboundRules
    /// The longest answer that is taken.
    public let mostBytes: Int
    /// How long a fetch may take, with all its hops.
    public let timeLimit: Duration
    /// Tells names instead of the system's resolver; for tests.
    var lookUp: (@Sendable (_ host: String) -> [String]?)?

    /// Makes a door.
    ///
    /// - Parameters:
    ///   - rules: Where connections may lead.
    ///   - mostBytes: The longest answer that is taken.
    ///   - timeLimit: How long a fetch may take, with all its hops.
    public init(
        rules: OutboundRules = OutboundRules(), mostBytes: Int = 1_048_576, timeLimit: Duration = .seconds(5)
    ) {
        (self.rules, self.mostBytes, self.timeLimit) = (rules, mostBytes, timeLimit)
    }

    /// Asks a web server.
    ///
    /// - Parameter request: What to ask.
    /// - Returns: What it answered, whatever the status.
    /// - Throws: ``OutboundError``.
    public func fetch(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer {
        let end = ContinuousClock.now + timeLimit
        var (url, left) = (request.url, request.redirects)
        while true {
            let hop = try await hop(to: url, request, until: end)
            guard let next = hop.redirect, request.redirects > 0 else { return hop.answer }
            guard left > 0 else { throw .tooManyRedirects }
            (url, left) = (next, left - 1)
        }
    }

    /// One request, on a thread of its own: libcurl blocks, and Swift's threads are not for waiting.
    private func hop(
        to url: String, _ request: OutboundRequest, until end: ContinuousClock.Instant
    ) async throws(OutboundError) -> CurlHop.Outcome {
        let left = ContinuousClock.now.duration(to: end)
        guard left > .zero else { throw .tooSlow(limit: timeLimit) }
        let result = await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(
                    returning: Result { () throws(OutboundError) in
                        try CurlHop(url: url, of: request, door: self, left: left).perform()
                    })
            }
            thread.name = "outbound"
            thread.start()
        }
        return try result.get()
    }
}
