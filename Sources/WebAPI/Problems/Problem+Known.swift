public import Accounts
import HTTPTypes

extension Problem {
    /// No such record, page or route; also what somebody may not know of.
    public static func notFound(_ what: String) -> Problem {
        Problem(.notFound, code: "not_found", title: title(of: .notFound), detail: "There is no such \(what).")
    }

    /// The path is known, the method is not offered there.
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, code: "method_not_allowed", title: title(of: .methodNotAllowed),
            detail: "This address takes \(names)."
        ).with(.allow, names)
    }

    /// The body is larger than is taken.
    ///
    /// The connection ends, so that the rest need not be read.
    static func tooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge, code: "too_large", title: title(of: .contentTooLarge),
            detail: "A request may have \(limit / 1024) KiB."
        ).with(.connection, "close")
    }

    /// The body has not arrived in its time; what comes of it later is not read.
    static var tooSlow: Problem {
        Problem(
            .requestTimeout, code: "too_slow", title: title(of: .requestTimeout),
            detail: "The request's body took too long to arrive. Send it again over a better connection."
        ).with(.connection, "close")
    }

    /// The body is of a kind that is not taken.
    public static func unsupportedMediaType(wanted: String) -> Problem {
        Problem(
            .unsupportedMediaType, code: "unsupported_media_type", title: title(of: .unsupportedMediaType),
            detail: "Send the body as \(wanted) and say so in Content-Type."
        ).with(.accept, wanted)
    }

    /// The way to the database is blocked; trying again soon makes sense.
    static var unavailable: Problem {
        Problem(
            .serviceUnavailable, code: "unavailable", title: title(of: .serviceUnavailable),
            detail: "The database cannot be reached or is busy. Try again in a moment, with the same Idempotency-Key."
        ).with(.retryAfter, "2")
    }

    /// The program is starting or stopping.
    static var notReady: Problem {
        Problem(
            .serviceUnavailable, code: "not_ready", title: title(of: .serviceUnavailable),
            detail: "The service is not ready: the database does not answer or is not migrated."
        ).with(.retryAfter, "2")
    }

    /// A defect on our side; the log has the rest under the request's id.
    static var defect: Problem {
        Problem(
            .internalServerError, code: "internal", title: title(of: .internalServerError),
            detail: "This is our fault, not yours. Nothing that is not certain was kept; quote the request id.")
    }

    /// Nobody is signed in, or no longer.
    static var notSignedIn: Problem {
        Problem(
            .unauthorized, code: "not_signed_in", title: title(of: .unauthorized),
            detail: "Sign in, or send a token as \"Authorization: Bearer …\"; it may have expired or been revoked."
        ).with(.wwwAuthenticate, "Bearer")
    }

    /// A write that a page of another site makes in somebody's name.
    public static var foreignOrigin: Problem {
        .forbidden("foreign_origin", "The request comes from a page of another site, and such may not write here.")
    }

    /// An admin lacks what they would need.
    public static func missing(_ permission: Permission) -> Problem {
        .forbidden("permission", "For this you need the permission \(permission.rawValue).")
    }

    /// Not let in.
    static func forbidden(_ code: String, _ detail: String) -> Problem {
        Problem(.forbidden, code: code, title: title(of: .forbidden), detail: detail)
    }
}
