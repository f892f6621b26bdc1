import Accounts
import Foundation
import HTTPTypes
import StateMachines

extension Problem {
    /// No such account or not its password: which, nobody is told.
    static var wrongCredentials: Problem {
        Problem(
            .unauthorized, code: "wrong_credentials", title: title(of: .unauthorized),
            detail: "The address or the password is wrong.")
    }

    /// The password was right, and a code is needed too.
    static var codeWanted: Problem {
        Problem(
            .unauthorized, code: "totp_required", title: title(of: .unauthorized),
            detail: "Send the code that your authenticator app shows, as \"totp\".")
    }

    /// The code is wrong, too old, or was used.
    static var wrongCode: Problem {
        Problem(
            .unauthorized, code: "wrong_totp", title: title(of: .unauthorized),
            detail: "The code is wrong or was used already. Wait for the next one.")
    }

    /// The account needs a second factor and has none.
    static var enrolmentWanted: Problem {
        .forbidden(
            "totp_enrolment_required",
            "This account needs a second factor. Ask for one with POST /api/v1/session/totp, then sign in with its code."
        )
    }

    /// Too many tries.
    static func tooManyTries(wait seconds: Double) -> Problem {
        Problem(
            .tooManyRequests, code: "too_many_tries", title: "Too many tries",
            detail: "Wait a while before you try again. A new password, asked for by mail, ends a lock at once."
        ).with(.retryAfter, "\(Int(seconds.rounded(.up)))")
    }

    /// A write with a session's cookie alone, which any page could have made.
    static var forged: Problem {
        .forbidden(
            "csrf_token_missing",
            "Send the session's token of GET /api/v1/session as \"X-CSRF-Token\", or load the page again.")
    }

    /// A link to set a password that is of no use.
    static func link(_ link: PasswordLink?, now: Date) -> Problem? {
        let (code, detail): (String, String)
        switch link {
        case nil: (code, detail) = ("link_unknown", "There is no such link. Copy it whole, or ask for a new one.")
        case let link? where link.isUsed:
            (code, detail) = ("link_used", "This link was used already. Sign in, or ask for a new one.")
        case let link? where link.expiresAt <= now:
            (code, detail) = ("link_expired", "This link has expired. Ask for a new one.")
        default: return nil
        }
        return Problem(.badRequest, code: code, title: title(of: .badRequest), detail: detail)
    }

    /// A password that is not taken, and why.
    static func password(_ fault: PasswordPolicy.Fault, field: String) -> Problem {
        Problem(.unprocessableContent, faults: [.init(code: fault.code, message: fault.message, field: field)])
    }

    /// Too many passwords are being hashed.
    static var hashersBusy: Problem {
        Problem(
            .serviceUnavailable, code: "busy", title: title(of: .serviceUnavailable),
            detail: "Many people are signing in at this moment. Try again."
        ).with(.retryAfter, "1")
    }
}
