import Accounts
import HTTPTypes
import Hummingbird

/// Finds out where a request comes from, and turns away for a moment who asks too often from there: before anything else
/// is done for them.
struct AddressMiddleware: RouterMiddleware {
    typealias Context = DoorContext

    private let limiter: RateLimiter<String>?
    private let proxies: Int
    private let clock = ContinuousClock()

    init(_ settings: DoorSettings) {
        (limiter, proxies) = (settings.perAddress.map(RateLimiter.init), settings.proxies)
    }

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let seen = request.addressSeen(byProxies: proxies) { context.address = seen }
        if let address = context.address, let seconds = limiter?.wait(for: address, now: clock.now) {
            throw Problem.tooManyRequests(after: seconds)
        }
        return try await next(request, context)
    }
}

/// Turns away for a moment who asks too often: by session or token, wherever it comes from.
struct CredentialLimitMiddleware: RouterMiddleware {
    typealias Context = DoorContext

    private let limiter: RateLimiter<Credential>
    private let clock = ContinuousClock()

    init?(_ settings: DoorSettings) {
        guard let limit = settings.perCredential else { return nil }
        limiter = RateLimiter(limit)
    }

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let credential = context.credential, let seconds = limiter.wait(for: credential, now: clock.now) {
            throw Problem.tooManyRequests(after: seconds)
        }
        return try await next(request, context)
    }
}

extension Request {
    /// Where a request comes from, as the outermost of our own proxies has seen it; nil without one.
    ///
    /// What stands further left in `X-Forwarded-For` anybody may have written.
    func addressSeen(byProxies proxies: Int) -> String? {
        guard proxies > 0 else { return nil }
        let seen = headers[values: .forwardedFor].joined(separator: ",").split(separator: ",")
        guard seen.count >= proxies else { return nil }
        return seen[seen.count - proxies].split(separator: " ").first.map(String.init)
    }
}

extension Problem {
    /// Too many requests for the moment.
    static func tooManyRequests(after seconds: Int) -> Problem {
        Problem(
            .tooManyRequests, code: "too_many_requests", title: title(of: .tooManyRequests),
            detail: "Wait as many seconds as Retry-After says, and ask less often."
        ).with(.retryAfter, "\(seconds)")
    }
}
