import Accounts
import enum Documents.TemplateValue
import StateMachines
import WebAPI

/// The form with which somebody comes in: signs in, asks for a link, chooses a password, or begins with a second factor.
struct EntrancePage: Page {
    static let template = "entrance"

    /// What is asked for.
    enum Asked {
        case signIn
        case link
        case password
        /// The first code of a secret that was just made, which is shown this once.
        case secondFactor(TimeCode)
    }

    let kind: Visitor.Kind
    let asked: Asked
    var notice: String?
    var problem: Problem?
    var email = ""
    /// The token of the link that led here.
    var token = ""
    /// Where the form is sent to.
    var action: String
    /// Where whoever signs in wanted to go.
    var next: String?

    var title: String {
        switch asked {
        case .signIn: "Sign in"
        case .link: "Forgotten password"
        case .password: "Choose a password"
        case .secondFactor: "Add a second factor"
        }
    }

    /// The secret in groups of four, as people type it.
    private static func key(_ code: TimeCode) -> String {
        let digits = Array(code.base32)
        return stride(from: 0, to: digits.count, by: 4)
            .map { String(digits[$0..<min($0 + 4, digits.count)]) }.joined(separator: " ")
    }

    var values: PageValues {
        let faults = problem?.errors ?? []
        func fault(of field: String) -> TemplateValue {
            .optional(faults.filter { $0.field == field }.map(\.message).joined(separator: " "))
        }
        return [
            "entrance_title": .text(Portal.title(of: kind)), "action": .text(action), "email": .text(email),
            "token": .text(token), "next": .optional(next), "login": .text(Portal.login(of: kind)),
            "forgotten": .text("/\(kind.portal)/forgotten"), "notice": .optional(notice),
            "fault": .optional(problem?.detail), "password_fault": fault(of: "password"),
            "wants_code": .flag(["totp_required", "wrong_totp"].contains(problem?.code)),
        ].merging(steps) { $1 }
    }

    /// Which of the forms it is.
    private var steps: PageValues {
        var steps: PageValues = [
            "is_sign_in": .flag(false), "is_link": .flag(false), "is_password": .flag(false), "second_factor": .absent,
        ]
        switch asked {
        case .signIn: steps["is_sign_in"] = .flag(true)
        case .link: steps["is_link"] = .flag(true)
        case .password: steps["is_password"] = .flag(true)
        case .secondFactor(let code):
            steps["second_factor"] = .one([
                "key": .text(Self.key(code)), "key_address": .text(code.address(of: email, issuer: "Drizzl")),
            ])
        }
        return steps
    }
}
