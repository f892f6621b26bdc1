import Accounts
import HTTPTypes
import Hummingbird
import NIOCore

/// Turns away for a moment who asks too often: by address, before anything else is done for them.
struct AddressLimitMiddleware: RouterMiddleware {
    typealias Context = DoorContext

    private let limiter: RateLimiter<String>
    private let proxies: Int
    private let clock = ContinuousClock()

    init?(_ settings: DoorSettings) {
        guard let limit = settings.perAddress else { return nil }
        (limiter, proxies) = (RateLimiter(limit), settings.proxies)
    }

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let address = request.clientAddress(over: context.channel, proxies: proxies),
            let seconds = limiter.wait(for: address, now: clock.now)
        {
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
    /// Where a request comes from: what the outermost of our own proxies has seen, or else the connection's other end.
    ///
    /// What stands further left in `X-Forwarded-For` anybody may have written.
    func clientAddress(over channel: any Channel, proxies: Int) -> String? {
        if proxies > 0 {
            let seen = headers[values: .forwardedFor].joined(separator: ",").split(separator: ",")
            if seen.count >= proxies {
                return seen[seen.count - proxies].split(separator: " ").first.map(String.init)
            }
        }
        return channel.remoteAddress?.ipAddress
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
